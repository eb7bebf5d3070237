import ArgumentParser
import Client
import Glibc

struct FaasNew: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a function's folder, and a file that describes it.")

    @Argument(help: "The function's name.") var name: String?
    @Option(name: .customLong("lang"), help: "The template.") var language: String?
    @Option(name: .shortAndLong, help: "What images' names begin with; else $OPENFAAS_PREFIX.") var prefix: String?
    @Option(help: "The folder of the handler; else the function's name.") var handler: String?
    @Option(name: .shortAndLong, help: "Add the function to this file instead of making one.") var append: String?
    @OptionGroup var resources: ResourceOptions
    @Flag(help: "List the templates.") var list = false
    @Flag(name: .shortAndLong, help: "Say nothing of what to do next.") var quiet = false
    @OptionGroup var gateway: GatewayOptions

    func perform() async throws {
        if list {
            let names = try HandlerTemplate.available().joined(separator: "\n- ")
            return Console.out("Languages available as templates:\n- \(names)")
        }
        guard let name else { throw ClientError.local("please provide a name for the function") }
        guard let language else {
            throw ClientError.local("you must supply a function language with the --lang flag")
        }
        guard Self.isName(name) else {
            throw ClientError.local("function name can only contain a-z, 0-9 and dashes: `\(name)`")
        }
        let folder = handler ?? name
        let file = append ?? "\(name).yml"
        guard access(folder, F_OK) != 0 else {
            throw ClientError.local("folder: \(folder) already exists")
        }
        if append == nil, access(file, F_OK) == 0 {
            throw ClientError.local("the file `\(file)` already exists")
        }
        if append != nil, try StackFile(path: file, environment: nil).functions.contains(where: { $0.name == name }) {
            throw ClientError.local("the file `\(file)` has a function `\(name)` already")
        }
        // What cannot be done is to be known before anything is written.
        let stack = try text(name, folder)
        let template = try HandlerTemplate(named: language)
        if try SourceFolder.files("template/\(template.language)") == nil {
            try SourceFolder.write(template.files, to: "template/\(template.language)")
        }
        let inside = template.handlerFolder + "/"
        let files = template.files.filter { $0.key.hasPrefix(inside) }
        try SourceFolder.write(
            Dictionary(uniqueKeysWithValues: files.map { (String($0.key.dropFirst(inside.count)), $0.value) }),
            to: folder)
        try SourceFolder.write([file: Array(stack.utf8)], to: file.hasPrefix("/") ? "" : ".")
        guard !quiet else { return }
        Console.out("Folder: \(folder) created.\nStack file written: \(file)\n\(template.welcome)")
    }

    /// The file with the function in it. Exactly these lines: there are programs that load it, and write it anew in its place.
    private func text(_ name: String, _ folder: String) throws -> String {
        var image = "\(name):latest"
        if let prefix = prefix ?? ClientEnvironment.current["OPENFAAS_PREFIX"], !prefix.isEmpty {
            image = "\(prefix)/\(image)"
        }
        let place = folder.hasPrefix("/") ? folder : "./\(folder)"
        var lines = ["\(name):", "  lang: \(language ?? "")", "  handler: \(place)", "  image: \(image)"]
        for (title, amounts) in [("requests", resources.requests), ("limits", resources.limits)] where !amounts.isEmpty
        {
            lines.append("  \(title):")
            lines += amounts.sorted { $0.key < $1.key }.map { "    \($0.key): \($0.value)" }
        }
        if let append { return try StackFile.adding(lines, to: try SourceFile.read(append), path: append) }
        let address = GatewayAddress.normalised(gateway.gateway ?? GatewayAddress.standard)
        let head = ["version: 1.0", "provider:", "  name: openfaas", "  gateway: \(address)", "functions:"]
        return (head + lines.map { "  " + $0 } + [""]).joined(separator: "\n")
    }

    private static func isName(_ name: String) -> Bool {
        let isPlain = name.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "-")
        }
        return isPlain && !name.isEmpty && !name.hasPrefix("-") && !name.hasSuffix("-") && name.utf8.count <= 63
    }
}
