import ArgumentParser

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
            FaasmStateUpload.self, FaasmStateDownload.self, FaasmStateList.self, FaasmStateDelete.self,
        ])
}
