internal import Crypto
internal import FoundationEssentials
internal import Glibc
internal import Kernel
internal import Model
internal import Sandbox

/// Compiled code of users' modules, named by the module and by what the compiler's output depends on beside it. Like images it
/// is a cache: what is lost, damaged or foreign is compiled anew.
///
/// `FOLDER/code/COMPILER/ID.code`
struct CodeShelf: Sendable {
    private let folder: String
    /// 32 bytes.
    let compiler: [UInt8]

    init(folder: String, compiler: [UInt8]) throws(WorkerError) {
        self.folder = "\(folder)/code/\(Hexadecimal.text(compiler.prefix(16)))"
        self.compiler = compiler
        try ImageStore.makeFolder(self.folder)
    }

    /// The name of a module's code.
    func id(of module: [UInt8]) -> ImageID? {
        var hash = SHA256()
        hash.update(data: compiler)
        hash.update(data: module)
        return ImageID(Hexadecimal.text(hash.finalize()))
    }

    /// Opens a module's code; nil where it is not here, or not ours: it is machine code, and run as it is.
    func open(_ id: ImageID) -> Descriptor? {
        let number = Glibc.open(path(id), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard number >= 0 else { return nil }
        let file = Descriptor(takingOver: number)
        var status = stat()
        return fstat(number, &status) == 0 && CompiledCode.isOurs(status) ? file : nil
    }

    /// The head of a module's code, checked with all of the file; nil where that is not here or cannot be used.
    func header(_ id: ImageID) -> CodeFile? { open(id).flatMap(header) }

    func header(_ file: Descriptor) -> CodeFile? {
        var bytes: [UInt8] = []
        guard (try? ImageStore.read(file, { piece throws(WorkerError) in bytes += piece })) != nil,
            let header = bytes.withUnsafeBytes({ try? CodeFile(parsing: $0) }), header.compiler == compiler
        else { return nil }
        return header
    }

    /// Stores what a compiler made of a module.
    func store(_ code: Descriptor, as id: ImageID) throws(WorkerError) { try ImageStore.copy(code, to: path(id)) }

    func remove(_ id: ImageID) { unlink(path(id)) }

    private func path(_ id: ImageID) -> String { "\(folder)/\(id.rawValue).code" }
}
