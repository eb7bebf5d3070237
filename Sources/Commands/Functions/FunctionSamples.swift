import ArgumentParser
import Client

struct FunctionSamples: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "samples", abstract: "Write a sample function to the current folder.")

    @Flag(name: [.customLong("hello-world"), .customLong("hello")], help: "A function that greets `name`.")
    var helloWorld = false

    @Flag(help: "A function that fetches `url`.") var getContent = false
    @Flag(help: "A function that sleeps `sec` seconds.") var sleep = false
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !requested.isEmpty else {
            throw ValidationError("Name a sample: --hello-world, --get-content or --sleep.")
        }
    }

    private var requested: [Sample] {
        [(helloWorld, Sample.helloWorld), (getContent, .getContent), (sleep, .sleep)].filter(\.0).map(\.1)
    }

    func perform() throws(ClientError) -> Outcome {
        var lines: [String] = []
        for sample in requested {
            let isNew = try sample.write(to: ".")
            lines.append(
                isNew
                    ? "Sample file `\(sample.fileName)` been created."
                    : "File with name `\(sample.fileName)` already exists.")
        }
        return .message(lines.joined(separator: "\n"))
    }
}
