/// As many rights to compute as there are processors to do it on. A thread that waits gives its right back.
public final class PermitPool: Sendable {
    private let free: Condition<Int>

    public init(count: Int) { free = Condition(count) }

    func acquire() {
        _ = free.wait { (count: inout Int) -> Bool? in
            guard count > 0 else { return nil }
            count -= 1
            return true
        }
    }

    func release() { free.signal { $0 += 1 } }
}
