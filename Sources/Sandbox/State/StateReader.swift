internal import Model

/// The shared state that one run sees: the copies of its tenant's values.
public struct StateReader: Sendable {
    private let copies: StateCopies
    /// As the server says it; nothing that the guest sends counts.
    private let tenant: String

    public init(_ copies: StateCopies, tenant: String) {
        self.copies = copies
        self.tenant = tenant
    }

    /// Answers a request for a value, or its size, as the platform would; nil: the platform is to be asked. What is malformed
    /// it may refuse.
    func answer(_ operation: UInt32, _ request: [UInt8]) -> HostAnswer? {
        guard let operation = PlatformOperation(rawValue: operation),
            operation == .stateSize || operation == .stateRead,
            let fields = try? HostFields.decode(request), let key = fields.first
        else { return nil }
        switch operation {
        case .stateSize:
            guard fields.count == 1, let copy = copies.good(tenant, key) else { return nil }
            return HostAnswer(HostFields.encode([HostFields.bytes(UInt64(copy.count))]))
        default:
            guard fields.count == 3, let offset = HostFields.number(fields[1], as: UInt64.self),
                let count = HostFields.number(fields[2], as: UInt64.self), let copy = copies.good(tenant, key)
            else { return nil }
            let start = min(Int(clamping: offset), copy.count)
            let range = start..<start + min(Int(clamping: count), copy.count - start)
            let head =
                HostFields.encode([HostFields.bytes(UInt64(copy.count))]) + HostFields.bytes(UInt32(range.count))
            return HostAnswer(head, then: copy, range)
        }
    }
}
