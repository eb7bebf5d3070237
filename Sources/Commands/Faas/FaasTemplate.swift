import ArgumentParser
import Client

struct FaasTemplate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template", abstract: "Get templates of handlers.",
        subcommands: [FaasTemplateStore.self, FaasTemplatePull.self])
}

struct FaasTemplateStore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "The templates that there are.",
        subcommands: [FaasTemplateStoreList.self, FaasTemplateStoreDescribe.self, FaasTemplateStorePull.self])
}

/// Which templates there are to choose from.
struct TemplateListOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "The address or file of a list of templates; else $OPENFAAS_TEMPLATE_STORE_URL, else the built-in ones.")
    var url: String?

    func entries() async throws -> [TemplateEntry] {
        guard let source = url ?? ClientEnvironment.current["OPENFAAS_TEMPLATE_STORE_URL"] else {
            return TemplateEntry.builtIn
        }
        return try await TemplateEntry.all(of: source)
    }

    func entry(_ name: String) async throws -> TemplateEntry {
        let all = try await entries()
        guard let entry = all.first(where: { $0.name == name || "\($0.source)/\($0.name)" == name }) else {
            throw ClientError.local(
                "There is no template `\(name)`; there are: \(all.map(\.name).joined(separator: ", ")).")
        }
        return entry
    }
}

struct FaasTemplateStoreList: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the templates.", aliases: ["ls"])

    @OptionGroup var templates: TemplateListOptions
    @Option(name: .shortAndLong, help: "Only those for a platform, such as x86_64.") var platform: String?
    @Flag(name: .shortAndLong, help: "Show languages and platforms too.") var verbose = false

    func perform() async throws {
        var entries = try await templates.entries()
        if let platform { entries.removeAll { $0.platform.lowercased() != platform.lowercased() } }
        guard verbose else {
            return Console.out(
                Columns.text(["NAME", "SOURCE", "DESCRIPTION"], entries.map { [$0.name, $0.source, $0.summary] }))
        }
        Console.out(
            Columns.text(
                ["NAME", "LANGUAGE", "PLATFORM", "SOURCE", "DESCRIPTION"],
                entries.map { [$0.name, $0.language, $0.platform, $0.source, $0.summary] }))
    }
}

struct FaasTemplateStoreDescribe: FaasAction {
    static let configuration = CommandConfiguration(commandName: "describe", abstract: "Show a template.")

    @Argument(help: "The template's name.") var name: String
    @OptionGroup var templates: TemplateListOptions

    func perform() async throws {
        let entry = try await templates.entry(name)
        Console.out(
            Columns.rows([
                ("Name", entry.name), ("Description", entry.summary), ("Language", entry.language),
                ("Source", entry.source), ("Repository", entry.repository), ("Platform", entry.platform),
                ("Official", "\(entry.isOfficial)"), ("Recommended", "\(entry.isRecommended)"),
            ]))
    }
}

struct FaasTemplateStorePull: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Write a template into the folder `template`.")

    @Argument(help: "The template's name.") var name: String
    @OptionGroup var templates: TemplateListOptions
    @Flag(help: "Replace templates that are there.") var overwrite = false

    func perform() async throws {
        if templates.url == nil, let template = HandlerTemplate(builtIn: name) {
            try SourceFolder.write(template.files, to: "template/\(template.language)")
            return Console.out("Wrote template/\(template.language).")
        }
        try TemplatePull.all(from: try await templates.entry(name).repository, overwrites: overwrite)
    }
}

struct FaasTemplatePull: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Write templates into the folder `template`.")

    @Argument(
        help: "A folder, or what `git` can clone, with templates in its folder `template`; else the built-in ones.")
    var repository: String?
    @Flag(help: "Replace templates that are there.") var overwrite = false

    func perform() async throws {
        if let repository { return try TemplatePull.all(from: repository, overwrites: overwrite) }
        for template in HandlerTemplate.languages.compactMap(HandlerTemplate.init(builtIn:)) {
            try SourceFolder.write(template.files, to: "template/\(template.language)")
            Console.out("Wrote template/\(template.language).")
        }
    }
}

/// Templates of others.
enum TemplatePull {
    /// Copies the templates of a folder or a repository into the folder `template`.
    static func all(from repository: String, overwrites: Bool) throws {
        if SourceFile.exists("\(repository)/template") { return try copy(repository, overwrites) }
        try GitClone.with(repository) { try copy($0, overwrites) }
    }

    private static func copy(_ folder: String, _ overwrites: Bool) throws {
        let files = try SourceFolder.files("\(folder)/template") ?? [:]
        let names = Set(
            files.keys.filter { $0.hasSuffix("/template.yml") }.compactMap { $0.split(separator: "/").first })
        guard !names.isEmpty else {
            throw ClientError.local("There are no templates in the folder `template` of `\(folder)`.")
        }
        for name in names.sorted() {
            let target = "template/\(name)"
            if SourceFile.exists(target), !overwrites {
                Console.error("Kept \(target): give --overwrite to replace it.")
                continue
            }
            let own = files.filter { $0.key.hasPrefix("\(name)/") }
            try SourceFolder.write(
                Dictionary(uniqueKeysWithValues: own.map { (String($0.key.dropFirst(name.count + 1)), $0.value) }),
                to: target)
            Console.out("Wrote \(target).")
        }
    }
}
