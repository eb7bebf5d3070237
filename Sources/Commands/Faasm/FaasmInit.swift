import ArgumentParser
import Client

struct FaasmInit: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a folder of examples in which Faasm's `inv` commands run.",
        discussion: """
            `inv` is the program of the Python package `invoke`. What it is told here it hands to `swiftlet faasm`. Files that are
            there already stay as they are.
            """)

    @Argument(help: "The folder.", completion: .directory) var folder = "."
    @OptionGroup var common: CommonOptions

    func perform() throws(ClientError) -> Outcome {
        var written: [String] = []
        for (path, text) in FaasmExamples.files + [("tasks/__init__.py", FaasmTasks.source)] {
            let place = "\(folder)/\(path)"
            guard !SourceFile.exists(place) else { continue }
            try SourceFile.write(Array(text.utf8), to: place)
            written.append(path)
        }
        let list = written.map { "  \($0)\n" }.joined()
        return .text(
            """
            Written to \(folder):
            \(list)Try:
              swiftlet faasm func.uploadpy hello
              swiftlet faasm func.invoke python hello
            """, json: .array(written.map { .string($0) }))
    }
}
