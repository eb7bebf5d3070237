public import Model

/// What guests ask of the shared state, by the number of the host call.
public enum StateOperation: UInt32, CaseIterable, Sendable {
    case size = 32
    case read, write, writeRange, push, pull, append, readAppended, clearAppended, delete, compareAndSet, lock, unlock
}

/// Answers guests' requests to the shared state.
public enum StateCalls {
    /// Answers operation `operation` of one call, whose fields are those of the table of host calls. Waits for a lock without holding a thread.
    /// `lend` is given, before the answer, what the call's worker may answer such requests from.
    public static func answer(
        _ operation: StateOperation, _ fields: [ArraySlice<UInt8>], of session: StateSession,
        lend: (StateCopy) -> Void = { _ in }
    ) async -> Result<[[UInt8]], HostCallRefusal> {
        do throws(StateError) {
            return .success(try await reply(operation, StateFields(fields, session.tenant), session, lend))
        } catch {
            return .failure(HostCallRefusal(error.message, error.exception))
        }
    }

    private static func reply(
        _ operation: StateOperation, _ fields: consuming StateFields, _ session: StateSession,
        _ lend: (StateCopy) -> Void
    ) async throws(StateError) -> [[UInt8]] {
        let key = try fields.key()
        let state = session.state
        switch operation {
        case .size, .read, .readAppended, .pull: try session.check()
        case .write, .writeRange, .append, .clearAppended, .delete, .compareAndSet: try session.note(key)
        case .push, .lock, .unlock: break
        }
        switch operation {
        case .size:
            try fields.end()
            let size = try await state.size(key)
            if let copy = await state.copy(of: key, afterReading: 0) { lend(copy) }
            return [HostFields.bytes(UInt64(size ?? 0))]
        case .read:
            let (offset, count) = (try fields.clampedNumber(), try fields.clampedNumber())
            try fields.end()
            let range = try await state.read(key, at: offset, count: count)
            if let copy = await state.copy(of: key, afterReading: range.bytes.count) { lend(copy) }
            return [HostFields.bytes(UInt64(range.size ?? 0)), range.bytes]
        case .write:
            let value = try fields.bytes()
            try fields.end()
            try await state.replace(key, by: value)
        case .writeRange:
            let (total, offset, bytes) = (
                try fields.clampedNumber(), try fields.clampedNumber(), try fields.bytes()
            )
            try fields.end()
            try await state.write(key, total: total, at: offset, bytes)
        case .push:
            try fields.end()
            try await session.push(key)
        case .pull:
            // What this node has is the newest.
            try fields.end()
        case .append:
            let entry = try fields.bytes()
            try fields.end()
            try await state.append(key, Array(entry))
        case .readAppended:
            let limit = try fields.clampedNumber()
            try fields.end()
            return try await state.entries(key, limit: limit)
        case .clearAppended:
            try fields.end()
            try await state.clearEntries(key)
        case .delete:
            try fields.end()
            return [try await state.delete(key) ? [1] : [0]]
        case .compareAndSet:
            let (isExpected, expected, value) = (try fields.flag(), try fields.bytes(), try fields.bytes())
            try fields.end()
            return [
                try await state.compareAndSet(key, expected: isExpected ? expected : nil, value) ? [1] : [0]
            ]
        case .lock, .unlock:
            let mode: LockMode = try fields.flag() ? .write : .read
            try fields.end()
            if operation == .lock { try await session.lock(key, mode) } else { try session.unlock(key, mode) }
        }
        return []
    }
}

/// Takes the fields of a request one after another.
private struct StateFields {
    private var rest: ArraySlice<ArraySlice<UInt8>>
    private let tenant: Namespace

    init(_ fields: [ArraySlice<UInt8>], _ tenant: Namespace) {
        rest = fields[...]
        self.tenant = tenant
    }

    mutating func bytes() throws(StateError) -> ArraySlice<UInt8> {
        guard let field = rest.popFirst() else { throw Self.malformed("a field is missing") }
        return field
    }

    mutating func key() throws(StateError) -> StateKey {
        let name = try bytes()
        do throws(InvalidStateKey) { return try StateKey(tenant: tenant, utf8: name) } catch {
            throw StateError(.invalidRequest, error.message)
        }
    }

    /// A 64-bit number; the largest of ours where it is more.
    mutating func clampedNumber() throws(StateError) -> Int {
        guard let number = HostFields.number(try bytes(), as: UInt64.self) else {
            throw Self.malformed("a number has not 8 bytes")
        }
        return Int(clamping: number)
    }

    mutating func flag() throws(StateError) -> Bool {
        switch HostFields.number(try bytes(), as: UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw Self.malformed("a flag is neither 0 nor 1")
        }
    }

    func end() throws(StateError) {
        guard rest.isEmpty else { throw Self.malformed("there are too many fields") }
    }

    private static func malformed(_ what: String) -> StateError {
        StateError(.invalidRequest, "The request to the shared state is malformed: \(what).")
    }
}

extension StateError {
    /// The Python exception that a guest gets.
    var exception: HostCallRefusal.Kind {
        switch code {
        case .invalidRequest: .value
        case .limitReached, .lockMisuse, .cancelled: .runtime
        case .lockTimedOut: .timeout
        case .unavailable: .system
        }
    }
}
