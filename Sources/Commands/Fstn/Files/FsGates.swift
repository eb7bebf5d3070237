import ArgumentParser
import Client

/// The function of a gate. `@FILE` is a file of this machine; everything else is a path.
struct FsFunction: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("The most memory of a call.", valueName: "MB")) var memory: Int?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The function: a path, or @FILE of this machine.", valueName: "app"))
    var appImage: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("The runtime. (default: python)", valueName: "runtime"))
    var runtime: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("Taken for old scripts' sake; means nothing.", valueName: "path"))
    var kernel: String?
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The gate to lead to, in the place of a function.", valueName: "path"))
    var gate: String?

    /// Whether something of a function is given.
    var isGiven: Bool { memory != nil || appImage != nil || runtime != nil || kernel != nil }

    func validate() throws {
        guard gate == nil || !isGiven else {
            throw ValidationError("Give --gate, or a function with --memory and --app-image, not both.")
        }
    }

    /// A path, where the text names no file of this machine.
    private static func path(_ text: String?) -> JSON? {
        text.flatMap { $0.hasPrefix("@") ? nil : .string($0) }
    }

    var appPath: JSON? { Self.path(appImage) }
    var runtimePath: JSON? { Self.path(runtime) }
    var kernelPath: JSON? { Self.path(kernel) }

    /// What is to be uploaded. A function is packed where it is a directory.
    func files() async throws(ClientError) -> [FaastenClient.File] {
        var files: [FaastenClient.File] = []
        if let appImage, appImage.hasPrefix("@") {
            let package = try await FunctionPackage.read(String(appImage.dropFirst()))
            package.report()
            files.append(.init("app_image", package.content))
        }
        for (name, text) in [("runtime", runtime), ("kernel", kernel)] {
            guard let text, text.hasPrefix("@") else { continue }
            files.append(.init(name, try .file(String(text.dropFirst()))))
        }
        return files
    }
}

struct FsMakeGate: FsAction {
    static let configuration = CommandConfiguration(
        commandName: "mkgate", abstract: "Make a gate that calls a function, or leads to another gate.")

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The gate's label. (default: T,YOUR PRIVILEGE)", valueName: "label"))
    var label: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("What the function may do.", valueName: "component"))
    var privilege: String
    @Option(name: .shortAndLong, help: ArgumentHelp("What callers must be able to do.", valueName: "component"))
    var clearance: String
    @OptionGroup var function: FsFunction
    @OptionGroup var settings: GateOptions
    @OptionGroup var place: FsPlace

    func validate() throws {
        guard function.gate != nil || (function.memory != nil && function.appImage != nil) else {
            throw ValidationError("Give --memory and --app-image, or --gate.")
        }
        try LabelWords.check(label: label, "--label")
        try LabelWords.check(component: privilege, "--privilege")
        try LabelWords.check(component: clearance, "--clearance")
    }

    func operate(_ session: FstnSession) async throws {
        let isFunction = function.gate == nil
        let call = session.call(
            "mkgate",
            [
                "base": .string(place.base), "name": .string(place.name), "label": label.map(JSON.string),
                "privilege": .string(privilege), "clearance": .string(clearance),
                "declassify": settings.declassify.map(JSON.string), "settings": settings.settings,
                "memory": function.memory.map { .number("\($0)") }, "app_image": function.appPath,
                "runtime": function.runtime == nil && isFunction ? "python" : function.runtimePath,
                "kernel": function.kernelPath, "gate": function.gate.map(JSON.string),
            ], files: try await function.files())
        try await session.tell("Making", call)
    }
}

struct FsUpdateGate: FsAction {
    static let configuration = CommandConfiguration(
        commandName: "upgate", abstract: "Change a gate; what is not given stays.")

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs
    @Option(name: .shortAndLong, help: ArgumentHelp("What the function may do.", valueName: "component"))
    var privilege: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("What callers must be able to do.", valueName: "component"))
    var clearance: String?
    @OptionGroup var function: FsFunction
    @OptionGroup var settings: GateOptions
    @Argument(help: "The path of the gate.") var path: String

    func validate() throws {
        let isGiven =
            function.isGiven || function.gate != nil || privilege != nil || clearance != nil
            || settings.declassify != nil || settings.settings != nil
        guard isGiven else { throw ValidationError("Give something to change.") }
        try LabelWords.check(component: privilege, "--privilege")
        try LabelWords.check(component: clearance, "--clearance")
    }

    func operate(_ session: FstnSession) async throws {
        let call = session.call(
            "upgate",
            [
                "path": .string(path), "privilege": privilege.map(JSON.string),
                "clearance": clearance.map(JSON.string), "declassify": settings.declassify.map(JSON.string),
                "settings": settings.settings, "memory": function.memory.map { .number("\($0)") },
                "app_image": function.appPath, "runtime": function.runtimePath, "kernel": function.kernelPath,
                "gate": function.gate.map(JSON.string),
            ], files: try await function.files())
        try await session.tell("Updating", call)
    }
}

struct FsMakeService: FsAction {
    static let configuration = CommandConfiguration(
        commandName: "mksvc", abstract: "Make a service, through which functions send HTTP requests.",
        discussion: """
            Standard input has JSON: {"privilege": "alice", "clearance": "alice", "taint": "T,T", "url": \
            "https://example.org/{name}", "verb": "GET", "headers": {}}. The verb is a name, or a number: HEAD 0, GET 1, \
            POST 2, PUT 3, DELETE 4.
            """)

    @ParentCommand var program: FstnCommand
    @ParentCommand var fs: FstnFs
    @Option(
        name: .shortAndLong, help: ArgumentHelp("The service's label. (default: T,YOUR PRIVILEGE)", valueName: "label"))
    var label: String?
    @OptionGroup var place: FsPlace

    func validate() throws { try LabelWords.check(label: label, "--label") }

    func operate(_ session: FstnSession) async throws {
        guard let json = try? JSON(parsing: StandardInput.read()), case .object = json else {
            throw ClientError.local("Standard input must be JSON, an object as `fstn fs mksvc --help` has it.")
        }
        let call = session.call(
            "mksvc",
            [
                "base": .string(place.base), "name": .string(place.name), "label": label.map(JSON.string),
                "privilege": json["privilege"], "clearance": json["clearance"], "taint": json["taint"],
                "url": json["url"], "verb": json["verb"], "headers": json["headers"],
            ])
        try await session.tell("Making", call)
    }
}
