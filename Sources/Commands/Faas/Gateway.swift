import Client

/// Reading what gateways answer.
enum Gateway {
    static func json(_ answer: GatewayClient.Answer) throws(ClientError) -> JSON {
        do { return try JSON(parsing: answer.bytes) } catch {
            throw .local("The gateway's answer is not JSON.")
        }
    }

    /// A value as text; nothing for what is missing.
    static func text(_ value: JSON?) -> String {
        guard let value, value != .null else { return "" }
        return value.string ?? value.compact
    }

    /// The members of an object, one a line.
    static func pairs(_ value: JSON?) -> String {
        guard case .object(let members) = value else { return "" }
        return members.map { "\($0.name): \(text($0.value))" }.joined(separator: "\n")
    }
}
