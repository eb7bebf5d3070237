import Client
import Glibc

/// Limits of the machine and of this process.
enum ResourceChecks {
    /// What a server with a few workers and its images is comfortable with.
    private static let recommendedMemoryMebibytes = 1024
    private static let recommendedOpenFiles: UInt = 1024
    /// Every sandbox reserves this much address space, of which it uses a small part.
    private static let reservedBytesPerSandbox: UInt = 4 << 30

    static var findings: [Finding] { [memory, addressSpace, openFiles] }

    private static var memory: Finding {
        let name = "Free memory"
        let line = ((try? KernelChecks.text("/proc/meminfo")) ?? "").split(separator: "\n")
            .first { $0.hasPrefix("MemAvailable:") }
        guard let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            return .weak(name, "/proc/meminfo cannot be read", advice: "Mount /proc.")
        }
        let mebibytes = kibibytes / 1024
        return mebibytes >= recommendedMemoryMebibytes
            ? .good(name, "\(mebibytes) MiB")
            : .weak(
                name, "\(mebibytes) MiB",
                advice: "Less than \(recommendedMemoryMebibytes) MiB: start the server with fewer workers and threads.")
    }

    private static var addressSpace: Finding {
        let name = "Address space"
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        if UInt(limit.rlim_cur) / reservedBytesPerSandbox < 64 {
            return .broken(
                name, "limited to \(limit.rlim_cur >> 20) MiB",
                advice: "Every sandbox reserves 4 GiB of addresses, not of memory: `ulimit -v unlimited`.")
        }
        let policy = ((try? KernelChecks.text("/proc/sys/vm/overcommit_memory")) ?? "").trimmed
        return policy == "2"
            ? .weak(
                name, "vm.overcommit_memory is 2: the kernel counts what is reserved as used",
                advice: "`sysctl vm.overcommit_memory=0`, if the server fails to start workers.")
            : .good(name, "unlimited, reserving is free")
    }

    private static var openFiles: Finding {
        let name = "Open files"
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return limit.rlim_cur >= recommendedOpenFiles
            ? .good(name, "\(limit.rlim_cur) at most")
            : .weak(
                name, "\(limit.rlim_cur) at most",
                advice: "Every connection needs one: `ulimit -n \(recommendedOpenFiles * 4)`.")
    }
}
