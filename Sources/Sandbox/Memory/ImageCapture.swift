internal import CLinux
internal import Glibc
internal import Kernel

/// Writes what a slot's memory holds to a new memory file.
enum ImageCapture {
    /// Runs are joined where fewer pages than this lie between them: a mapping costs more than a few pages of file.
    static let joinedGap = 4

    /// The memory of a booted interpreter, its zero pages left out.
    static func base(
        of memory: GuestMemory, interpreter: [UInt8], cells: InterruptCells
    ) throws(ImageError) -> Descriptor {
        let pages = (0..<memory.byteCount / Page.bytes).filter { !Image.isZero(memory.base + $0 * Page.bytes) }
        return try write(
            memory,
            ImageHeader(
                interpreter: interpreter, baseChecksum: 0, memoryBytes: memory.byteCount, interruptCells: cells,
                runs: joined(pages)))
    }

    /// The pages of a memory that differ from the base image that it was loaded from, and the source of what was imported.
    static func difference(
        of memory: GuestMemory, from base: BaseImage, source: SourceFile?, pagemap: PageMap
    ) throws(ImageError) -> Descriptor {
        let source = source?.encoded ?? []
        let written = pagemap.privatePages(of: memory) ?? [0..<memory.byteCount / Page.bytes]
        let pages = written.joined().filter { Image.differs($0, in: memory.base, from: base) }
        return try write(
            memory,
            ImageHeader(
                interpreter: base.interpreter, baseChecksum: base.checksum, memoryBytes: memory.byteCount,
                interruptCells: base.header.interruptCells, runs: joined(pages), sourceBytes: source.count),
            source)
    }

    /// Pages as runs of pages.
    static func joined(_ pages: [Int]) -> [ImageHeader.Run] {
        var runs: [ImageHeader.Run] = []
        for page in pages {
            if let last = runs.last, page - (last.firstPage + last.pageCount) < joinedGap {
                runs[runs.count - 1].pageCount = page + 1 - last.firstPage
            } else {
                runs.append(.init(firstPage: page, pageCount: 1))
            }
        }
        return runs
    }

    private static func write(
        _ memory: GuestMemory, _ header: ImageHeader, _ source: [UInt8] = []
    ) throws(ImageError) -> Descriptor {
        let head = header.encoded()
        let count = header.fileBytes
        guard let file = Descriptor.memoryFile("image"), ftruncate(file.number, count) == 0,
            let mapped = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_SHARED, file.number, 0), mapped != MAP_FAILED
        else { throw ImageError("no memory to capture an image") }
        head.withUnsafeBytes { mapped.copyMemory(from: $0.baseAddress!, byteCount: head.count) }
        var target = mapped + head.count
        for run in header.runs {
            target.copyMemory(from: memory.base + run.firstPage * Page.bytes, byteCount: run.pageCount * Page.bytes)
            target += run.pageCount * Page.bytes
        }
        source.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: target, count: $0.count).copyMemory(from: $0) }
        let checksum = Checksum.ofImage(UnsafeRawBufferPointer(start: mapped, count: count))
        mapped.storeBytes(of: checksum.littleEndian, toByteOffset: ImageHeader.checksumOffset, as: UInt64.self)
        munmap(mapped, count)
        guard linux_seal(file.number) == 0 else { throw ImageError("the captured image cannot be sealed") }
        return file
    }
}
