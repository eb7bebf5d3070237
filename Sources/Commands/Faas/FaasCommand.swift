import ArgumentParser
import Model

/// `faas`: the command line of OpenFaaS, for a server that needs no containers.
struct FaasCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faas",
        abstract: "Build, deploy and call functions through an OpenFaaS gateway.",
        version: "faas \(versionText)",
        subcommands: [
            FaasLogin.self, FaasLogout.self, FaasTemplate.self, FaasNew.self, FaasBuild.self, FaasPush.self,
            FaasDeploy.self, FaasUp.self, FaasDiff.self, FaasRemove.self, FaasList.self, FaasDescribe.self,
            FaasInvoke.self, FaasLogs.self, FaasStore.self, FaasSecret.self, FaasNamespace.self, FaasReady.self,
            FaasVersion.self,
        ])
}
