internal import Crypto
internal import FoundationEssentials
internal import Glibc
internal import Kernel
internal import Model

/// Image files, named by their content. They are a cache: what is lost or damaged is taken anew from a function's source.
///
/// `FOLDER/INTERPRETER/DIGEST.base`, and beside it `FOLDER/INTERPRETER/DIGEST/IMAGE.image` for what was taken from that base:
/// an image without its base is of no use, so another interpreter or base never finds it.
struct ImageStore: Sendable {
    private let folder: String
    /// Compiled code of users' modules, which needs no base.
    let code: CodeShelf

    init(folder: String, interpreter: String) throws(WorkerError) {
        self.folder = "\(folder)/\(interpreter.prefix(32))"
        try Self.makeFolder(self.folder)
        code = try CodeShelf(folder: folder, compiler: CompiledCode.programIdentity())
    }

    static func makeFolder(_ path: String) throws(WorkerError) {
        do throws(PrivateFolder.Failure) { try PrivateFolder.make(path) } catch {
            throw WorkerError("the folder \(path) for images cannot be made: \(error)")
        }
    }

    // MARK: The base

    /// The base image and its digest; nil where there is none. A damaged one is deleted.
    func base() -> (Descriptor, digest: String)? {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names.sorted() where name.hasSuffix(".base") {
            let number = open("\(folder)/\(name)", O_RDONLY | O_CLOEXEC)
            guard number >= 0 else { continue }
            let file = Descriptor(takingOver: number)
            if let digest = try? Self.digest(of: file), name == "\(digest).base" { return (file, digest) }
            unlink("\(folder)/\(name)")
        }
        return nil
    }

    /// Stores the base image that a worker captured, and returns its digest.
    func storeBase(_ captured: Descriptor) throws(WorkerError) -> String {
        let digest = try Self.digest(of: captured)
        try Self.copy(captured, to: "\(folder)/\(digest).base")
        return digest
    }

    // MARK: Functions' images

    /// The place for images that were taken from one base.
    struct Shelf: Sendable {
        fileprivate let folder: String
        fileprivate let code: CodeShelf

        /// What calls can start from.
        struct Content {
            var file: Descriptor
            /// Compiled code, and no image of a memory.
            var isCode: Bool
        }

        /// Opens an image, or compiled code; nil where it is not here.
        func open(_ id: ImageID) -> Content? {
            let number = Glibc.open(path(id), O_RDONLY | O_CLOEXEC)
            guard number < 0 else { return Content(file: Descriptor(takingOver: number), isCode: false) }
            return code.open(id).map { Content(file: $0, isCode: true) }
        }

        /// Stores what a worker captured, under its content's name.
        func store(_ captured: Descriptor) throws(WorkerError) -> ImageID {
            let digest = try ImageStore.digest(of: captured)
            guard let id = ImageID(digest) else { throw WorkerError("\(digest) is no digest") }
            if access(path(id), R_OK) != 0 { try ImageStore.copy(captured, to: path(id)) }
            return id
        }

        func remove(_ id: ImageID) {
            unlink(path(id))
            code.remove(id)
        }

        private func path(_ id: ImageID) -> String { "\(folder)/\(id.rawValue).image" }
    }

    func shelf(forBase digest: String) throws(WorkerError) -> Shelf {
        let path = "\(folder)/\(digest.prefix(32))"
        try Self.makeFolder(path)
        return Shelf(folder: path, code: code)
    }

    // MARK: Files

    private static let chunkBytes = 1 << 20

    /// Gives `body` the content of a file, piece by piece, wherever its position is.
    static func read(_ file: Descriptor, _ body: (UnsafeRawBufferPointer) throws(WorkerError) -> Void)
        throws(WorkerError)
    {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkBytes, alignment: 4096)
        defer { buffer.deallocate() }
        var offset = 0
        while true {
            let count = pread(file.number, buffer.baseAddress, buffer.count, offset)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw WorkerError("an image cannot be read: \(String(cString: strerror(errno)))") }
            guard count > 0 else { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += count
        }
    }

    private static func digest(of file: Descriptor) throws(WorkerError) -> String {
        var hash = SHA256()
        try read(file) { bytes throws(WorkerError) in hash.update(bufferPointer: bytes) }
        return Hexadecimal.text(hash.finalize())
    }

    /// Writes a new file beside `path` and puts it in its place whole.
    static func copy(_ source: Descriptor, to path: String) throws(WorkerError) {
        let temporary = "\(path).\(getpid()).\(source.number).new"
        let number = Glibc.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard number >= 0 else { throw WorkerError("\(temporary) cannot be made: \(String(cString: strerror(errno)))") }
        let target = Descriptor(takingOver: number)
        do throws(WorkerError) {
            try read(source) { bytes throws(WorkerError) in
                guard target.write(bytes) else {
                    throw WorkerError("\(path) cannot be written: \(String(cString: strerror(errno)))")
                }
            }
            guard rename(temporary, path) == 0 else { throw WorkerError("\(path) cannot be put in place") }
        } catch {
            unlink(temporary)
            throw error
        }
    }
}
