/// A template to write handlers from: its files by their paths below `template/LANGUAGE`.
public struct HandlerTemplate: Sendable {
    public var language: String
    public var files: [String: [UInt8]]

    /// What it is for, in the list of templates.
    public var summary: String { Self.summaries[language] ?? "" }

    /// The languages of the built-in templates.
    public static let languages = ["python3", "python3-flask", "python3-http"]

    /// The built-in ones and those of a folder, by name.
    public static func available(in folder: String = "template") throws(ClientError) -> [String] {
        let own = try SourceFolder.files(folder) ?? [:]
        let names = own.keys.map { $0.split(separator: "/").map(String.init) }
            .filter { $0.count == 2 && $0[1] == "template.yml" }.map { $0[0] }
        return Set(languages + names).sorted()
    }

    private static let summaries = [
        "python3": "Text in, text out: handle(req)",
        "python3-flask": "handle(req) with statuses and headers in the result",
        "python3-http": "handle(event, context) with the whole request",
    ]

    /// A built-in template, also under its `-debian` name.
    public init?(builtIn name: String) {
        let suffix = "-debian"
        let base = name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
        guard let handler = Self.handlers[base] else { return nil }
        language = base
        let process = base == "python3" ? "python3 index.py" : "python index.py"
        let texts = [
            "template.yml": """
            language: \(base)
            fprocess: \(process)
            welcome_message: |
              Your function is in handler.py. Build and deploy it with: faas up -f NAME.yml

            """,
            "Dockerfile": "# Swiftlet runs the handler in a sandbox and builds no container.\nFROM scratch\nCOPY . /\n",
            "index.py": "# Swiftlet calls the handler itself: this file is never run.\nfrom function import handler\n",
            "requirements.txt": "",
            "function/handler.py": handler,
            "function/requirements.txt": "",
            "function/__init__.py": "",
        ]
        files = texts.mapValues { Array($0.utf8) }
    }

    /// A template of the folder `template`, else a built-in one.
    public init(named name: String, in folder: String = "template") throws(ClientError) {
        if let files = try SourceFolder.files("\(folder)/\(name)"), files["template.yml"] != nil {
            language = name
            self.files = files
            return
        }
        guard let builtIn = HandlerTemplate(builtIn: name) else {
            throw .local(
                "There is no template `\(name)`; there are: \(Self.languages.joined(separator: ", ")), and what you put into `\(folder)`."
            )
        }
        self = builtIn
    }

    /// The command that the template starts functions with, as deployments show it.
    public var process: String? { setting("fprocess") }

    /// Where the handler's folder is in the template.
    public var handlerFolder: String { setting("handler_folder") ?? "function" }

    /// What is said to who made a function from it.
    public var welcome: String {
        "Function created in folder. Edit handler.py, then build and deploy it with `faas up`."
    }

    private func setting(_ name: String) -> String? {
        let text = String(decoding: files["template.yml"] ?? [], as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(name):") }
            .map { String($0.dropFirst(name.count + 1).split(separator: " ").joined(separator: " ")) }
            .flatMap { $0.isEmpty ? nil : $0 }
    }

    private static let handlers = [
        "python3": """
        def handle(req):
            \"\"\"Answer a request: what is returned, or printed, is the response.\"\"\"
            return req

        """,
        "python3-flask": """
        def handle(req):
            \"\"\"Answer a request: return text, bytes, a dict, or (body, status, headers).\"\"\"
            return req

        """,
        "python3-http": """
        def handle(event, context):
            \"\"\"Answer a request: event has body, headers, method, query and path.\"\"\"
            return {
                "statusCode": 200,
                "body": "Hello from Swiftlet!",
            }

        """,
    ]
}
