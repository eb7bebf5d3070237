import Model
import Sandbox
import SandboxTesting
import Synchronization

/// State and chained calls as the platform has them, in memory; a chained call runs at once, on the caller's thread.
final class FakePlatform: HostCallHandler {
    struct Memory {
        var values: [String: [UInt8]] = [:]
        var logs: [String: [[UInt8]]] = [:]
        /// What was asked for, in order.
        var operations: [UInt32] = []
        var calls: [(code: Int32, output: [UInt8])] = []
        var chained: [(name: String, entry: String, input: [UInt8])] = []
    }

    let memory = Mutex(Memory())
    private let callee: Program?

    init(callee: Program? = nil, values: [String: [UInt8]] = [:]) {
        self.callee = callee
        memory.withLock { $0.values = values }
    }

    var values: [String: [UInt8]] { memory.withLock { $0.values } }

    func handle(
        _ operation: UInt32, _ request: [UInt8], _ interruption: Interruption
    ) -> Result<[UInt8], HostCallFailure> {
        guard let fields = (try? HostFields.decode(request))?.map({ Array($0) }) else {
            return .failure(HostCallFailure("no fields"))
        }
        memory.withLock { $0.operations.append(operation) }
        if operation == 16 { return .success(HostFields.encode([chain(fields)])) }
        let reply = memory.withLock { answer(operation, fields, &$0) }
        guard let reply else { return .failure(HostCallFailure("ValueError\nthere is no such thing")) }
        return .success(HostFields.encode(reply))
    }

    private func chain(_ fields: [[UInt8]]) -> [UInt8] {
        let entry = String(decoding: fields[2], as: UTF8.self)
        var result: (code: Int32, output: [UInt8]) = (-1, [])
        if let callee,
            let outcome = try? callee.now(fields[3], program: ProgramInput(entry: entry), hostCalls: self)
        {
            switch outcome.ending {
            case .returned: result = (0, outcome.output ?? [])
            case .exited(let code): result = (code, outcome.output ?? [])
            default: break
            }
        }
        return memory.withLock { memory in
            memory.chained.append((String(decoding: fields[1], as: UTF8.self), entry, fields[3]))
            memory.calls.append(result)
            return HostFields.bytes(UInt32(memory.calls.count))
        }
    }

    private func answer(_ operation: UInt32, _ fields: [[UInt8]], _ memory: inout Memory) -> [[UInt8]]? {
        let key = String(decoding: fields[0], as: UTF8.self)
        let value = memory.values[key] ?? []
        func number(_ index: Int) -> Int { Int(clamping: HostFields.number(fields[index][...], as: UInt64.self) ?? 0) }
        switch operation {
        case 17:
            let calls = fields.dropFirst(2).map { Int(HostFields.number($0[...], as: UInt32.self) ?? 0) }
            guard calls.allSatisfy({ (1...memory.calls.count).contains($0) }) else { return nil }
            return calls.flatMap { call in
                let (code, output) = memory.calls[call - 1]
                return [HostFields.bytes(code), fields[1] == [1] ? output : []]
            }
        case 32: return [HostFields.bytes(UInt64(value.count))]
        case 33:
            let start = min(number(1), value.count)
            return [HostFields.bytes(UInt64(value.count)), Array(value[start...].prefix(number(2)))]
        case 34: memory.values[key] = fields[1]
        case 35:
            var value = value
            let length = max(value.count, number(1), number(2) + fields[3].count)
            value += [UInt8](repeating: 0, count: length - value.count)
            value.replaceSubrange(number(2)..<number(2) + fields[3].count, with: fields[3])
            memory.values[key] = value
        case 38: memory.logs[key, default: []].append(fields[1])
        case 39: return Array((memory.logs[key] ?? []).prefix(number(1)))
        case 40: memory.logs[key] = nil
        default: break
        }
        return []
    }
}
