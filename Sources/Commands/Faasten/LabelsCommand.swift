import ArgumentParser
import Client
import Labels

/// `swiftlet labels`: what labels mean, without a server.
struct LabelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "labels", abstract: "Read labels, and explain how data may flow.",
        subcommands: [LabelsExplain.self, LabelsParse.self])
}

struct LabelsExplain: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say whether data may flow from one label to another, and why not.")

    @Argument(help: "The label of the data.") var from: String
    @Argument(help: "The label that it would get.") var to: String
    @Option(name: .shortAndLong, help: ArgumentHelp("What whoever moves it may do.", valueName: "component"))
    var privilege = "T"
    @OptionGroup var common: CommonOptions

    func perform() throws(ClientError) -> Outcome {
        let flow = Flow(
            from: try LabelsParse.label(from), to: try LabelsParse.label(to),
            privilege: try LabelsParse.component(privilege))
        return .text(flow.explanation, json: flow.json)
    }
}

struct LabelsParse: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "parse", abstract: "Read a label, and print it as it is compared and stored.")

    @Argument(help: "The label: SECRECY,INTEGRITY.") var label: String
    @OptionGroup var common: CommonOptions

    func perform() throws(ClientError) -> Outcome {
        let label = try Self.label(label)
        return .text(
            label.description,
            json: [
                "label": .string(label.description), "secrecy": .string(label.secrecy.description),
                "integrity": .string(label.integrity.description), "json": try LabelText.json(label),
            ])
    }

    static func label(_ text: String) throws(ClientError) -> Label {
        do throws(LabelError) { return try Label(parsing: text) } catch {
            throw .local("The label `\(text)`: \(error)")
        }
    }

    static func component(_ text: String) throws(ClientError) -> Component {
        do throws(LabelError) { return try Component(parsing: text) } catch {
            throw .local("The component `\(text)`: \(error)")
        }
    }
}
