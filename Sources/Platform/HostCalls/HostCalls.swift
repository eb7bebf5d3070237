import Model
import SharedState

/// What guests may ask of the platform. Numbers and fields are the contract with `guest/python/swiftlet_runtime/host.py` and
/// with raw modules' imports.
enum PlatformOperation: UInt32 {
    case chain = 16
    case await = 17
    case status = 18
    case sendHTTP = 128
}

/// Answers what guests ask while they run.
struct HostCalls: HostCallService {
    typealias Reply = @Sendable (Result<[UInt8], HostCallRefusal>) -> Void

    let active: ActiveCalls
    let chaining: Chaining
    let outbound: Outbound
    let state: StateCalling
    let files: FileCalling
    let answers: AnswerCalling

    func answer(_ operation: UInt32, _ request: [UInt8], of caller: ExecutionID, _ reply: @escaping Reply) {
        if let guest = active.guest(of: caller) { return guest.answer(operation, request, reply) }
        if let operation = StateOperation(rawValue: operation) {
            return state.answer(operation, request, of: caller, reply)
        }
        if let operation = FileOperation(rawValue: operation) {
            return files.answer(operation, request, of: caller, reply)
        }
        if operation == AnswerCalling.operation { return answers.take(request, of: caller, reply) }
        guard let known = PlatformOperation(rawValue: operation) else {
            return reply(.failure(HostCallRefusal("this server knows no operation \(operation)")))
        }
        do throws(HostCallRefusal) {
            let fields: [ArraySlice<UInt8>]
            do { fields = try HostFields.decode(request) } catch { throw .malformed(error.message) }
            switch known {
            case .chain: try chain(fields, caller, reply)
            case .await: try wait(fields, caller, reply)
            case .sendHTTP: Task { reply(await outbound.send(fields).map(HostFields.encode)) }
            case .status:
                guard fields.count == 1, let number = HostFields.number(fields[0], as: Int32.self) else {
                    throw .malformed
                }
                reply(.success(HostFields.encode([[try chaining.status(of: number, by: caller)]])))
            }
        } catch { reply(.failure(error)) }
    }

    /// Fields: kind (0: an entry of the caller's own function, 1: another function), function, entry, input. Answers a number.
    private func chain(_ fields: [ArraySlice<UInt8>], _ caller: ExecutionID, _ reply: @escaping Reply)
        throws(HostCallRefusal)
    {
        guard fields.count == 4, fields[0].count == 1, let name = Self.text(fields[1]), let entry = Self.text(fields[2])
        else { throw .malformed }
        let input = Array(fields[3])
        switch fields[0].first {
        case 0:
            reply(.success(Self.encode(try chaining.chain(entry: entry, input, by: caller))))
        case 1:
            Task {
                do throws(HostCallRefusal) {
                    let number = try await chaining.chain(function: name, entry: entry, input, by: caller)
                    reply(.success(Self.encode(number)))
                } catch { reply(.failure(error)) }
            }
        default: throw .malformed
        }
    }

    /// Fields: time-out in milliseconds (0: the usual one), flags (1: with outputs), numbers. Answers a code and an output each.
    private func wait(_ fields: [ArraySlice<UInt8>], _ caller: ExecutionID, _ reply: @escaping Reply)
        throws(HostCallRefusal)
    {
        guard fields.count == 3, let timeout = HostFields.number(fields[0], as: UInt32.self), fields[1].count == 1,
            fields[2].count.isMultiple(of: 4)
        else { throw .malformed }
        let numbers = stride(from: fields[2].startIndex, to: fields[2].endIndex, by: 4).compactMap {
            HostFields.number(fields[2][$0..<$0 + 4], as: Int32.self)
        }
        chaining.wait(
            for: numbers, timeout: timeout == 0 ? nil : .milliseconds(Int(timeout)),
            withOutputs: fields[1].first.map { $0 & 1 != 0 } ?? false, by: caller
        ) { reply($0.map(HostFields.encode)) }
    }

    private static func encode(_ number: Int32) -> [UInt8] { HostFields.encode([HostFields.bytes(number)]) }

    private static func text(_ field: ArraySlice<UInt8>) -> String? { String(validating: field, as: UTF8.self) }
}

extension HostCallRefusal {
    fileprivate static var malformed: HostCallRefusal { malformed("its fields are not those of this operation") }

    fileprivate static func malformed(_ why: String) -> HostCallRefusal {
        HostCallRefusal("the request has another form: \(why)", .value)
    }
}
