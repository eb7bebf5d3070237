import Kernel
import SandboxTesting
import Testing

@testable import Sandbox

@Suite struct ImageHeaderTests {
    /// An image file of two runs, three pages in all.
    private static func file(baseChecksum: UInt64 = 0, source: [UInt8] = []) -> [UInt8] {
        let header = ImageHeader(
            interpreter: [UInt8](1...32), baseChecksum: baseChecksum, memoryBytes: 2 << 16,
            interruptCells: InterruptCells(evalBreaker: 16, evalBreakerBit: 2, signalTripped: 24, anyTripped: 32),
            runs: [.init(firstPage: 1, pageCount: 2), .init(firstPage: 9, pageCount: 1)],
            sourceBytes: source.count)
        var bytes = header.encoded()
        for page in [1, 2, 9] as [UInt8] { bytes += [UInt8](repeating: page, count: Page.bytes) }
        bytes += source + [UInt8](repeating: 0, count: header.fileBytes - bytes.count - source.count)
        seal(&bytes)
        return bytes
    }

    /// Makes the checksum that of the bytes.
    private static func seal(_ bytes: inout [UInt8]) {
        let checksum = bytes.withUnsafeBytes { Checksum.ofImage($0) }
        withUnsafeBytes(of: checksum.littleEndian) { bytes.replaceSubrange(88..<96, with: $0) }
    }

    private func parse(_ bytes: [UInt8]) throws(ImageError) -> ImageHeader {
        let result = bytes.withUnsafeBytes { bytes -> Result<ImageHeader, ImageError> in
            do throws(ImageError) { return .success(try ImageHeader(parsing: bytes)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    @Test func `what was written is read`() throws {
        let header = try parse(Self.file())
        #expect(header.interpreter == [UInt8](1...32))
        #expect(header.memoryBytes == 131_072)
        #expect(header.runs == [.init(firstPage: 1, pageCount: 2), .init(firstPage: 9, pageCount: 1)])
        #expect(header.interruptCells.anyTripped == 32)
        #expect(header.headerBytes == Page.bytes && header.pageCount == 3)
    }

    @Test func `a base image's memory is its pages, and zero between them`() throws {
        let base = try BaseImage(descriptor: MemoryFile.make(Self.file()))
        for page in 0..<32 {
            let start: UnsafeRawPointer = try #require(base.page(page))
            let bytes = UnsafeRawBufferPointer(start: start, count: Page.bytes)
            let expected: UInt8 = [1, 2, 9].contains(page) ? UInt8(page) : 0
            #expect(bytes.allSatisfy { $0 == expected }, "page \(page)")
        }
        #expect(base.page(32) == nil)
    }

    @Test func `any bit of the header or the pages that is turned is noticed`() {
        let file = Self.file()
        for byte in [Array(0..<160), Array(stride(from: 160, to: file.count, by: 97))].joined() {
            for bit in 0..<8 {
                var changed = file
                changed[byte] ^= 1 << bit
                #expect(throws: ImageError.self, "byte \(byte), bit \(bit)") { try parse(changed) }
            }
        }
    }

    @Test func `a file that is cut off or longer is refused`() {
        let file = Self.file()
        for count in [0, 1, 8, 95, 96, 100, 4095, 4096, 4097, 8192, file.count - 4096, file.count - 1] {
            #expect(throws: ImageError.self, "\(count) bytes") { try parse(Array(file.prefix(count))) }
        }
        #expect(throws: ImageError.self) { try parse(file + [UInt8](repeating: 0, count: 4096)) }
    }

    @Test(
        arguments: [
            (8, [3, 0, 0, 0], "the image has another format version or page size"),
            (12, [0, 0, 1, 0], "the image has another format version or page size"),
            (56, [0, 0, 0, 0, 0, 0, 0, 0], "the image's memory size is impossible"),
            (56, [1, 0, 2, 0, 0, 0, 0, 0], "the image's memory size is impossible"),
            (56, [0, 0, 1, 0, 1, 0, 0, 0], "the image's memory size is impossible"),
            (56, [0, 0, 0, 0, 0, 0, 0, 0x80], "the image's memory size is impossible"),
            (64, [0xFF, 0xFF, 0xFF, 0xFF], "the image is cut off"),
            (72, [0xFD, 0xFF, 1, 0], "the image's size does not fit its list of pages"),
            (96, [0xFF, 0xFF, 0xFF, 0xFF], "the image's list of pages is not in order"),
            (100, [0xFF, 0xFF, 0xFF, 0xFF], "the image's list of pages is not in order"),
            (100, [0, 0, 0, 0], "the image's list of pages is not in order"),
            (104, [1, 0, 0, 0], "the image's list of pages is not in order"),
            (104, [32, 0, 0, 0], "the image's list of pages is not in order"),
            (64, [1, 0, 0, 0], "the image's size does not fit its list of pages"),
            (68, [1, 0, 0, 0], "the image's size does not fit its list of pages"),
            (68, [0xFF, 0xFF, 0xFF, 0xFF], "the image's size does not fit its list of pages"),
        ] as [(Int, [UInt8], String)])
    func `forged numbers are refused even under a right checksum`(offset: Int, bytes: [UInt8], sentence: String) {
        var file = Self.file()
        file.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        Self.seal(&file)
        #expect(throws: ImageError(sentence)) { try parse(file) }
    }

    @Test func `the module's source is a file, unless the tree has one of its path`() throws {
        let base = try BaseImage(descriptor: MemoryFile.make(Self.file()))
        let tree = try Trees.small()
        func seen(_ path: String, _ source: [UInt8]) throws -> String {
            let file = Self.file(baseChecksum: base.checksum, source: source)
            let image = try Image(descriptor: MemoryFile.make(file), base: base)
            let files = FileSystem(tree: try image.withSource(tree), now: { 0 })
            return String(decoding: try files.contents(of: path), as: UTF8.self)
        }
        #expect(try seen("srv/workload.py", SourceFile(path: "srv/workload.py", content: [65]).encoded) == "A")
        #expect(try seen("lib/readable", SourceFile(path: "lib/readable", content: [65]).encoded) == "content")
        #expect(try seen("lib/readable", []) == "content")
        for forged in [[1], [1, 0, 0, 0], [255, 255, 255, 255, 65], [1, 0, 0, 0, 0xFF]] as [[UInt8]] {
            #expect(throws: ImageError.self) { try seen("lib/readable", forged) }
        }
    }

    @Test func `an image of another base or interpreter is refused`() throws {
        let base = try BaseImage(descriptor: MemoryFile.make(Self.file()))
        _ = try Image(descriptor: MemoryFile.make(Self.file(baseChecksum: base.checksum)), base: base)
        #expect(throws: ImageError("the image was taken from another base image")) {
            _ = try Image(descriptor: MemoryFile.make(Self.file(baseChecksum: 1)), base: base)
        }
        #expect(throws: ImageError("this is no base image")) {
            _ = try BaseImage(descriptor: MemoryFile.make(Self.file(baseChecksum: 1)))
        }
        #expect(throws: ImageError.self) { _ = try BaseImage(descriptor: MemoryFile.make([])) }
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `random files are refused`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<30 {
            var file = Self.file()
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                file[Int.random(in: 0..<140, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            Self.seal(&file)
            // With a right checksum, some may be images; none may crash the reader or what puts them together.
            if let header = try? parse(file), header.baseChecksum == 0 {
                _ = try? BaseImage(descriptor: MemoryFile.make(file))
            }
        }
    }
}
