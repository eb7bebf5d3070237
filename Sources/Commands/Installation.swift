import Client
import Glibc

/// Where this program's own files are.
struct Installation {
    var environment: ClientEnvironment
    /// This program.
    var executablePath: String

    init(environment: ClientEnvironment = .current) {
        self.environment = environment
        var path = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = path.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
        }
        executablePath = String(decoding: path.prefix(max(0, count)), as: UTF8.self)
    }

    /// The folders where the interpreter's files are looked for, the first choice first.
    var guestFolders: [String] {
        if let folder = environment["SWIFTLET_SHARE"] { return [folder] }
        let parts = executablePath.split(separator: "/")
        let prefix = "/" + parts.dropLast(2).joined(separator: "/")
        var folders = ["\(prefix)/share/swiftlet", "\(prefix)/share"]
        // A program that was only built, not installed, uses what was built beside it.
        if let build = parts.lastIndex(of: ".build") {
            folders.append("/" + parts[..<build].joined(separator: "/") + "/.deps/guest")
        }
        return folders
    }

    /// The first of the folders that has the interpreter's files.
    var guestFolder: String? {
        guestFolders.first { access("\($0)/manifest.json", R_OK) == 0 }
    }

    /// Where compiled code is kept, for all servers of this user.
    var codeFolder: String {
        let cache =
            environment["SWIFTLET_CACHE"] ?? "\(environment["XDG_CACHE_HOME"] ?? "\(environment.home)/.cache")/swiftlet"
        return "\(cache)/code"
    }
}
