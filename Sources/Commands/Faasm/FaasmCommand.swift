import ArgumentParser
import Client

/// `swiftlet faasm`: the words of Faasm's `inv` and `faasmctl`.
struct FaasmCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faasm",
        abstract: "What Faasm's users know from `inv` and `faasmctl`, in the same words.",
        subcommands: [
            FaasmUploadPython.self, FaasmUploadAll.self, FaasmUpload.self, FaasmUploadUser.self,
            FaasmFunctionInvoke.self, FaasmInvoke.self, FaasmInvokeStatus.self, FaasmInvokeGraph.self,
            FaasmFunctionList.self, FaasmFunctionDelete.self, FaasmStateUpload.self, FaasmStateDownload.self,
            FaasmStateList.self, FaasmStateDelete.self, FaasmFileUpload.self, FaasmFileDownload.self,
            FaasmFileDelete.self, FaasmSetUpPackage.self, FaasmPackageList.self, FaasmRemovePackage.self,
            FaasmStatus.self, FaasmLogs.self, FaasmMonitor.self, FaasmWait.self, FaasmInit.self, FaasmIni.self,
            FaasmBuiltIn.self, FaasmRefused.self,
        ])
}

/// `swiftlet state`: values that functions keep under keys.
struct StateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "See and set the values that functions keep under keys.",
        subcommands: [
            StateTask<FaasmStateUpload>.self, StateTask<FaasmStateDownload>.self, StateTask<FaasmStateList>.self,
            StateTask<FaasmStateDelete>.self,
        ])
}

/// A task of `swiftlet faasm` as a command of `swiftlet state`: `upload` is what `state.upload` is there, which is understood, too.
struct StateTask<Task: FaasmClientCommand>: FaasmClientCommand {
    static var configuration: CommandConfiguration {
        let name = Task.configuration.commandName ?? ""
        return CommandConfiguration(
            commandName: String(name.dropFirst("state.".count)), abstract: Task.configuration.abstract, aliases: [name])
    }

    @OptionGroup var task: Task

    var common: CommonOptions { task.common }
    var place: FaasmPlace { task.place }

    func perform(_ client: FaasmClient) async throws(ClientError) -> (Outcome, Int32) {
        try await task.perform(client)
    }
}
