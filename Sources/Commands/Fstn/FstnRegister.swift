import ArgumentParser
import Client

struct FstnRegister: FstnAction {
    static let configuration = CommandConfiguration(
        commandName: "register", abstract: "Upload a function and make a gate that calls it.",
        discussion: """
            POLICY is PRIVILEGE,CLEARANCE: what the function may do, and what its callers must be able to do. For example:
              fstn register gen-thumb 'alice/gen-thumb,alice/gen-thumb' '~:gen-thumb' 128 python
            """)

    @ParentCommand var program: FstnCommand
    @Argument(
        help: "A directory with workload.py, one file of Python, a zip, tar or SquashFS image.",
        completion: .file())
    var local: String
    @Argument(help: "PRIVILEGE,CLEARANCE.") var policy: String
    @Argument(help: "The path of the gate.") var path: String
    @Argument(help: "The most memory of a call, in MB.") var memory = 128
    @Argument(help: "The runtime: python, or a path.") var runtime = "python"
    @Option(help: ArgumentHelp("The gate's label. (default: T,PRIVILEGE OF YOURS)", valueName: "label"))
    var label: String?
    @Flag(help: "Where the name is taken by a gate, change it; its label stays.") var replace = false
    @OptionGroup var gate: GateOptions

    func validate() throws {
        guard memory >= 1 else { throw ValidationError("MEMORY must be at least 1 MB.") }
        try LabelWords.check(policy: policy, "POLICY")
        try LabelWords.check(label: label, "--label")
    }

    func perform(_ session: FstnSession) async throws {
        let package = try await FunctionPackage.read(local)
        package.report()
        let call = session.call(
            "create-gate",
            [
                "path": .string(path), "policy": .string(policy), "memory": .number("\(memory)"),
                "runtime": .string(runtime), "label": label.map(JSON.string),
                "declassify": gate.declassify.map(JSON.string), "settings": gate.settings,
                "replace": replace ? true : nil,
            ], files: [.init("app_image", package.content)])
        try await session.tell("Registering", call)
    }
}
