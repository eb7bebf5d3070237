import Model
import Storage

@testable import SharedState

/// What shared state must be like: the plainest model of one key.
struct PlainKey: Equatable {
    var value: [UInt8]?
    var entries: [[UInt8]] = []

    mutating func write(_ bytes: [UInt8], total: Int, at offset: Int) {
        var grown = value ?? []
        let size = max(grown.count, total, offset + bytes.count)
        grown += filled(0, size - grown.count)
        grown.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        value = grown
    }
}

/// One request, drawn at random.
enum RandomRequest {
    case replace([UInt8])
    case write([UInt8], total: Int, at: Int)
    case read(at: Int, count: Int)
    case append([UInt8])
    case entries(limit: Int)
    case clear, delete, push, size
    /// With the right value, or another one.
    case compareAndSet(right: Bool, [UInt8])

    init(_ random: inout SeededGenerator) {
        // Places near the ends of blocks are where mistakes are made.
        let place = random.next(below: 4) * StateChunk.bytes + random.next(below: 5)
        let byte = UInt8(1 + random.next(below: 255))
        let count = [0, 1, 3, StateChunk.bytes, StateChunk.bytes + 3, 2 * StateChunk.bytes][random.next(below: 6)]
        let bytes = filled(byte, count)
        switch random.next(below: 20) {
        case 0, 1: self = .replace(bytes)
        case 2...6: self = .write(bytes, total: random.next(below: 3) == 0 ? place : 0, at: max(0, place - 2))
        case 7...10: self = .read(at: max(0, place - 2), count: random.next(below: 4) == 0 ? .max : count)
        case 11: self = .append([byte])
        case 12: self = .entries(limit: random.next(below: 2) == 0 ? .max : random.next(below: 4))
        case 13: self = random.next(below: 3) == 0 ? .clear : .size
        case 14: self = random.next(below: 2) == 0 ? .delete : .size
        case 15, 16: self = .compareAndSet(right: random.next(below: 3) > 0, bytes)
        default: self = .push
        }
    }

    /// Makes the request of both, and tells whether they answered alike. A push may fail.
    func answersAlike(_ state: SharedState, _ key: StateKey, _ model: inout PlainKey) async throws -> Bool {
        switch self {
        case .replace(let bytes):
            try await state.replace(key, by: bytes)
            model.value = bytes
        case .write(let bytes, let total, let offset):
            try await state.write(key, total: total, at: offset, bytes)
            model.write(bytes, total: total, at: offset)
        case .read(let offset, let count):
            let range = try await state.read(key, at: offset, count: count)
            return range.size == model.value?.count
                && isSame(range.bytes, Array((model.value ?? []).dropFirst(offset).prefix(count)))
        case .append(let entry):
            try await state.append(key, entry)
            model.entries.append(entry)
        case .entries(let limit):
            return try await state.entries(key, limit: limit) == Array(model.entries.prefix(limit))
        case .clear:
            try await state.clearEntries(key)
            model.entries = []
        case .delete:
            let existed = try await state.delete(key)
            defer { model = PlainKey() }
            return existed == (model != PlainKey())
        case .push: try? await state.push([key])
        case .size: return try await state.size(key) == model.value?.count
        case .compareAndSet(let isRight, let bytes):
            let expected = isRight ? model.value : (model.value ?? []) + [1]
            let isSet = try await state.compareAndSet(key, expected: expected?[...], bytes[...])
            if isRight { model.value = bytes }
            return isSet == isRight
        }
        return true
    }
}
