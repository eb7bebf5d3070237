import ArgumentParser
import Client

struct FaasDiff: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare the functions of a file with what is deployed; exit code 1 where they differ.")

    /// Which variables count that only one side has.
    enum Variables: String, ExpressibleByArgument {
        case local, remote, all
    }

    @Option(
        help: "Of variables that only one side has, count those of the file (local), of the server (remote), or all.")
    var env = Variables.local
    @OptionGroup var stack: StackOptions
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        let file = try stack.file()
        let functions = try stack.functions(of: file)
        let rows = try await gateway.withClient(stack: file.gateway) { client in
            var rows: [[String]] = []
            for function in functions {
                let namespace = gateway.namespace ?? function.namespace
                rows += try await differences(of: function, namespace, client)
            }
            return rows
        }
        if rows.isEmpty { return Console.out("The file matches what is deployed: no differences found.") }
        Console.out(Columns.text(["FUNCTION", "FIELD", "FILE", "DEPLOYED"], rows))
        throw ClientError.local("differences found")
    }

    private func differences(
        of function: StackFile.Function, _ namespace: String?, _ client: GatewayClient
    ) async throws -> [[String]] {
        let query = namespace.map { "?namespace=\($0)" } ?? ""
        let answer = try await client.send("GET", "/system/function/\(function.name)" + query)
        guard answer.status != 404 else { return [[function.name, "function", "in the file", "not deployed"]] }
        guard answer.isSuccess else { throw GatewayClient.refusal(answer) }
        let process = function.language.isEmpty ? nil : try HandlerTemplate(named: function.language).process
        let wanted = Self.fields(try GatewayClient.deployment(function, process: process, namespace: nil))
        let deployed = Self.fields(try Gateway.json(answer))
        return Set(wanted.keys).union(deployed.keys).sorted().compactMap { name in
            let (left, right) = (wanted[name], deployed[name])
            guard left != right, counts(name, left, right) else { return nil }
            return [function.name, name, left ?? "-", right ?? "-"]
        }
    }

    private func counts(_ name: String, _ left: String?, _ right: String?) -> Bool {
        guard name.hasPrefix("env.") else { return true }
        switch env {
        case .local: return left != nil
        case .remote: return right != nil
        case .all: return true
        }
    }

    /// What is compared, by name. A deployment and what the gateway says of one have the same members.
    private static func fields(_ function: JSON) -> [String: String] {
        var fields: [String: String] = [:]
        for (name, title) in [("image", "image"), ("envProcess", "fprocess")] {
            let text = Gateway.text(function[name])
            if !text.isEmpty { fields[title] = text }
        }
        fields["readonly_root_filesystem"] = function["readOnlyRootFilesystem"] == true ? "true" : "false"
        let maps = [
            ("envVars", "env"), ("labels", "label"), ("annotations", "annotation"), ("limits", "limits"),
            ("requests", "requests"),
        ]
        for (name, title) in maps {
            guard case .object(let members) = function[name] else { continue }
            for member in members where member.value != .null {
                fields["\(title).\(member.name)"] = Gateway.text(member.value)
            }
        }
        for (name, title) in [("secrets", "secret"), ("constraints", "constraint")] {
            for value in function[name]?.array ?? [] { fields["\(title).\(Gateway.text(value))"] = "present" }
        }
        return fields
    }
}
