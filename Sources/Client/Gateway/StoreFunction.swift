/// A function of a store: what deploying it takes.
public struct StoreFunction: Sendable {
    public var name: String
    public var title: String
    public var summary: String
    public var author: String
    public var repository = ""
    public var process = ""
    public var environment: [String: String] = [:]
    public var labels: [String: String] = [:]
    public var annotations: [String: String] = [:]
    public var isReadOnly = false
    public var image: String
    /// The template and the handler of one that is built when it is deployed; nil: the image must be on the server.
    public var source: (language: String, handler: String)?

    /// Those of a list elsewhere that have an image for a platform.
    public static func all(of source: String, platform: String) async throws -> [StoreFunction] {
        guard let list = try await CatalogueSource.json(source)["functions"]?.array else {
            throw ClientError.local("`\(source)` is no list of functions.")
        }
        return list.compactMap { entry in
            guard let image = entry["images"]?.text(platform), !image.isEmpty else { return nil }
            return StoreFunction(
                name: entry.text("name"), title: entry.text("title"), summary: entry.text("description"),
                author: entry.text("author"), repository: entry.text("repo_url"), process: entry.text("fprocess"),
                environment: entry.strings("environment"), labels: entry.strings("labels"),
                annotations: entry.strings("annotations"),
                isReadOnly: entry.text("readOnlyRootFilesystem") == "true", image: image)
        }
    }

    /// What is deployed of it, under a name of its own or its usual one.
    public func deployed(as name: String?) -> StackFile.Function {
        var function = StackFile.Function(name: name ?? self.name)
        function.image = image
        function.language = source?.language ?? ""
        function.process = process.isEmpty ? nil : process
        (function.environment, function.labels, function.annotations) = (environment, labels, annotations)
        function.isReadOnly = isReadOnly
        return function
    }
}

extension StoreFunction {
    /// Those that this program has in itself.
    public static var builtIn: [StoreFunction] {
        [
            StoreFunction(
                "echo", "Echo", "Answers with what it is sent.", "python3-http",
                """
                def handle(event, context):
                    kind = event.headers.get("Content-Type", "application/octet-stream")
                    return event.body, 200, {"Content-Type": kind}

                """),
            StoreFunction(
                "digest", "Digest",
                "Answers with the SHA-256 of what it is sent, or of another kind: `/sha512`, `/md5`.",
                "python3-http",
                """
                import hashlib


                def handle(event, context):
                    name = event.path.strip("/") or "sha256"
                    if name not in hashlib.algorithms_guaranteed or name.startswith("shake"):
                        return f"There is no digest `{name}`.\\n", 404, {"Content-Type": "text/plain; charset=utf-8"}
                    digest = hashlib.new(name, event.body).hexdigest()
                    return f"{digest}\\n", 200, {"Content-Type": "text/plain; charset=utf-8"}

                """),
            StoreFunction(
                "request-info", "Request info", "Answers with the request that it got, as JSON.", "python3-http",
                """
                def handle(event, context):
                    query = {name: event.query.getlist(name) for name in event.query}
                    return {"body": {
                        "method": event.method, "path": event.path, "query": query, "headers": dict(event.headers),
                        "bytes": len(event.body),
                    }}

                """),
        ]
    }

    private init(_ name: String, _ title: String, _ summary: String, _ language: String, _ handler: String) {
        self.init(
            name: name, title: title, summary: summary, author: "swiftlet", image: "swiftlet/\(name):latest",
            source: (language, handler))
    }
}
