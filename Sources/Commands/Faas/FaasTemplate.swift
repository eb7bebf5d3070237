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
        subcommands: [FaasTemplateStoreList.self, FaasTemplateStorePull.self])
}

struct FaasTemplateStoreList: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the templates.", aliases: ["ls"])

    func perform() async throws {
        let rows = HandlerTemplate.languages.compactMap(HandlerTemplate.init(builtIn:)).map {
            [$0.language, "swiftlet", $0.summary]
        }
        Console.out(Columns.text(["NAME", "SOURCE", "DESCRIPTION"], rows))
    }
}

struct FaasTemplateStorePull: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Write a template into the folder `template`.")

    @Argument(help: "The template's name.") var name: String

    func perform() async throws {
        guard let template = HandlerTemplate(builtIn: name) else {
            throw ClientError.local(
                "There is no template `\(name)`; there are: \(HandlerTemplate.languages.joined(separator: ", ")).")
        }
        try SourceFolder.write(template.files, to: "template/\(template.language)")
        Console.out("Wrote template/\(template.language).")
    }
}

struct FaasTemplatePull: FaasAction {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Write all built-in templates into the folder `template`.")

    func perform() async throws {
        for template in HandlerTemplate.languages.compactMap(HandlerTemplate.init(builtIn:)) {
            try SourceFolder.write(template.files, to: "template/\(template.language)")
            Console.out("Wrote template/\(template.language).")
        }
    }
}
