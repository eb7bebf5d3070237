/// The unit in which the kernel and images count memory.
enum Page {
    static let bytes = 4096

    /// Pages that hold `byteCount` bytes.
    static func count(_ byteCount: Int) -> Int { (byteCount + bytes - 1) / bytes }
}
