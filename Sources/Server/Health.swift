import HTTPTypes
import Hummingbird
import Model
import Platform
import PlatformHTTP
import Synchronization

/// `/healthz`: whether workers are up and the store takes writes. Anybody may ask, so it is looked up at most once a
/// second.
final class Health: Sendable {
    private static let freshness: Duration = .seconds(1)

    private struct Report {
        var problem: String?
        var until: ContinuousClock.Instant
    }

    private let platform: Platform
    private let last = Mutex<Report?>(nil)

    init(platform: Platform) { self.platform = platform }

    func add(to paths: inout PathTable) {
        paths.on("healthz", [.get, .head]) { _, _ in await self.response() }
    }

    private func response() async -> Response {
        let problem = await problem()
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("status", problem == nil ? "ok" : "failing")
            if let problem { writer.member("message", problem) }
            guard let status = platform.sandbox.sandboxStatus else { return }
            writer.member("workers", Int64(status.workers))
            writer.member("running", Int64(status.running))
            writer.member("waiting", Int64(status.waiting))
        }
        return Response(
            status: problem == nil ? .ok : .serviceUnavailable, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }

    private func problem() async -> String? {
        let now = ContinuousClock.now
        if let report = last.withLock({ $0 }), now < report.until { return report.problem }
        var problem: String?
        if let preparation = platform.sandbox.sandboxStatus?.preparation {
            return preparation
        } else if let status = platform.sandbox.sandboxStatus, status.workers == 0, status.wantedWorkers > 0 {
            problem = "No worker is up."
        } else {
            do { try await platform.checkStore() } catch { problem = error.message }
        }
        last.withLock { [problem] in $0 = Report(problem: problem, until: now + Self.freshness) }
        return problem
    }
}
