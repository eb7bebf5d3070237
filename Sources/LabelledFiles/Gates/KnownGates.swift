import Synchronization

/// Gates as they were read of late, by what is stored of them: each call of a gate needs it, and reading one takes long.
final class KnownGates: Sendable {
    private static let maximumGates = 1024

    private let gates = Mutex<[[UInt8]: Gate]>([:])

    func gate(_ content: [UInt8]) throws -> Gate {
        if let gate = gates.withLock({ $0[content] }) { return gate }
        let gate = try ObjectContent.decode(Gate.self, content)
        gates.withLock { gates in
            if gates.count >= Self.maximumGates { gates = [:] }
            gates[content] = gate
        }
        return gate
    }
}
