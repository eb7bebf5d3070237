import ArgumentParser
import Client

/// `fstn fs`: one operation on files each.
struct FstnFs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fs", abstract: "Look after labelled files, directories, blobs, gates and services.",
        discussion: """
            A path is made of names with colons between them, such as ~:photos:a.jpg. `~` is your home, and <LABEL> the part \
            of a faceted directory that has this label: home:<alice,alice>.
            """,
        subcommands: [
            FsPing.self, FsList.self, FsUnlink.self, FsMakeDirectory.self, FsMakeFile.self, FsMakeFaceted.self,
            FsMakeBlob.self, FsWrite.self, FsRead.self, FsCat.self, FsMakeGate.self, FsUpdateGate.self,
            FsMakeService.self, FsInvoke.self,
        ])

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Go through the gate fsutil of somebody else, as far as it lets you.", valueName: "user"))
    var masquerade: String?

    func validate() throws { try LabelWords.check(component: masquerade, "--masquerade") }
}

/// A command of `fstn fs`.
protocol FsAction: FstnAction {
    var fs: FstnFs { get }
    /// Does its work through the gate that was chosen.
    func operate(_ session: FstnSession) async throws
}

extension FsAction {
    func perform(_ session: FstnSession) async throws {
        var session = session
        if let user = fs.masquerade { session.fsutil = "home:<\(user),\(user)>:fsutil" }
        try await operate(session)
    }
}

/// Where something is made.
struct FsPlace: ParsableArguments {
    @Argument(help: "The path of the directory.") var base: String
    @Argument(help: "The name in it.") var name: String
}

/// The label of something that is made.
struct FsLabel: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Its label. (default: T,T)", valueName: "label")) var label: String?

    func validate() throws { try LabelWords.check(label: label, "--label") }
}
