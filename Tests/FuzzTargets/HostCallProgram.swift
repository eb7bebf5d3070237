#if DEBUG
    import Model
    import Sandbox
    import SandboxTesting

    /// A guest's calls to its host, made of bytes: 64 that lie about in its memory, then calls with an argument a byte.
    struct HostCallProgram {
        var memory: [UInt8] = []
        var calls: [ScriptedCall] = []

        /// What a byte below 128 means as an argument; from there on, small numbers.
        private static let arguments: [UInt64] = [
            0, 1, 2, 3, 4, 5, 6, 8, 16, 48, 64, 100, 255, 256, 1024, 4095, 4096, 65_535, 65_536, 131_008, 131_064,
            131_068,
            131_071, 131_072, 0x7FFF_FFF8, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF0, 0xFFFF_FFFC, 0xFFFF_FFFF,
            0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF, 100_000, 100_008, 100_016, 100_032,
            100_048,
        ]
        static let memoryAddress = 100_000
        private static let memoryBytes = 64
        private static let maximumCalls = 64

        init(parsing bytes: [UInt8]) {
            memory = Array(bytes.prefix(Self.memoryBytes))
            var rest = bytes.dropFirst(Self.memoryBytes)
            while let byte = rest.popFirst(), calls.count < Self.maximumCalls {
                let function = HostFunction.all[Int(byte) % HostFunction.all.count]
                let arguments = function.parameters.map { _ in
                    let byte = rest.popFirst() ?? 0
                    return byte < 128 ? Self.arguments[Int(byte) % Self.arguments.count] : UInt64(byte - 128)
                }
                calls.append(ScriptedCall(function.name, arguments))
            }
        }

        /// A file is opened, written, read, listed, renamed and removed; the host is asked for input and given output.
        static var corpus: [[UInt8]] {
            let path: UInt8 = 33  // address 100,000, where the memory begins with a path
            let programs: [[(String, [UInt8])]] = [
                [
                    ("path_open", [3, 0, path, 133, 1, 29, 0, 0, 37]), ("fd_write", [4, 35, 1, 37]),
                    ("fd_seek", [4, 0, 0, 37]),
                    ("fd_read", [4, 35, 1, 37]), ("fd_tell", [4, 37]), ("fd_filestat_get", [4, 36]), ("fd_close", [4]),
                    ("path_unlink_file", [3, path, 133]),
                ],
                [
                    ("path_create_directory", [3, path, 133]), ("path_open", [3, 0, path, 133, 2, 0, 0, 0, 37]),
                    ("fd_readdir", [4, 36, 10, 0, 37]), ("path_rename", [3, path, 133, 3, path, 134]),
                    ("fd_renumber", [4, 4]),
                ],
                [
                    ("call", [1, 35, 1, 36, 10]), ("call", [0, 0, 0, 36, 10]), ("call", [2, path, 8, 0, 0]),
                    ("call", [3, path, 8, 0, 0]), ("call", [20, path, 8, 36, 1]), ("random_get", [36, 10]),
                    ("clock_time_get", [1, 0, 37]),
                ],
            ]
            let numbers = Dictionary(uniqueKeysWithValues: HostFunction.all.enumerated().map { ($1.name, UInt8($0)) })
            var memory = Array("tmp/ab/../c".utf8) + [0, 0, 0, 0, 0]
            memory += [0xA0, 0x86, 1, 0, 8, 0, 0, 0, 0xB0, 0x86, 1, 0, 8, 0, 0, 0]
            memory += [UInt8](repeating: 0, count: memoryBytes - memory.count)
            return programs.map { program in memory + program.flatMap { [numbers[$0.0]!] + $0.1 } }
        }
    }

    /// Runs programs, each in a fresh guest, next to one whose memory must stay as it is.
    final class HostCallRunner {
        private let host: ScriptedHost
        private let neighbour: ScriptedGuest
        private let untouched: [UInt8]
        private var guest: ScriptedGuest
        private let limits: FunctionLimits
        private var runs = 0

        init() {
            do {
                host = try ScriptedHost()
                neighbour = try host.guest()
                guest = try host.guest()
            } catch { fatalError("\(error)") }
            var limits = FunctionLimits.standard
            limits.wallTimeMilliseconds = 10
            self.limits = limits
            untouched = neighbour.read(at: 0, count: neighbour.memoryBytes)
        }

        func run(_ program: HostCallProgram) {
            if !guest.isAlive || guest.memoryBytes > 1 << 20 {
                do { guest = try host.guest() } catch { fatalError("\(error)") }
            }
            guest.write(program.memory, at: HostCallProgram.memoryAddress)
            let outcome = guest.run(
                program.calls, limits: limits, parts: [[1, 2, 3], [UInt8](repeating: 7, count: 40_000)])
            if case .trapped(let sentence) = outcome.run.ending { precondition(!sentence.isEmpty) }
            runs += 1
            guard runs % 100 == 0 else { return }
            precondition(neighbour.read(at: 0, count: neighbour.memoryBytes) == untouched, "a neighbour was touched")
        }
    }
#endif
