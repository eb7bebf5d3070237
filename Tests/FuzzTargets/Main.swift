#if DEBUG
    import Glibc
    import SandboxTesting

    /// Runs one fuzz target for a bounded time:
    ///
    ///     FuzzTargets TARGET [--seconds N] [--seed N]
    ///     FuzzTargets TARGET --input FILE
    ///
    /// Each input is in a file before it is tried. Where one ends the process, that file holds it.
    @main
    struct Main {
        static func main() {
            var words = Array(CommandLine.arguments.dropFirst())
            guard let name = words.first, let target = FuzzTarget.all.first(where: { $0.name == name }) else {
                fail("Name one of: \(FuzzTarget.all.map(\.name).joined(separator: ", "))")
            }
            words.removeFirst()
            var options: [String: String] = [:]
            while words.count >= 2 {
                options[words[0]] = words[1]
                words.removeFirst(2)
            }
            if let path = options["--input"] {
                guard let input = Files.read(path) else { fail("\(path) cannot be read") }
                target.prepare()(input)
                return say("\(name): this input does no harm")
            }
            let seed = options["--seed"].flatMap { UInt64($0) } ?? UInt64.random(in: .min ... .max)
            let seconds = options["--seconds"].flatMap { Int($0) } ?? 10
            run(target, seed: seed, seconds: seconds)
        }

        private static func run(_ target: FuzzTarget, seed: UInt64, seconds: Int) {
            let path =
                "\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/swiftlet-fuzz-\(target.name)-\(getpid()).input"
            say("\(target.name): seed \(seed), \(seconds) s; the input that is tried is in \(path)")
            var mutator = Mutator(seed: seed, corpus: target.corpus)
            let attempt = target.prepare()
            let file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
            guard file >= 0 else { fail("\(path) cannot be written") }
            let end = time(nil) + seconds
            var count = 0
            while time(nil) < end {
                let input = mutator.next()
                ftruncate(file, input.count)
                _ = input.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
                attempt(input)
                count += 1
            }
            unlink(path)
            say("\(target.name): \(count) inputs, no harm")
        }

        private static func say(_ text: String) {
            let line = Array((text + "\n").utf8)
            _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        }

        private static func fail(_ text: String) -> Never {
            say(text)
            exit(64)
        }
    }

    /// Whole files.
    enum Files {
        static func read(_ path: String) -> [UInt8]? {
            guard let file = fopen(path, "r") else { return nil }
            defer { fclose(file) }
            var bytes: [UInt8] = []
            while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
            return bytes
        }
    }
#else
    /// The insides of the sandbox are only open in debug builds.
    @main
    struct Main {
        static func main() {}
    }
#endif
