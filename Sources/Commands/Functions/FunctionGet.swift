import ArgumentParser
import Client

struct FunctionGet: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show a function and its code.")

    @Argument(help: "The function's name.") var name: String
    @OptionGroup var common: CommonOptions

    func perform(_ client: FaaspotClient) async throws(ClientError) -> Outcome {
        let function = try await client.function(name)
        return .text(Self.text(function), json: function)
    }

    static func text(_ function: JSON) -> String {
        guard case .object(let members) = function else { return function.pretty }
        var lines: [String] = []
        for member in members where member.name != "code" {
            let padding = String(repeating: " ", count: max(0, 15 - member.name.count))
            let value = member.value == .null ? "" : member.value.string ?? member.value.compact
            lines.append("\(member.name)\(padding)| \(value)")
        }
        return (lines + ["code:", function["code"]?.string ?? ""]).joined(separator: "\n")
    }
}
