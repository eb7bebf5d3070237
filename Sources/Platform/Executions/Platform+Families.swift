public import Model
import Storage

/// A client's call with all calls that came of it.
public struct CallFamily: Hashable, Sendable {
    /// The client's call.
    public var root: Execution
    /// The others, without input and logs, in the order in which they were chained. A parent comes before its children.
    public var chained: [Execution]

    /// Whether nothing more will happen to any of them.
    public var hasEnded: Bool { root.status.isFinal && chained.allSatisfy(\.status.isFinal) }

    /// A call of this family; nil: there is none of that id.
    public subscript(id: ExecutionID) -> Execution? {
        root.id == id ? root : chained.first { $0.id == id }
    }

    /// The calls that one of them chained itself, by its id.
    public var children: [ExecutionID: [Execution]] { Dictionary(grouping: chained) { $0.parent ?? root.id } }
}

extension Platform {
    /// The family of a call, as it is now.
    public func family(of id: ExecutionID) async throws(PlatformError) -> CallFamily {
        let call = try await execution(id)
        return try await family(root: call.root == nil ? call : try await execution(call.root ?? id))
    }

    /// The families of clients' calls once all of these have ended, or as they are after `limit`. Calls that are unknown by now
    /// have none.
    public func families(
        of roots: [ExecutionID], endedWithin limit: Duration
    ) async throws(PlatformError) -> [CallFamily] {
        let end = time.steady() + limit
        for root in roots {
            await wait(for: root, until: end)
            // A call may be chained by one that was waited for.
            while time.steady() < end, let running = runner.active.chained(from: root).first {
                await wait(for: running.id, until: end)
            }
        }
        var families: [CallFamily] = []
        for root in try await executions(roots) { families.append(try await family(root: root)) }
        return families
    }

    private func wait(for id: ExecutionID, until end: Timestamp) async {
        let left = end.since(time.steady())
        // One that is unknown, or cannot be read now, is found so again when it is read for the answer.
        if left > .zero { _ = try? await execution(id, endedWithin: left) }
    }

    private func family(root: Execution) async throws(PlatformError) -> CallFamily {
        // What ends in between is in the store then.
        let running = runner.active.chained(from: root.id).map { $0.call.execution($0.id) }
        let stored = try await PlatformError.storing { try await store.executions(ofRoot: root.id) }
        // After a crash the call ran again, and its calls have the numbers of those of the time before.
        let byNumber = Dictionary((running + stored).map { ($0.callNumber ?? 0, $0) }) { first, second in
            first.id <= second.id ? second : first
        }
        return CallFamily(root: root, chained: byNumber.values.sorted { ($0.callNumber ?? 0) < ($1.callNumber ?? 0) })
    }
}
