import ArgumentParser
import Client
import Testing

@testable import Commands

@Suite struct FstnTests {
    private func parse<Command: ParsableCommand>(_ words: [String], as: Command.Type) throws -> Command {
        try #require(try FstnCommand.parseAsRoot(FstnWords.grouped(words)) as? Command)
    }

    @Test func theServerAndTheUserMayStandAnywhere() throws {
        for words in [
            ["-s", "http://h", "-u", "alice", "whoami"], ["whoami", "-s", "http://h", "--user", "alice"],
            ["--server=http://h", "whoami", "--user=alice"],
        ] {
            let program = try parse(words, as: FstnWhoami.self).program
            #expect(program.server == "http://h" && program.user == "alice")
        }
    }

    @Test func commandsOfFsKnowTheServerAndTheMasquerade() throws {
        let list = try parse(["-u", "alice", "fs", "-m", "bob", "ls", "-l", "~"], as: FsList.self)
        #expect(list.program.user == "alice" && list.fs.masquerade == "bob" && list.long && list.path == "~")
    }

    @Test func delegateKeepsItsOwnShortOption() throws {
        let command = try parse(["delegate", "alice/app", "-s", "-b", "-c", "T"], as: FstnDelegate.self)
        #expect(command.save && command.bootstrap && command.clearance == "T" && command.program.server == nil)
        #expect(try parse(["-s", "http://h", "delegate", "a"], as: FstnDelegate.self).program.server == "http://h")
        let both = try parse(["delegate", "-sb", "a", "--server", "http://h"], as: FstnDelegate.self)
        #expect(both.save && both.bootstrap && both.program.server == "http://h")
    }

    @Test func wordsBehindTwoDashesStay() {
        #expect(FstnWords.grouped(["invoke", "--", "-u", "x"]) == ["invoke", "--", "-u", "x"])
        #expect(FstnWords.grouped(["invoke", "g", "-u", "x"]) == ["-u", "x", "invoke", "g"])
    }

    @Test func registerTakesItsFiveWordsAndItsOptions() throws {
        let command = try parse(
            [
                "register", "dir", "a/x,a", "~:g", "64", "python", "--label", "T,a", "--api", "g2", "--event", "raw",
                "--timeout", "2.5", "--declassify", "a", "--replace", "--errors", "500", "--strict",
            ], as: FstnRegister.self)
        #expect(command.local == "dir" && command.policy == "a/x,a" && command.path == "~:g" && command.memory == 64)
        #expect(command.runtime == "python" && command.label == "T,a" && command.replace)
        let settings: JSON = ["api": "g2", "event": "raw", "errors": 500, "strict": true, "timeout": .number("2.5")]
        #expect(command.gate.settings == settings && command.gate.declassify == "a")
        let short = try parse(["register", "dir", "a,a", "g"], as: FstnRegister.self)
        #expect(short.memory == 128 && short.runtime == "python" && short.gate.settings == nil)
    }

    @Test func gatesAreMadeOfAFunctionOrOfAnotherGate() throws {
        let direct = try parse(
            ["fs", "mkgate", "-l", "T,a", "-p", "a", "-c", "T", "-m", "64", "-a", "@f.zip", "-k", "~:k", "~", "g"],
            as: FsMakeGate.self)
        #expect(direct.function.memory == 64 && direct.fs.masquerade == nil)
        #expect(direct.function.appPath == nil && direct.function.kernelPath == "~:k" && direct.place.name == "g")
        let redirect = try parse(["fs", "mkgate", "-p", "a", "-c", "T", "-g", "~:h", "~", "g"], as: FsMakeGate.self)
        #expect(redirect.function.gate == "~:h")
        #expect(try parse(["fs", "upgate", "-c", "T", "~:g"], as: FsUpdateGate.self).clearance == "T")
    }

    @Test(arguments: [
        ["nothing"], ["register", "dir"], ["register", "dir", "alice", "~:g"], ["put-blob", "f", "~:f", "a"],
        ["delegate", "a", "-c", "T"], ["delegate", "a,b"], ["login", "--password-stdin"], ["fs", "upgate", "~:g"],
        ["fs", "mkgate", "-p", "a", "-c", "T", "~", "g"], ["fs", "mkdir", "-l", "x", "~", "d"], ["fs", "mkblob", "~"],
        ["fs", "mkgate", "-p", "a", "-c", "T", "-g", "x", "-m", "1", "-a", "y", "~", "g"], ["fs", "-m", "a,b", "ping"],
        ["register", "d", "a,a", "g", "--timeout", "0"], ["register", "d", "a,a", "g", "--api", "g3"],
        ["invoke", "g", "{}", "--label", "x"], ["run-local", "d", "--memory", "0"],
    ])
    func wrongUsageIsRefused(_ words: [String]) {
        let error = #expect(throws: (any Error).self) { _ = try FstnCommand.parseAsRoot(FstnWords.grouped(words)) }
        if let error { #expect(FstnCommand.exitCode(for: error) == .validationFailure) }
    }

    @Test func statusLinesHaveAColumnForTheVerbAndColoursOnlyWhereWanted() {
        #expect(StatusLine.text("Listing", "OK", isColoured: false) == "     Listing OK")
        #expect(StatusLine.text("Listing", "OK", isColoured: true) == "     \u{1B}[1;32mListing\u{1B}[0m OK")
        #expect(StatusLine.text("A long verb indeed", "x", isColoured: false) == "A long verb indeed x")
    }

    @Test func aProgressBarFillsUp() {
        #expect(
            ProgressBar.text("Uploading", 0, of: 4 << 20)
                == "   Uploading [>\(String(repeating: " ", count: 29))] 0.0 of 4.0 MiB")
        #expect(
            ProgressBar.text("Uploading", 2 << 20, of: 4 << 20)
                == "   Uploading [\(String(repeating: "=", count: 15))>\(String(repeating: " ", count: 14))] 2.0 of 4.0 MiB"
        )
        #expect(
            ProgressBar.text("Uploading", 4 << 20, of: 4 << 20)
                == "   Uploading [\(String(repeating: "=", count: 30))] 4.0 of 4.0 MiB")
        #expect(ProgressBar.text("Receiving", 3 << 19, of: nil) == "   Receiving 1.5 MiB")
    }

    @Test func aLongListingShowsKindsAndLabels() throws {
        let value = try JSON(
            parsing: """
                {"a": {"kind": 0, "label": "alice,alice"}, "b\\u001b": {"kind": 5, "label": "T,T"}, "c": {"kind": 2}}
                """)
        #expect(
            LongListing.text(value) == """
                directory  alice,alice  a
                blob       T,T          "b\\u001b"
                faceted    -            c
                """)
        let facets = try JSON(
            parsing: #"[{"secrecy": {"DCFormula": [[["alice"]]]}, "integrity": {"DCFormula": []}}]"#)
        #expect(LongListing.text(facets) == "alice,T")
    }

    @Test func logLinesSayWhatTheyAre() {
        #expect(FstnLogs.text(#"{"time": "t", "stream": "stdout", "text": "hi"}"#) == "t hi")
        #expect(FstnLogs.text(#"{"time": "t", "stream": "denial", "text": "no"}"#) == "t denial: no")
        #expect(FstnLogs.text("what") == "what")
    }

    @Test func timesHaveOneDigit() {
        #expect(PingTime.text(.microseconds(1234)) == "1.2" && PingTime.text(.seconds(2)) == "2000.0")
    }

    @Test func aFlowIsExplained() throws {
        func flow(_ from: String, _ to: String, _ privilege: String) throws -> Flow {
            Flow(
                from: try LabelsParse.label(from), to: try LabelsParse.label(to),
                privilege: try LabelsParse.component(privilege))
        }
        #expect(
            try flow("T,alice", "T,T", "T").explanation
                == "Yes: data may flow from T,alice to T,T, whoever moves it.")
        let helped = try flow("alice,T", "T,T", "alice")
        #expect(helped.isAllowed && !helped.flowsByItself && helped.explanation.contains("by a holder of alice."))
        let refused = try flow("alice&bob,T", "T,carol", "alice")
        #expect(!refused.isAllowed && refused.obstacles.count == 2)
        #expect(try refused.neededPrivilege == LabelsParse.component("alice&bob&carol"))
        #expect(refused.explanation.hasSuffix("It may flow by a holder of alice&bob&carol."))
        #expect(refused.json["flows"] == false && refused.json["needed_privilege"] == "alice&bob&carol")
    }
}
