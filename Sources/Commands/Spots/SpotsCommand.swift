import ArgumentParser

struct SpotsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spots",
        abstract: "Set how much runs at the same time.",
        subcommands: [
            SpotList.self, SpotGet.self, SpotAdd.self, SpotRemove.self, SpotReplace.self, SpotUpdate.self,
            SpotRefresh.self,
        ],
        aliases: ["nodes"])
}
