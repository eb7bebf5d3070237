internal import Model
internal import Wasmtime

/// Asking the platform for what the calls of a tenant share as files.
extension Session {
    /// What of a file goes with one request.
    private static let pieceBytes = 4 << 20

    /// Has the platform answer what a function of WASI needs to go on. False: nothing is needed.
    func askForShared() throws(HostTrap) -> Bool {
        guard let request = files.shared.pending else { return false }
        files.shared.take(try answer(request))
        return true
    }

    /// Runs a step of the file system, outside of the guest's memory.
    func withFiles<Result>(_ body: () throws(Errno) -> Result) throws(HostTrap) -> Swift.Result<Result, Errno> {
        files.shared.begin()
        while true {
            let result = Swift.Result { () throws(Errno) in try body() }
            guard case .failure(.again) = result, try askForShared() else { return result }
        }
    }

    /// Writes what the guest left open.
    func closeShared() throws(HostTrap) {
        if case .failure(let number) = try withFiles({ () throws(Errno) in try files.writeShared() }) {
            throw HostTrap("a shared file could not be written at the end of the call (\(number))")
        }
    }

    private func answer(_ request: SharedRequest) throws(HostTrap) -> SharedAnswer {
        switch request {
        case .status(let path):
            return try ask(.fileStatus, [Array(path.utf8)]) { reply throws(HostTrap) in
                let kind = try reply.number(0, UInt8.self)
                guard kind > 0 else { return .node(nil) }
                let content = try reply.bytes(3)
                guard content.isEmpty == (kind == 2) else { throw HostTrap("the platform's answer cannot be read") }
                return .node(
                    SharedNode(
                        path, size: try reply.number(1), modifiedMicroseconds: try reply.number(2), content: content))
            }
        case .list(let path):
            return try ask(.fileList, [Array(path.utf8)]) { reply in
                let names = stride(from: 0, to: reply.count - 1, by: 2)
                return .entries(names.map { (String(decoding: reply[$0], as: UTF8.self), reply[$0 + 1] == [1]) })
            }
        case .read(let content, let offset, let count): return try read(content, offset, count)
        case .all(let content, let size):
            var bytes: [UInt8] = []
            while bytes.count < size {
                let piece = try read(content, bytes.count, min(Self.pieceBytes, size - bytes.count))
                guard case .bytes(let more) = piece else { return piece }
                guard !more.isEmpty else { return .failed(.io) }
                bytes += more
            }
            return .bytes(bytes)
        case .write(let path): return try write(files.shared.outgoing, to: path)
        case .delete(let path): return try change(.fileDelete, [Array(path.utf8)])
        case .move(let path, let target): return try change(.fileMove, [Array(path.utf8), Array(target.utf8)])
        }
    }

    private func read(_ content: [UInt8], _ offset: Int, _ count: Int) throws(HostTrap) -> SharedAnswer {
        let fields = [content, HostFields.bytes(UInt64(offset)), HostFields.bytes(UInt64(count))]
        return try ask(.fileRead, fields) { reply throws(HostTrap) in
            let bytes = try reply.bytes(0)
            return bytes.count <= count ? .bytes(bytes) : .failed(.io)
        }
    }

    private func write(_ bytes: [UInt8], to path: String) throws(HostTrap) -> SharedAnswer {
        var offset = 0
        repeat {
            let end = min(bytes.count, offset + Self.pieceBytes)
            let fields = [
                Array(path.utf8), HostFields.bytes(UInt64(offset)), [end == bytes.count ? 1 : 0],
                Array(bytes[offset..<end]),
            ]
            let answer = try ask(.fileWrite, fields) { _ in .done }
            guard case .done = answer else { return answer }
            offset = end
        } while offset < bytes.count
        return .done
    }

    private func change(_ operation: PlatformOperation, _ fields: [[UInt8]]) throws(HostTrap) -> SharedAnswer {
        try ask(operation, fields) { reply throws(HostTrap) in
            try reply.number(0, UInt8.self) == 1 ? .done : .failed(.noent)
        }
    }

    private func ask(
        _ operation: PlatformOperation, _ fields: [[UInt8]], _ read: ([[UInt8]]) throws(HostTrap) -> SharedAnswer
    ) throws(HostTrap) -> SharedAnswer {
        switch try attempt(operation, fields) {
        case .success(let reply): return try read(reply)
        case .failure(let refusal):
            switch refusal.exception {
            case "FileNotFoundError": return .failed(.noent)
            case "PermissionError": return .failed(.acces)
            case "ValueError": return .failed(.inval)
            case "MemoryError": return .failed(.nospc)
            case "OSError": return .failed(.io)
            // There are no shared files here, as while a module is imported at its upload.
            default: return .failed(.notsup)
            }
        }
    }
}
