import Client
import Glibc

/// What belongs to the program beside its binary.
struct InstallationChecks {
    var installation: Installation

    var findings: [Finding] { [library] + guest + [code] }

    private var library: Finding {
        let name = "libwasmtime"
        let maps = (try? KernelChecks.text("/proc/self/maps")) ?? ""
        let line = maps.split(separator: "\n").first { $0.contains("libwasmtime") }
        guard let path = line?.split(separator: " ").last else {
            return .broken(
                name, "not loaded",
                advice: "Put libwasmtime.so into `../lib` beside the folder of the binary: `make dist`.")
        }
        return .good(name, String(path))
    }

    private var guest: [Finding] {
        ["python.wasm", "stdlib.zip", "manifest.json"].map { file in
            if let folder = installation.guestFolders.first(where: { access("\($0)/\(file)", R_OK) == 0 }) {
                return .good(file, "\(folder)/\(file)")
            }
            return .broken(
                file, "not in \(installation.guestFolders.joined(separator: ", "))",
                advice: "Build it with `make deps`, install with `make dist`, or set SWIFTLET_SHARE.")
        }
    }

    private var code: Finding {
        let name = "Compiled interpreter"
        let folder = installation.codeFolder
        guard access(folder, F_OK) == 0 else {
            return MissingFolder.canBeMade(folder)
                ? .good(name, "\(folder) will be made at the first start, which takes some seconds longer")
                : .broken(
                    name, "\(folder) cannot be made",
                    advice: "Make it writable for this user, or choose another with SWIFTLET_CACHE.")
        }
        var information = stat()
        guard stat(folder, &information) == 0, access(folder, W_OK | X_OK) == 0, information.st_mode & 0o022 == 0 else {
            return .broken(
                name, "\(folder) is not writable, or is writable by others",
                advice: "It holds machine code: `chown` it to this user, `chmod 700 \(folder)`, or set SWIFTLET_CACHE.")
        }
        return .good(name, folder)
    }
}
