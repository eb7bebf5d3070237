internal import Kernel

/// A module's source as the file that it says it is: functions open what `__file__` names.
///
/// In an image: the length of the path (u32), the path, the content.
struct SourceFile {
    /// From the root, without a slash in front: `pyfuncs/python/hello/function.py`.
    var path: String
    var content: [UInt8]

    var encoded: [UInt8] {
        withUnsafeBytes(of: UInt32(path.utf8.count).littleEndian) { Array($0) } + Array(path.utf8) + content
    }

    /// The path, and where the content is in a file that ``encoded`` is a part of; nil where it has another form.
    static func parse(_ part: Range<Int>, of file: UnsafeRawBufferPointer) -> (path: String, content: Range<Int>)? {
        let head = part.lowerBound + 4
        guard part.count >= 4, part.upperBound <= file.count else { return nil }
        let length = UInt32(littleEndian: file.loadUnaligned(fromByteOffset: part.lowerBound, as: UInt32.self))
        guard Int(length) <= part.upperBound - head,
            let path = String(validating: file[head..<head + Int(length)], as: UTF8.self)
        else { return nil }
        return (path, head + Int(length)..<part.upperBound)
    }

    /// `tree` with this file, unless it has one of that path.
    func added(to tree: FileTree) throws(ImageError) -> FileTree {
        let bytes = encoded
        guard let file = Descriptor.memoryFile("source"), bytes.withUnsafeBytes({ file.write($0) }) else {
            throw ImageError("no memory for a module's source")
        }
        return FileTree(tree, adding: path, in: try MappedFile(file), at: bytes.count - content.count..<bytes.count)
    }
}
