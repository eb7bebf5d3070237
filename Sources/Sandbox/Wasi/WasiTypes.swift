internal import Wasmtime

/// Error numbers of WASI preview 1.
enum Errno: Int32, Error {
    case success = 0
    case acces = 2
    /// Something must be asked first: for ourselves, guests never see it.
    case again = 6
    case badf = 8
    case exist = 20
    case fbig = 22
    case inval = 28
    case io = 29
    case isdir = 31
    case loop = 32
    case mfile = 33
    case noent = 44
    case nospc = 51
    case nosys = 52
    case notdir = 54
    case notempty = 55
    case notsup = 58
    case perm = 63
    case rofs = 69
    case spipe = 70
    case xdev = 75
    case notcapable = 76
}

/// Kinds of files of WASI preview 1.
enum FileType: UInt8 {
    case characterDevice = 2
    case directory = 3
    case regularFile = 4
    case symbolicLink = 7
}

/// Flags of `path_open` and of open files.
enum OpenFlags {
    static let create: UInt32 = 1
    static let directory: UInt32 = 2
    static let exclusive: UInt32 = 4
    static let truncate: UInt32 = 8
    static let append: UInt16 = 1
    /// Of a lookup: a link at the end of the path is followed.
    static let follow: UInt32 = 1
    static let rightToWrite: UInt64 = 1 << 6
    static let rightToRead: UInt64 = 1 << 1
}

/// What `filestat` tells of a file.
struct FileStatus {
    var inode: UInt64
    var type: FileType
    var size: UInt64
    var modifiedNanoseconds: UInt64 = 0
    /// How many names it has.
    var links: UInt64 = 1

    func store(_ view: GuestView, _ address: UInt32) throws(HostTrap) {
        let target = try view.bytes(address, 64)
        for index in 0..<64 { target[index] = 0 }
        target.storeBytes(of: 1, toByteOffset: 0, as: UInt64.self)
        target.storeBytes(of: inode, toByteOffset: 8, as: UInt64.self)
        target.storeBytes(of: type.rawValue, toByteOffset: 16, as: UInt8.self)
        target.storeBytes(of: links, toByteOffset: 24, as: UInt64.self)
        target.storeBytes(of: size, toByteOffset: 32, as: UInt64.self)
        for offset in [40, 48, 56] { target.storeBytes(of: modifiedNanoseconds, toByteOffset: offset, as: UInt64.self) }
    }
}

/// What `filestat_set_times` is to do with the time of the last change.
enum TimeFlags {
    private static let access: UInt32 = 1
    private static let accessNow: UInt32 = 2
    private static let modification: UInt32 = 4
    private static let modificationNow: UInt32 = 8

    /// The new time of the last change; nil: it stays as it is. Times of access are not kept.
    static func modified(_ flags: UInt32, _ given: UInt64, now: UInt64) throws(Errno) -> UInt64? {
        func has(_ flag: UInt32) -> Bool { flags & flag != 0 }
        guard !(has(access) && has(accessNow)), !(has(modification) && has(modificationNow)) else { throw .inval }
        return has(modificationNow) ? now : has(modification) ? given : nil
    }
}
