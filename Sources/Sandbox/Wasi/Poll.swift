internal import Model
internal import Wasmtime

/// `poll_oneoff`, which is how guests sleep. Files and streams are always ready.
enum Poll {
    private static let maximumSubscriptions: UInt32 = 64
    private static let subscriptionBytes: UInt32 = 48
    private static let eventBytes: UInt32 = 32

    private struct Subscription {
        var userData: UInt64
        var kind: UInt8
        /// When a clock rings, by the monotonic clock; nil for files.
        var deadline: Int64?
    }

    static func run(
        _ session: Session, subscriptions: UInt32, events: UInt32, count: UInt32, result: UInt32
    ) throws(HostTrap) -> Errno {
        guard count > 0, count <= maximumSubscriptions else { return .inval }
        let wanted = try session.memory.access { view throws(HostTrap) in
            try parse(view, subscriptions, count)
        }
        var now = Clock.monotonicNanoseconds()
        if wanted.allSatisfy({ $0.deadline != nil }), let first = wanted.compactMap(\.deadline).min() {
            let isOver = session.sleep(until: first)
            guard session.interruption.reason != .cancelled else { throw HostTrap("the call was cancelled") }
            // One that is cut short ends as if its time had come: wasi-libc would make any error "Not supported", and Python
            // looks for its alarm next.
            now = isOver ? Clock.monotonicNanoseconds() : first
        }
        let ready = wanted.filter { $0.deadline.map { $0 <= now } ?? true }
        try session.memory.access { view throws(HostTrap) in
            for (index, subscription) in ready.enumerated() {
                let target = try view.bytes(try offset(events, UInt32(index) * eventBytes), eventBytes)
                for byte in target.indices { target[byte] = 0 }
                target.storeBytes(of: subscription.userData, as: UInt64.self)
                target.storeBytes(of: subscription.kind, toByteOffset: 10, as: UInt8.self)
            }
            try view.store(UInt32(ready.count), result)
        }
        return .success
    }

    private static func parse(_ view: GuestView, _ address: UInt32, _ count: UInt32) throws(HostTrap) -> [Subscription]
    {
        var result: [Subscription] = []
        for index in 0..<count {
            let bytes = try view.bytes(try offset(address, index * subscriptionBytes), subscriptionBytes)
            let kind = bytes[8]
            var deadline: Int64?
            if kind == 0 {
                let timeout = Int64(clamping: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
                let isAbsolute = bytes.loadUnaligned(fromByteOffset: 40, as: UInt16.self) & 1 != 0
                let isRealtime = bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self) == 0
                let now = Clock.monotonicNanoseconds()
                // An absolute time of day is waited for by how far away it is now.
                let start = isAbsolute ? (isRealtime ? now - Int64(Clock.realtimeNanoseconds()) : 0) : now
                deadline = start.addingReportingOverflow(timeout).overflow ? Int64.max : max(0, start + timeout)
            }
            result.append(
                Subscription(
                    userData: bytes.loadUnaligned(as: UInt64.self), kind: kind, deadline: deadline))
        }
        return result
    }

    private static func offset(_ address: UInt32, _ offset: UInt32) throws(HostTrap) -> UInt32 {
        let (sum, overflow) = address.addingReportingOverflow(offset)
        guard !overflow else { throw HostTrap("a request names memory outside the sandbox") }
        return sum
    }
}
