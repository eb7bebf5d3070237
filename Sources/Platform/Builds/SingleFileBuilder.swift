import Model

/// Takes handlers that are one file, `handler.py`, and need nothing that the sandbox does not have.
struct SingleFileBuilder: ImageBuilder {
    static let handler = "handler.py"
    private static let requirements = "requirements.txt"

    let provided: Set<String>

    func build(
        _ order: BuildOrder, at now: Timestamp, log: @Sendable (String) -> Void
    ) async throws(PlatformError) -> BuiltImage {
        guard let code = order.files[Self.handler] else {
            throw PlatformError(.invalidCode, "There is no `\(Self.handler)` in the handler's folder.")
        }
        // Beside it there may be what has no code in it: an empty `__init__.py`, a text.
        let others = order.files.keys.sorted().filter { name in
            name.hasSuffix(".py") && name != Self.handler && order.files[name]?.contains { $0 > 0x20 } == true
        }
        guard others.isEmpty else {
            throw PlatformError(
                .invalidCode,
                "The handler's folder has \(others.map { "`\($0)`" }.joined(separator: ", ")) beside `\(Self.handler)`, but this "
                    + "server takes handlers of one file: put the code into `\(Self.handler)`.")
        }
        guard let source = String(validating: code, as: UTF8.self) else {
            throw PlatformError(.invalidCode, "`\(Self.handler)` is not text in UTF-8.")
        }
        var requirements: String?
        if let bytes = order.files[Self.requirements] {
            let text = String(decoding: bytes, as: UTF8.self)
            try Requirements.check(text, provided: provided)
            if text.contains(where: { !$0.isWhitespace }) {
                requirements = text
                log("The requirements are in the sandbox.")
            }
        }
        return BuiltImage(language: order.language, source: source, requirements: requirements, builtAt: now)
    }
}
