import Crypto
import Model

/// Building and deploying the functions of a stack file.
extension GatewayClient {
    /// What is sent to have a function built: the template with the files of the handler's folder in it.
    public static func parcel(
        _ function: StackFile.Function, template: HandlerTemplate
    ) throws(ClientError) -> [UInt8] {
        guard !function.image.isEmpty else { throw .local("The function `\(function.name)` has no `image`.") }
        guard let handler = try SourceFolder.files(function.handler) else {
            throw .local("There is no folder `\(function.handler)` with the handler of `\(function.name)`.")
        }
        return try parcel(
            function.image, handler.filter { !isSkipped($0.key) }, template: template,
            arguments: function.buildArguments)
    }

    /// What is sent to have a handler built, whose files are known by their paths in its folder.
    public static func parcel(
        _ image: String, _ handler: [String: [UInt8]], template: HandlerTemplate, arguments: [String: String] = [:]
    ) throws(ClientError) -> [UInt8] {
        let folder = template.handlerFolder + "/"
        var files = template.files
        for (path, bytes) in handler { files[folder + path] = bytes }
        var writer = TarWriter()
        let configuration: JSON = ["image": .string(image), "buildArgs": JSON(strings: arguments)]
        try writer.add("com.openfaas.docker.config", Array(configuration.compact.utf8))
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) { try writer.add("context/\(path)", bytes) }
        return writer.archive
    }

    private static func isSkipped(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return ["build", "template"].contains(parts.first) || parts.contains("__pycache__")
    }

    /// Has an archive built. `log` takes what the builder says; a build that fails is an error.
    public func build(
        _ parcel: [UInt8], path: String = "/build", secret: [UInt8]? = nil, log: (String) -> Void
    ) async throws(ClientError) {
        var headers = [("Content-Type", "application/octet-stream"), ("Accept", "application/x-ndjson")]
        if let secret {
            headers.append(("X-Build-Signature", Self.signature(parcel, key: secret)))
        }
        var last: JSON?
        try await lines("POST", path, body: parcel, headers: headers) { line in
            guard let step = try? JSON(parsing: line) else { return }
            for text in step["log"]?.array ?? [] { if let text = text.string { log(text) } }
            last = step
        }
        guard last?["status"]?.string == "success" else {
            throw .local(last?["error"]?.string.map { "Unable to build: \($0)" } ?? "The builder gave no answer.")
        }
    }

    /// Deploys a function: changes it, or makes it where it is not there. Returns the status.
    public func deploy(_ body: JSON, updates: Bool = true) async throws(ClientError) -> Int {
        let (bytes, headers) = (Array(body.compact.utf8), [("Content-Type", "application/json")])
        if updates {
            let answer = try await send("PUT", "/system/functions", body: bytes, headers: headers)
            if answer.isSuccess { return answer.status }
            guard answer.status == 404 else { throw Self.refusal(answer) }
        }
        return try await manage("POST", "/system/functions", body).status
    }

    /// Removes a function; the answer is 404 where there is none.
    public func remove(_ name: String, namespace: String?) async throws(ClientError) -> Answer {
        var which: [JSON.Member] = [.init("functionName", .string(name))]
        if let namespace { which.append(.init("namespace", .string(namespace))) }
        return try await send(
            "DELETE", "/system/functions", body: Array(JSON.object(which).compact.utf8),
            headers: [("Content-Type", "application/json")])
    }

    /// What is sent to deploy a function.
    public static func deployment(
        _ function: StackFile.Function, process: String?, namespace: String?
    ) throws(ClientError) -> JSON {
        var members: [JSON.Member] = [
            .init("service", .string(function.name)), .init("image", .string(function.image)),
            .init("envProcess", .string(function.process ?? process ?? "")),
            .init("envVars", JSON(strings: try function.wholeEnvironment())),
            .init("labels", JSON(strings: function.labels)), .init("annotations", JSON(strings: function.annotations)),
            .init("secrets", .array(function.secrets.map(JSON.string))),
            .init("constraints", .array(function.constraints.map(JSON.string))),
            .init("readOnlyRootFilesystem", .bool(function.isReadOnly)),
        ]
        if let namespace = namespace ?? function.namespace { members.append(.init("namespace", .string(namespace))) }
        if !function.limits.isEmpty { members.append(.init("limits", JSON(strings: function.limits))) }
        if !function.requests.isEmpty { members.append(.init("requests", JSON(strings: function.requests))) }
        return .object(members)
    }

    /// `sha256=` and the HMAC-SHA256 of a body, in hexadecimal digits.
    public static func signature(_ body: [UInt8], key: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: key))
        return "sha256=\(Hexadecimal.text(code))"
    }
}

extension JSON {
    /// An object of strings, by name.
    public init(strings: [String: String]) {
        self = .object(strings.sorted { $0.key < $1.key }.map { Member($0.key, .string($0.value)) })
    }
}
