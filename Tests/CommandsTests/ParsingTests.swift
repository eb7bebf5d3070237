import ArgumentParser
import Client
import Server
import Testing

@testable import Commands

@MainActor @Suite struct ParsingTests {
    private func parse<Command: ParsableCommand>(_ line: String, as: Command.Type) throws -> Command {
        let arguments = ParameterWords.grouping(line.split(separator: " ").map(String.init))
        return try #require(try FasCommand.parseAsRoot(arguments) as? Command)
    }

    @Test func theOptionsOfCreateHaveLongAndShortNames() throws {
        let long = try parse(
            "functions create f --file a --context-file b --requirements-file c --wait", as: FunctionCreate.self)
        let short = try parse("deployments create f -f a -c b -r c -w", as: FunctionCreate.self)
        for command in [long, short] {
            #expect(command.name == "f" && command.file == "a" && command.waiting.wait)
            #expect(command.contextFile == "b" && command.requirementsFile == "c")
        }
    }

    @Test func updateTakesANewName() throws {
        #expect(try parse("functions update f -n g", as: FunctionUpdate.self).newName == "g")
        #expect(try parse("functions update f --new-name g", as: FunctionUpdate.self).newName == "g")
    }

    @Test func parametersMayRepeatAndTakeSeveralWords() throws {
        let command = try parse("functions run -p a=1 b=2 --parameters c=3 f -w", as: FunctionRun.self)
        #expect(command.name == "f" && command.waiting.wait)
        #expect(try Parameters.object(command.parameters).map(\.name) == ["a", "b", "c"])
    }

    @Test func bulkHasOneTextForEachOption() throws {
        let command = try parse("functions run_bulk f -p a=1 b=2 -p c=3", as: FunctionRunBulk.self)
        #expect(try command.parameters.map { try Parameters.parse($0).count } == [2, 1])
    }

    @Test func nodesAreSpots() throws {
        #expect(try parse("nodes remove -i 127.0.1.1", as: SpotRemove.self).ip == "127.0.1.1")
        #expect(try parse("spots update --min 1 --max 4", as: SpotUpdate.self).max == 4)
        #expect(try parse("nodes refresh_ip", as: SpotRefresh.self).ip == nil)
    }

    @Test func executionsHaveTheDocumentedOptions() throws {
        let list = try parse("executions list -i -d f", as: ExecutionList.self)
        #expect(list.includeCompleted && list.deployment == "f")
        #expect(try parse("executions list --include_completed", as: ExecutionList.self).includeCompleted)
        #expect(try parse("executions get_bulk -u 1 --uuid 2", as: ExecutionGetBulk.self).uuid == ["1", "2"])
    }

    @Test func profilesTakeEverySetting() throws {
        let line = """
            profiles create --name n -u U -p P -t T --host h --port 1 --protocol http --api-prefix api --application a \
            --certificate c --trust-all --update-if-exist --set-as-active-profile
            """
        let command = try parse(line, as: ProfileCreate.self)
        #expect(command.name == "n" && command.updateIfExist && command.setAsActiveProfile)
        #expect(
            command.settings.profile
                == Profile(
                    host: "h", port: 1, transport: "http", token: "T", username: "U", password: "P", application: "a",
                    certificate: "c", trustAll: true, apiPrefix: "api"))
        #expect(
            try parse("profiles update n --no-trust-all", as: ProfileUpdate.self).settings.profile.trustAll == false)
    }

    @Test func samplesHaveShortAndLongNames() throws {
        #expect(try parse("functions samples --hello", as: FunctionSamples.self).helloWorld)
        #expect(try parse("functions samples --hello-world", as: FunctionSamples.self).helloWorld)
    }

    @Test(arguments: [
        "functions create f", "functions run", "functions run_bulk f", "functions samples",
        "spots update --min 2 --max 1",
        "spots update --min 0 --max 1", "executions get_bulk", "profiles create --port 0",
        "profiles update n --protocol ftp",
        "functions samples --fib", "nothing",
    ])
    func wrongUsageIsRefused(_ line: String) {
        let error = #expect(throws: (any Error).self) {
            _ = try FasCommand.parseAsRoot(line.split(separator: " ").map(String.init))
        }
        if let error { #expect(FasCommand.exitCode(for: error) == .validationFailure) }
    }

    @Test func aServersPlaceIsAbsoluteAndWinsOverTheDefaults() throws {
        let place = try ServerPlace.parse(["--data", "relative", "--listen", "[::1]:0"])
        let configuration = try place.configuration(["workers": "3"])
        #expect(configuration.dataFolder.hasPrefix("/") && configuration.dataFolder.hasSuffix("/relative"))
        #expect(configuration.host == "::1" && configuration.port == 0 && configuration.workers == 3)
        #expect(throws: ConfigurationError.self) { try place.configuration(["workers": "many"]) }
    }
}
