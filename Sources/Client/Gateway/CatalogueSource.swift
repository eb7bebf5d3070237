/// Where lists of templates and of functions are: an address, or a file.
public enum CatalogueSource {
    /// The list as JSON.
    public static func json(_ source: String) async throws -> JSON {
        let bytes: [UInt8]
        if source.hasPrefix("http://") || source.hasPrefix("https://") {
            let answer = try await GatewayClient.with(source, authorization: nil) { try await $0.send("GET", "") }
            guard answer.isSuccess else {
                throw ClientError.local("`\(source)` answered with the status \(answer.status).")
            }
            bytes = answer.bytes
        } else {
            do { bytes = try PrivateFile.read(source) } catch { throw ClientError.local(error.message) }
        }
        do { return try JSON(parsing: bytes) } catch { throw ClientError.local("`\(source)` is not JSON.") }
    }
}

extension JSON {
    /// A member as text; empty where it is missing, or no text, number or truth value.
    func text(_ name: String) -> String {
        switch self[name] {
        case .string(let text): text
        case .number(let text): text
        case .bool(let value): "\(value)"
        default: ""
        }
    }

    /// The strings of an object, by name.
    func strings(_ name: String) -> [String: String] {
        guard case .object(let members) = self[name] else { return [:] }
        return Dictionary(members.compactMap { member in member.value.string.map { (member.name, $0) } }) { $1 }
    }
}
