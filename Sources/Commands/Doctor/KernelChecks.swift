import CLinux
import Client
import Glibc

/// What the sandboxes and their lock-down need of the kernel.
enum KernelChecks {
    static var findings: [Finding] { [changedPages, memoryFiles, systemCallFilter, privileges] }

    private static var changedPages: Finding {
        let name = "Finding changed pages"
        return linux_has_pagemap_scan()
            ? .good(name, "PAGEMAP_SCAN works (Linux \(release))")
            : .weak(
                name, "Linux \(release) lacks PAGEMAP_SCAN",
                advice: "Everything works, but calls are slower. Use Linux 6.7 or newer.")
    }

    private static var memoryFiles: Finding {
        let name = "Memory files"
        let descriptor = linux_memory_file("swiftlet-doctor")
        guard descriptor >= 0 else {
            return .broken(
                name, "memfd_create: \(String(cString: strerror(-descriptor)))",
                advice: "Allow `memfd_create`; a container's seccomp profile may forbid it.")
        }
        close(descriptor)
        return .good(name, "memfd_create works")
    }

    private static var systemCallFilter: Finding {
        let name = "System call filter"
        let actions = (try? text("/proc/sys/kernel/seccomp/actions_avail")) ?? ""
        return actions.contains("kill_process")
            ? .good(name, "seccomp is there")
            : .broken(
                name, "this kernel has no seccomp filters",
                advice: "Use a kernel with CONFIG_SECCOMP_FILTER; every usual one has it.")
    }

    private static var privileges: Finding {
        let name = "Giving up privileges"
        guard let status = try? text("/proc/self/status"), status.contains("NoNewPrivs:") else {
            return .broken(
                name, "no_new_privs cannot be seen in /proc/self/status",
                advice: "Mount /proc; use Linux 4.10 or newer.")
        }
        return getuid() == 0
            ? .good(name, "no_new_privs is there; started as root, the workers change to another user")
            : .good(name, "no_new_privs is there")
    }

    private static var release: String {
        ((try? text("/proc/sys/kernel/osrelease")) ?? "of unknown version").trimmed
    }

    static func text(_ path: String) throws(PrivateFile.Failure) -> String {
        String(decoding: try PrivateFile.read(path), as: UTF8.self)
    }
}

extension String {
    /// Without white space at its ends.
    var trimmed: String { String(withoutEnd.drop(while: \.isWhitespace)) }

    /// Without white space at its end.
    var withoutEnd: String {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
