internal import Glibc
import NIOCore

/// The body of a request of several parts (RFC 7578), which is never in memory as a whole.
public struct MultipartForm: Sendable {
    /// What a part holds.
    public enum Content: Sendable {
        case bytes([UInt8])
        /// So many bytes of a file, which must not change meanwhile.
        case file(path: String, length: Int)

        /// A file of this machine, measured.
        public static func file(_ path: String) throws(ClientError) -> Content {
            var status = stat()
            guard stat(path, &status) == 0 else { throw .local("`\(path)`: \(String(cString: strerror(errno)))") }
            guard status.st_mode & S_IFMT == S_IFREG else { throw .local("`\(path)` is no file.") }
            return .file(path: path, length: Int(status.st_size))
        }

        public var length: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(_, let length): length
            }
        }
    }

    let boundary: String
    private(set) var pieces: [Content] = []

    /// An empty form. The boundary is drawn at random, so that no part holds it.
    public init() {
        self.init(boundary: "swiftlet-\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))")
    }

    init(boundary: String) { self.boundary = boundary }

    /// Adds a field that is no file.
    public mutating func add(_ field: String, _ value: [UInt8]) {
        begin("form-data; name=\"\(Self.escaped(field))\"", nil)
        pieces.append(.bytes(value))
    }

    /// Adds a file.
    public mutating func add(_ field: String, fileName: String, _ content: Content) {
        begin(
            "form-data; name=\"\(Self.escaped(field))\"; filename=\"\(Self.escaped(fileName))\"",
            "application/octet-stream")
        pieces.append(content)
    }

    private mutating func begin(_ disposition: String, _ type: String?) {
        let start = pieces.isEmpty ? "" : "\r\n"
        let type = type.map { "Content-Type: \($0)\r\n" } ?? ""
        pieces.append(.bytes(Array("\(start)--\(boundary)\r\nContent-Disposition: \(disposition)\r\n\(type)\r\n".utf8)))
    }

    /// As browsers do it: names have no quotes and line ends of their own.
    private static func escaped(_ name: String) -> String {
        var result = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"": result += "%22"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    private var end: [UInt8] { Array("\r\n--\(boundary)--\r\n".utf8) }

    /// Bytes of the whole body.
    var length: Int { pieces.reduce(end.count) { $0 + $1.length } }

    /// The body, piece by piece. `progress` hears how many bytes of how many were given out.
    func stream(_ progress: @escaping Progress = { _, _ in }) -> Stream {
        Stream(pieces: pieces + [.bytes(end)], length: length, progress: progress)
    }

    /// Hears how many bytes were moved, and of how many, where that is known.
    public typealias Progress = @Sendable (_ done: Int, _ total: Int?) -> Void
}

extension MultipartForm {
    /// The bytes of a form in portions.
    struct Stream: AsyncSequence, Sendable {
        typealias Element = ByteBuffer

        let pieces: [Content]
        let length: Int
        let progress: Progress

        static let portionBytes = 256 << 10

        func makeAsyncIterator() -> Iterator { Iterator(stream: self) }

        struct Iterator: AsyncIteratorProtocol {
            private let stream: Stream
            private var next = 0
            private var file: OpenFile?
            private var left = 0
            private var done = 0

            fileprivate init(stream: Stream) { self.stream = stream }

            mutating func next() async throws -> ByteBuffer? {
                while left == 0 {
                    guard next < stream.pieces.count else { return nil }
                    let piece = stream.pieces[next]
                    next += 1
                    switch piece {
                    case .bytes(let bytes): return count(ByteBuffer(bytes: bytes))
                    case .file(let path, let length):
                        file = try OpenFile(path)
                        left = length
                    }
                }
                guard let file else { return nil }
                let bytes = try file.read(Swift.min(left, Stream.portionBytes))
                left -= bytes.count
                return count(ByteBuffer(bytes: bytes))
            }

            private mutating func count(_ buffer: ByteBuffer) -> ByteBuffer {
                done += buffer.readableBytes
                stream.progress(done, stream.length)
                return buffer
            }
        }
    }

    /// A file that is read from its beginning, and closed in the end.
    private final class OpenFile {
        private let path: String
        private let descriptor: Int32

        init(_ path: String) throws(ClientError) {
            self.path = path
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw .local("`\(path)`: \(String(cString: strerror(errno)))") }
        }

        deinit { close(descriptor) }

        /// At least one byte.
        func read(_ limit: Int) throws(ClientError) -> [UInt8] {
            while true {
                var failure: Int32 = 0
                let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                    let result = Glibc.read(descriptor, buffer.baseAddress, limit)
                    failure = result < 0 ? errno : 0
                    count = max(result, 0)
                }
                if failure == EINTR { continue }
                guard failure == 0 else { throw .local("`\(path)`: \(String(cString: strerror(failure)))") }
                guard !bytes.isEmpty else { throw .local("`\(path)` became shorter while it was sent.") }
                return bytes
            }
        }
    }
}
