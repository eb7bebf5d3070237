extension Address {
    /// What is there beside functions, executions and spots.
    static func administration(_ noun: String, _ parts: ArraySlice<String>) throws -> Target {
        switch (noun, parts.count) {
        case ("tokens", 0): return .tokens
        case ("tokens", 1): return .token(parts[parts.startIndex])
        case ("users", 0): return .users
        case ("users", 1): return .user(parts[parts.startIndex])
        case ("audit", 0): return .audit
        case ("keys", 1) where parts.first == "rotate": return .keyRotation
        case ("openapi.json", 0): return .document
        default: throw Failure.notFound
        }
    }
}
