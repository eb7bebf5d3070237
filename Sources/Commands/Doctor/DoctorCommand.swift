import ArgumentParser
import Client

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether this machine has what a server needs, and say what to do.",
        discussion: "The exit code is 1 when something needed is missing.")

    @OptionGroup var place: ServerPlace
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let server: ServerChecks
        do { server = ServerChecks(try place.configuration([:])) } catch {
            Console.error("swiftlet: \(error)")
            throw ExitCode.failure
        }
        let findings =
            KernelChecks.findings + InstallationChecks(installation: Installation()).findings + server.findings
            + ResourceChecks.findings
        Console.out(json ? JSON.array(findings.map(\.json)).pretty : findings.map(\.text).joined(separator: "\n"))
        if findings.contains(where: { $0.state == .broken }) { throw ExitCode.failure }
    }
}
