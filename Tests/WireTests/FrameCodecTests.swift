import SandboxTesting
import Testing
import Wire

@Suite struct FrameCodecTests {
    @Test func `every frame survives its round trip`() throws {
        for (name, frame) in Samples.server {
            #expect(try decodeServer(content(of: FrameCodec.encode(frame))) == frame, "\(name)")
        }
        for (name, frame) in Samples.worker {
            #expect(try decodeWorker(content(of: FrameCodec.encode(frame))) == frame, "\(name)")
        }
    }

    @Test func `a frame begins with the length of what follows`() {
        for bytes in Samples.encoded {
            let length = bytes.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            #expect(length == bytes.count - 4)
        }
    }

    @Test func `only frames that bring memory carry a descriptor`() {
        let carrying = Samples.server.filter(\.frame.carriesDescriptor).map(\.name)
        #expect(carrying == ["base", "image", "image-mounts", "package", "generations", "stateCopy-file"])
        #expect(Samples.worker.filter(\.frame.carriesDescriptor).map(\.name) == ["finished-empty"])
    }

    @Test func `a frame that is cut off anywhere is refused`() {
        for (name, frame) in Samples.server {
            let whole = content(of: FrameCodec.encode(frame))
            for count in 0..<whole.count {
                #expect(throws: WireError.self, "\(name) cut to \(count)") {
                    try decodeServer(Array(whole.prefix(count)))
                }
            }
        }
        for (name, frame) in Samples.worker {
            let whole = content(of: FrameCodec.encode(frame))
            for count in 0..<whole.count {
                #expect(throws: WireError.self, "\(name) cut to \(count)") {
                    try decodeWorker(Array(whole.prefix(count)))
                }
            }
        }
    }

    @Test func `a frame with bytes left over is refused`() {
        for (name, frame) in Samples.server {
            let longer = content(of: FrameCodec.encode(frame)) + [0]
            #expect(throws: WireError.self, "\(name)") { try decodeServer(longer) }
        }
        for (name, frame) in Samples.worker {
            let longer = content(of: FrameCodec.encode(frame)) + [0]
            #expect(throws: WireError.self, "\(name)") { try decodeWorker(longer) }
        }
    }

    /// Every four bytes in turn become a length or count that no frame can have.
    @Test func `forged lengths and counts are refused or harmless`() {
        let forged: [[UInt8]] = [[0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0x80], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0]]
        for bytes in Samples.encoded {
            let whole = content(of: bytes)
            guard whole.count >= 4 else { continue }
            for position in 0...(whole.count - 4) {
                for value in forged {
                    var changed = whole
                    changed.replaceSubrange(position..<position + 4, with: value)
                    _ = try? decodeServer(changed)
                    _ = try? decodeWorker(changed)
                }
            }
        }
    }

    @Test(arguments: [UInt8(0), 14, 99, 255])
    func `an unknown kind is refused by number`(kind: UInt8) {
        #expect(throws: WireError("a server sends no frame of kind \(kind)")) { try decodeServer([kind]) }
        #expect(throws: WireError("a worker sends no frame of kind \(kind)")) { try decodeWorker([kind]) }
    }

    @Test func `a negative limit is refused`() throws {
        var bytes = content(of: FrameCodec.encode(Samples.server.first { $0.name == "prepare" }!.frame))
        bytes[bytes.count - 1] = 0x80
        #expect(throws: WireError("a limit is negative")) { try decodeServer(bytes) }
    }

    @Test func `text that is not UTF-8 is refused`() {
        var bytes = content(of: FrameCodec.encode(.failed(1, message: "abc")))
        bytes[bytes.count - 1] = 0xFF
        #expect(throws: WireError("a text is not UTF-8")) { try decodeWorker(bytes) }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `random changes never do more than be refused`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var bytes = content(of: Samples.encoded.randomElement(using: &random)!)
            for _ in 0...Int.random(in: 0..<4, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            _ = try? decodeServer(bytes)
            _ = try? decodeWorker(bytes)
        }
    }
}

extension Samples {
    static var encoded: [[UInt8]] {
        server.map { FrameCodec.encode($0.frame) } + worker.map { FrameCodec.encode($0.frame) }
    }
}

func content(of frame: [UInt8]) -> [UInt8] { Array(frame.dropFirst(4)) }

func decodeServer(_ content: [UInt8]) throws(WireError) -> ServerFrame {
    try decoding(content) { bytes throws(WireError) in try FrameCodec.decodeServerFrame(bytes) }
}

func decodeWorker(_ content: [UInt8]) throws(WireError) -> WorkerFrame {
    try decoding(content) { bytes throws(WireError) in try FrameCodec.decodeWorkerFrame(bytes) }
}

private func decoding<Frame>(
    _ content: [UInt8], _ decode: (UnsafeRawBufferPointer) throws(WireError) -> Frame
) throws(WireError) -> Frame {
    let result = content.withUnsafeBytes { bytes -> Result<Frame, WireError> in
        do throws(WireError) { return .success(try decode(bytes)) } catch { return .failure(error) }
    }
    return try result.get()
}
