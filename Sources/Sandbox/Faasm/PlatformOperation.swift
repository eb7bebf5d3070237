internal import Model
internal import Wasmtime

/// What the platform does for guests, by number; requests and replies are ``HostFields``.
enum PlatformOperation: UInt32 {
    case chain = 16
    case await = 17
    case stateSize = 32
    case stateRead, stateWrite, stateWriteRange, statePush, statePull, stateAppend, stateReadAppended
    case stateClearAppended, stateDelete, stateCompareAndSet, stateLock, stateUnlock
    case fileStatus = 48
    case fileList, fileRead, fileWrite, fileDelete, fileMove
}

/// Why the platform refused: the name of the Python exception that says the same, and a sentence.
struct PlatformRefusal: Error {
    var exception: String
    var message: String

    init(_ text: String) {
        let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        exception = lines.count > 1 ? String(lines[0]) : ""
        message = String(lines.last ?? "")
    }
}

extension Session {
    /// Has the platform do something. A refusal ends the run with its sentence.
    @discardableResult
    func request(_ operation: PlatformOperation, _ fields: [UInt8]...) throws(HostTrap) -> [[UInt8]] {
        switch try attempt(operation, fields) {
        case .success(let reply): return reply
        case .failure(let refusal): throw HostTrap(refusal.message)
        }
    }

    /// As ``request(_:_:)``, where a refusal is something to look at.
    func attempt(
        _ operation: PlatformOperation, _ fields: [[UInt8]]
    ) throws(HostTrap) -> Result<[[UInt8]], PlatformRefusal> {
        switch try ask(operation.rawValue, HostFields.encode(fields)) {
        case .failure(let failure): return .failure(PlatformRefusal(failure.message))
        case .success(let reply):
            guard let fields = (try? HostFields.decode(reply))?.map({ Array($0) }) else {
                throw HostTrap("the platform's answer cannot be read")
            }
            return .success(fields)
        }
    }
}

/// A field of the platform's answer; it ends the run where there is none of that kind.
extension [[UInt8]] {
    func number<Value: FixedWidthInteger>(_ index: Int, _ type: Value.Type = Value.self) throws(HostTrap) -> Value {
        guard indices.contains(index), let value = HostFields.number(self[index][...], as: type) else {
            throw HostTrap("the platform's answer cannot be read")
        }
        return value
    }

    func bytes(_ index: Int) throws(HostTrap) -> [UInt8] {
        guard indices.contains(index) else { throw HostTrap("the platform's answer cannot be read") }
        return self[index]
    }
}
