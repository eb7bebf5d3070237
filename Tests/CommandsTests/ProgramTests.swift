import Foundation
import Testing

/// Runs the real program, in an empty folder that is also its home.
@Suite struct ProgramTests {
    private let sandbox: ProgramSandbox

    init() throws { sandbox = try ProgramSandbox() }

    @Test func theVersionIsTheSameUnderBothNames() async throws {
        #expect(try await sandbox.run("fas", "--version").output == "fas 0.1.0\n")
        #expect(try await sandbox.run("swiftlet", "version").output == "swiftlet 0.1.0\n")
    }

    @Test func fstnNeedsNoServerToExplainItself() async throws {
        #expect(try await sandbox.run("fstn", "--version").output == "fstn 0.1.0\n")
        #expect(try await sandbox.run("fstn").output.contains("USAGE: fstn"))
        let wrong = try await sandbox.run("fstn", "delegate", "a,b")
        #expect(wrong.status == 2 && wrong.output.isEmpty && wrong.errors.contains("PRIVILEGE `a,b`"))
        let down = try await sandbox.run("fstn", "-s", "http://127.0.0.1:1", "ping")
        #expect(down.status == 1 && down.errors.contains("swiftlet serve"))
        let completion = try await sandbox.run("fstn", "--generate-completion-script", "bash")
        #expect(completion.status == 0 && completion.output.contains("put-blob"))
    }

    @Test func wrongUsageHasExitCodeTwo() async throws {
        let result = try await sandbox.run("fas", "functions", "create", "f")
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("Missing expected argument '--file <file>'"))
    }

    @Test func aServerThatIsDownIsReportedWithTheWayToStartOne() async throws {
        // Nothing can listen at port 1 here: it is reserved, and the tests do not run as its service.
        _ = try await sandbox.run(
            "fas", "profiles", "create", "--host", "127.0.0.1", "--port", "1", "--protocol", "http", "-t", "x")
        let result = try await sandbox.run("fas", "functions", "list")
        #expect(result.status == 1)
        #expect(
            result.errors.hasPrefix(
                "Failed to connect to FaaSpot server. \nPlease verify connection parameters. \nException: Connection refused"
            ))
        #expect(result.errors.contains("swiftlet serve"))
        let json = try await sandbox.run("fas", "functions", "list", "--json")
        #expect(json.errors.hasPrefix("{\n    \"message\": \"Connection refused"))
    }

    @Test func profilesLiveThroughTheirWholeLife() async throws {
        #expect(try await sandbox.run("fas", "profiles", "create", "-t", "abc").output == "Profile created: default\n")
        let again = try await sandbox.run("fas", "profiles", "create", "-t", "abc")
        #expect(again.status == 1)
        #expect(
            again.errors == """
                Failed. Command invalid. Profile `default` already exists.
                Use --update-if-exist if you wish to update it.

                """)
        _ = try await sandbox.run("fas", "profiles", "create", "--name", "b", "-u", "U", "-p", "P")
        #expect(try await sandbox.run("fas", "profiles", "use", "b").output == "Current profile: b\n")
        #expect(try await sandbox.run("fas", "profiles", "list").output.contains("| *b*     |"))
        #expect(
            try await sandbox.run("fas", "profiles", "update", "b", "--host", "h").output
                == "Profile `b` updated successfully\n")
        #expect(try await sandbox.run("fas", "profiles", "delete", "b").output == "Profile `b` deleted\n")
        let none = try await sandbox.run("fas", "executions", "list")
        #expect(none.status == 1)
        #expect(none.errors == "Failed. Missing profile. Please use `fas profiles -h` command\n")
    }

    @Test func samplesAreWrittenOnce() async throws {
        let first = try await sandbox.run("fas", "functions", "samples", "--hello-world")
        #expect(first.output == "Sample file `hello-world.py` been created.\n")
        let code = try String(contentsOfFile: "\(sandbox.folder)/hello-world.py", encoding: .utf8)
        #expect(code.contains("def main(args, context):"))
        let second = try await sandbox.run("fas", "functions", "samples", "--hello")
        #expect(second.output == "File with name `hello-world.py` already exists.\n")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func shellsGetTheirCompletions(_ shell: String) async throws {
        let result = try await sandbox.run("fas", "--generate-completion-script", shell)
        #expect(result.status == 0)
        #expect(result.output.contains("run_bulk"))
    }

    @Test func anUpdateOfNothingIsRefused() async throws {
        let result = try await sandbox.run("fas", "functions", "update", "f")
        #expect(result.status == 1)
        #expect(result.errors == "Failed. No action requested.\n")
    }

    @Test func theDoctorSpeaksJSON() async throws {
        let result = try await sandbox.run("swiftlet", "doctor", "--json", "--listen", "127.0.0.1:0")
        let findings = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
        #expect(findings.contains { $0["check"] as? String == "Data folder" && $0["state"] as? String == "ok" })
        #expect((result.status == 0) == !findings.contains { $0["state"] as? String == "missing" })
    }
}
