import ArgumentParser
import Client

struct FstnPing: FstnAction {
    static let configuration = CommandConfiguration(
        commandName: "ping", abstract: "Measure how long the server takes to answer.")

    @ParentCommand var program: FstnCommand

    func perform(_ session: FstnSession) async throws {
        try await PingTime.measure(session, asJSON: program.json) { try await session.client.ping() }
    }
}

struct FstnPingScheduler: FstnAction {
    static let configuration = CommandConfiguration(
        commandName: "ping-scheduler", abstract: "Measure how long what runs functions takes to answer.")

    @ParentCommand var program: FstnCommand

    func perform(_ session: FstnSession) async throws {
        try await PingTime.measure(session, asJSON: program.json) { try await session.client.pingScheduler() }
    }
}

/// How long a server took to answer.
enum PingTime {
    static func measure(
        _ session: FstnSession, asJSON: Bool, _ request: () async throws -> FaastenReply
    ) async throws {
        let start = ContinuousClock.now
        let reply = try await request()
        let elapsed = ContinuousClock.now - start
        guard reply.isSuccess else { return try await session.finish("Pinging", reply) }
        show(elapsed, asJSON: asJSON)
    }

    static func show(_ elapsed: Duration, asJSON: Bool) {
        let milliseconds = text(elapsed)
        Console.out(
            asJSON
                ? (["milliseconds": .number(milliseconds)] as JSON).compact : "ping: \(milliseconds)ms elapsed")
    }

    /// Milliseconds with one decimal digit.
    static func text(_ duration: Duration) -> String {
        let tenths = duration.components.seconds * 10_000 + duration.components.attoseconds / 100_000_000_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
