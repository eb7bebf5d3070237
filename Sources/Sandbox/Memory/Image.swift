internal import Glibc
internal import Kernel
internal import Synchronization

/// An image, mapped: what a slot's memory is made of before each call.
///
/// A function's image is a difference to the base image, both of them files. Memory that holds another image of the same base
/// becomes this one by copying what either has of its own, which is quicker than mapping them: the guest finds the rest in
/// place. Pages that were copied are then private to a slot, though, and copied again at each reset, so an image that is called
/// often is put together in one memory file and mapped: see ``assemble()``.
final class Image: Sendable {
    let header: ImageHeader
    let base: BaseImage
    private let file: MappedFile?
    /// For each page of the memory: its place in the file, counted from 1; 0 where it is the base's.
    private let places: [UInt32]
    /// All of the image in one memory file; nil while it is not called often.
    private let whole = Mutex<Descriptor?>(nil)
    /// Calls so far.
    private let calls = Atomic<Int>(0)

    /// Takes over `descriptor`, an image file that was taken from `base`.
    init(descriptor: consuming Descriptor, base: BaseImage) throws(ImageError) {
        let file = try MappedFile(descriptor)
        self.file = file
        header = try ImageHeader(parsing: file.bytes)
        guard header.baseChecksum == base.checksum, header.interpreter == base.interpreter else {
            throw ImageError("the image was taken from another base image")
        }
        guard header.memoryBytes >= base.memoryBytes else { throw ImageError("the image is smaller than its base") }
        self.base = base
        var places = [UInt32](repeating: 0, count: header.memoryBytes / Page.bytes)
        var place: UInt32 = 1
        for run in header.runs {
            for page in run.firstPage..<(run.firstPage + run.pageCount) {
                places[page] = place
                place += 1
            }
        }
        self.places = places
    }

    /// The base image itself, as an image to load.
    init(withoutDifferencesTo base: BaseImage) {
        file = nil
        header = base.header.withoutDifferences
        places = [UInt32](repeating: 0, count: base.memoryBytes / Page.bytes)
        self.base = base
    }

    var memoryBytes: Int { header.memoryBytes }

    /// `tree` with the file that the module's source is, unless it has one of that path.
    func withSource(_ tree: FileTree) throws(ImageError) -> FileTree {
        guard let file, header.sourceBytes > 0 else { return tree }
        guard let (path, content) = SourceFile.parse(header.source, of: file.bytes) else {
            throw ImageError("the image's source has another form")
        }
        return FileTree(tree, adding: path, in: file, at: content)
    }

    /// Counts a call and returns how many there were before it.
    func countCall() -> Int { calls.wrappingAdd(1, ordering: .relaxed).oldValue }

    var isWhole: Bool { whole.withLock { $0 != nil } }

    /// Puts the image together in one memory file. Does nothing where the system has no memory for it.
    func assemble() {
        guard let file = Descriptor.memoryFile("image"), ftruncate(file.number, memoryBytes) == 0,
            let mapped = mmap(nil, memoryBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.number, 0),
            mapped != MAP_FAILED
        else { return }
        for run in base.header.runs + header.runs {
            restore(pages: run.firstPage, run.firstPage + run.pageCount, in: mapped)
        }
        munmap(mapped, memoryBytes)
        whole.withLock { $0 = file }
    }

    /// Gives the memory of ``assemble()`` back.
    func disassemble() { whole.withLock { $0 = nil } }

    /// Lays the image over `memory`, privately. What was there is gone. False where the system has no room for the mappings.
    func map(over memory: UnsafeMutableRawPointer) -> Bool {
        let flags = MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE
        let protection = PROT_READ | PROT_WRITE
        if let whole = whole.withLock({ $0 }) {
            defer { withExtendedLifetime(whole) {} }
            return mmap(memory, memoryBytes, protection, flags, whole.number, 0) != MAP_FAILED
        }
        guard mmap(memory, base.memoryBytes, protection, flags, base.descriptor, 0) != MAP_FAILED else { return false }
        if memoryBytes > base.memoryBytes {
            let rest = memory + base.memoryBytes
            let mapped = mmap(rest, memoryBytes - base.memoryBytes, protection, flags | MAP_ANONYMOUS, -1, 0)
            guard mapped != MAP_FAILED else { return false }
        }
        guard let file else { return true }
        var offset = header.headerBytes
        for run in header.runs {
            let bytes = run.pageCount * Page.bytes
            let target = memory + run.firstPage * Page.bytes
            guard mmap(target, bytes, protection, flags, file.descriptor, offset) != MAP_FAILED else { return false }
            offset += bytes
        }
        return true
    }

    /// How many pages differ from the base's.
    var differingPages: Int { header.runs.reduce(0) { $0 + $1.pageCount } }

    /// Above this many pages of both images, mapping costs less than copying.
    private static let maximumCopiedPages = 3072

    /// Whether memory that holds `other` can be turned into this image by copying.
    func canReplace(_ other: Image) -> Bool {
        base === other.base && !isWhole && memoryBytes >= other.memoryBytes
            && differingPages + other.differingPages <= Self.maximumCopiedPages
    }

    /// Turns memory that holds `other` into this image.
    func replace(_ other: Image, in memory: UnsafeMutableRawPointer) {
        for run in other.header.runs {
            for page in run.firstPage..<(run.firstPage + run.pageCount) where places[page] == 0 {
                restore(pages: page, page + 1, in: memory)
            }
        }
        for run in header.runs { restore(pages: run.firstPage, run.firstPage + run.pageCount, in: memory) }
    }

    /// Copies pages `first ..< end` of the image to `memory`.
    func restore(pages first: Int, _ end: Int, in memory: UnsafeMutableRawPointer) {
        for page in first..<end {
            let target = memory + page * Page.bytes
            let place = places[page]
            if place > 0, let file {
                let source = file.bytes.baseAddress! + header.headerBytes + Int(place - 1) * Page.bytes
                target.copyMemory(from: source, byteCount: Page.bytes)
            } else if let source = base.page(page) {
                target.copyMemory(from: source, byteCount: Page.bytes)
            } else {
                memset(target, 0, Page.bytes)
            }
        }
    }

    /// Whether a page of `memory` differs from what the base image has there.
    static func differs(_ page: Int, in memory: UnsafeMutableRawPointer, from base: BaseImage) -> Bool {
        let bytes = memory + page * Page.bytes
        if let source = base.page(page) { return memcmp(bytes, source, Page.bytes) != 0 }
        return !isZero(bytes)
    }

    static func isZero(_ page: UnsafeRawPointer) -> Bool {
        let words = page.assumingMemoryBound(to: UInt64.self)
        for index in 0..<(Page.bytes / 8) where words[index] != 0 { return false }
        return true
    }
}

/// The memory of the booted interpreter, whole, in a memory file that all slots of this process share.
final class BaseImage: Sendable {
    let header: ImageHeader
    private let memory: Descriptor
    // SAFETY: a read-only mapping that lives as long as this object.
    nonisolated(unsafe) private let bytes: UnsafeRawBufferPointer

    /// Puts the memory together from an image file, which is then closed.
    init(descriptor: consuming Descriptor) throws(ImageError) {
        let file = try MappedFile(descriptor)
        let header = try file.withBytes { bytes throws(ImageError) in try ImageHeader(parsing: bytes) }
        self.header = header
        guard header.baseChecksum == 0 else { throw ImageError("this is no base image") }
        guard let memory = Descriptor.memoryFile("base"), ftruncate(memory.number, header.memoryBytes) == 0,
            let mapped = mmap(nil, header.memoryBytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory.number, 0),
            mapped != MAP_FAILED
        else { throw ImageError("no memory for the base image") }
        file.withBytes { bytes in
            var source = bytes.baseAddress! + header.headerBytes
            for run in header.runs {
                (mapped + run.firstPage * Page.bytes).copyMemory(from: source, byteCount: run.pageCount * Page.bytes)
                source += run.pageCount * Page.bytes
            }
        }
        mprotect(mapped, header.memoryBytes, PROT_READ)
        self.memory = memory
        bytes = UnsafeRawBufferPointer(start: mapped, count: header.memoryBytes)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count) }

    var descriptor: Int32 { memory.number }
    var memoryBytes: Int { header.memoryBytes }
    var checksum: UInt64 { header.checksum }
    var interpreter: [UInt8] { header.interpreter }

    /// The bytes of a page; nil beyond the end, where memory is zero.
    func page(_ index: Int) -> UnsafeRawPointer? {
        let offset = index * Page.bytes
        return offset < bytes.count ? bytes.baseAddress! + offset : nil
    }
}
