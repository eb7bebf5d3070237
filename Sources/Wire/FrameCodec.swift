/// What both directions have in common.
protocol WireFrame {
    func encode(to writer: inout WireWriter)
    init(from reader: inout WireReader) throws(WireError)
}

/// Frames as bytes: a 32-bit length, then so many bytes.
public enum FrameCodec {
    /// Larger than any allowed input, output and log together.
    public static let maximumFrameBytes = 256 << 20

    public static func encode(_ frame: ServerFrame) -> [UInt8] { encode(any: frame) }
    public static func encode(_ frame: WorkerFrame) -> [UInt8] { encode(any: frame) }

    /// Decodes the content of one frame, its length left out.
    public static func decodeServerFrame(_ content: UnsafeRawBufferPointer) throws(WireError) -> ServerFrame {
        try decode(content)
    }

    /// Decodes the content of one frame, its length left out.
    public static func decodeWorkerFrame(_ content: UnsafeRawBufferPointer) throws(WireError) -> WorkerFrame {
        try decode(content)
    }

    private static func encode(any frame: some WireFrame) -> [UInt8] {
        var writer = WireWriter()
        writer.put(UInt32(0))
        frame.encode(to: &writer)
        let length = UInt32(writer.bytes.count - 4)
        withUnsafeBytes(of: length.littleEndian) { for (index, byte) in $0.enumerated() { writer.bytes[index] = byte } }
        return writer.bytes
    }

    private static func decode<Frame: WireFrame>(_ content: UnsafeRawBufferPointer) throws(WireError) -> Frame {
        var reader = WireReader(content)
        let frame = try Frame(from: &reader)
        try reader.finish()
        return frame
    }
}

/// Cuts a stream of bytes into frames.
public struct FrameSplitter {
    private var buffer: [UInt8] = []
    private var start = 0

    public init() {}

    /// Takes bytes as they came.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 1 << 20)
            start = 0
        } else if start > 1 << 20 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer += bytes
    }

    /// Gives the content of the next whole frame to `body`; nil where it has not come yet.
    public mutating func next<Frame>(
        _ body: (UnsafeRawBufferPointer) throws(WireError) -> Frame
    ) throws(WireError) -> Frame? {
        let available = buffer.count - start
        guard available >= 4 else { return nil }
        let content = start + 4
        let length = buffer.withUnsafeBytes {
            Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: content - 4, as: UInt32.self)))
        }
        guard length <= FrameCodec.maximumFrameBytes else { throw WireError("a frame of \(length) bytes is too long") }
        guard available - 4 >= length else { return nil }
        start = content + length
        let result = buffer.withUnsafeBytes { bytes -> Result<Frame, WireError> in
            do throws(WireError) {
                return .success(try body(UnsafeRawBufferPointer(rebasing: bytes[content..<content + length])))
            } catch { return .failure(error) }
        }
        return try result.get()
    }
}
