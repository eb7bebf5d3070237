#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A template to write handlers from: its files by their paths below `template/LANGUAGE`.
public struct HandlerTemplate: Sendable {
    public var language: String
    public var files: [String: [UInt8]]

    /// What it is for, in the list of templates.
    public var summary: String { Self.summaries[language] ?? "" }

    /// The languages of the built-in templates.
    public static let languages = ["python3", "python3-flask", "python3-http"]

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

/// Folders of sources.
public enum SourceFolder {
    private static let maximumFiles = 10_000

    /// All files below a folder, by their paths in it; nil where there is no such folder. Links are followed once.
    public static func files(_ folder: String) throws(ClientError) -> [String: [UInt8]]? {
        guard let status = PrivateFile.status(folder), status.isFolder else { return nil }
        guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: folder) else {
            throw .local("The folder `\(folder)` cannot be read.")
        }
        guard paths.count <= maximumFiles else {
            throw .local("The folder `\(folder)` has more than \(maximumFiles) files.")
        }
        var files: [String: [UInt8]] = [:]
        for path in paths.sorted() {
            var isFolder: Bool = false
            guard FileManager.default.fileExists(atPath: "\(folder)/\(path)", isDirectory: &isFolder), !isFolder else {
                continue
            }
            do { files[path] = try PrivateFile.read("\(folder)/\(path)") } catch { throw .local(error.message) }
        }
        return files
    }

    /// Writes files below a folder, and makes the folders that they need.
    public static func write(_ files: [String: [UInt8]], to folder: String) throws(ClientError) {
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
            let whole = "\(folder)/\(path)"
            let parent = String(whole[..<(whole.lastIndex(of: "/") ?? whole.endIndex)])
            do {
                try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
                try Data(bytes).write(to: URL(filePath: whole))
            } catch { throw .local("`\(whole)` cannot be written.") }
        }
    }
}
