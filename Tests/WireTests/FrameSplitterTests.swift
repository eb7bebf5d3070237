import SandboxTesting
import Testing
import Wire

@Suite struct FrameSplitterTests {
    @Test(arguments: 0..<50 as Range<UInt64>)
    func `frames come out whole however the stream was cut`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let sent = (0..<40).map { _ in Samples.worker.randomElement(using: &random)!.frame }
        let stream = sent.flatMap { FrameCodec.encode($0) }
        var splitter = FrameSplitter()
        var received: [WorkerFrame] = []
        var position = 0
        while position < stream.count {
            let end = min(stream.count, position + Int.random(in: 1...90, using: &random))
            stream[position..<end].withUnsafeBytes { splitter.append($0) }
            position = end
            while let frame = try next(&splitter) { received.append(frame) }
        }
        #expect(received == sent)
    }

    @Test func `large frames pass, and what follows them`() throws {
        let large = WorkerFrame.hostRequest(1, operation: 2, [UInt8](repeating: 7, count: 3 << 20))
        let stream = (0..<4).flatMap { _ in FrameCodec.encode(large) + FrameCodec.encode(WorkerFrame.hello(version: 5))
        }
        var splitter = FrameSplitter()
        var received = 0
        for start in stride(from: 0, to: stream.count, by: 1 << 18) {
            stream[start..<min(start + 1 << 18, stream.count)].withUnsafeBytes { splitter.append($0) }
            while let frame = try next(&splitter) {
                #expect(frame == (received % 2 == 0 ? large : .hello(version: 5)))
                received += 1
            }
        }
        #expect(received == 8)
    }

    @Test func `nothing comes out before a frame is whole`() throws {
        let bytes = FrameCodec.encode(.failed(1, message: "late"))
        var splitter = FrameSplitter()
        for byte in bytes.dropLast() {
            withUnsafeBytes(of: byte) { splitter.append($0) }
            #expect(try next(&splitter) == nil)
        }
        withUnsafeBytes(of: bytes.last!) { splitter.append($0) }
        #expect(try next(&splitter) == .failed(1, message: "late"))
    }

    @Test(arguments: [UInt32(FrameCodec.maximumFrameBytes) + 1, .max])
    func `a frame that is too long is refused by its length alone`(length: UInt32) {
        var splitter = FrameSplitter()
        withUnsafeBytes(of: length.littleEndian) { splitter.append($0) }
        #expect(throws: WireError("a frame of \(length) bytes is too long")) { try next(&splitter) }
    }

    @Test func `a frame of the greatest length is waited for`() throws {
        var splitter = FrameSplitter()
        withUnsafeBytes(of: UInt32(FrameCodec.maximumFrameBytes).littleEndian) { splitter.append($0) }
        #expect(try next(&splitter) == nil)
    }

    private func next(_ splitter: inout FrameSplitter) throws(WireError) -> WorkerFrame? {
        try splitter.next { bytes throws(WireError) in try FrameCodec.decodeWorkerFrame(bytes) }
    }
}
