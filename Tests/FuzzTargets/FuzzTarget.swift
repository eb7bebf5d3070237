#if DEBUG
    import Kernel
    import Model
    @testable import Sandbox
    import SandboxTesting
    import Wire

    /// One decoder of bytes that somebody else wrote.
    struct FuzzTarget: Sendable {
        let name: String
        /// Inputs to begin with.
        let corpus: [[UInt8]]
        /// Makes what tries one input. It fails by ending the process.
        let prepare: @Sendable () -> ([UInt8]) -> Void

        init(
            _ name: String, corpus: [[UInt8]], prepare: @escaping @Sendable () -> ([UInt8]) -> Void
        ) {
            self.name = name
            self.corpus = corpus
            self.prepare = prepare
        }

        static let all = [
            addresses, codeFile, context, credentials, events, fileCalls, filePaths, forms, frames, gatewayAnswers,
            gatewayRequests, hostCalls, hostFields, imageHeader, json, labels, moduleOutline, packages, requirements,
            sharedFiles, tokens, toml, zipDirectory,
        ]

        /// Frames between server and worker: a frame that is accepted must be encoded to the same bytes.
        private static let frames = FuzzTarget("frames", corpus: frameCorpus) {
            { input in
                if let frame = try? input.withUnsafeBytes({ try FrameCodec.decodeServerFrame($0) }) {
                    precondition(Array(FrameCodec.encode(frame).dropFirst(4)) == input, "another encoding of \(frame)")
                }
                if let frame = try? input.withUnsafeBytes({ try FrameCodec.decodeWorkerFrame($0) }) {
                    precondition(Array(FrameCodec.encode(frame).dropFirst(4)) == input, "another encoding of \(frame)")
                }
                var splitter = FrameSplitter()
                input.withUnsafeBytes { splitter.append($0) }
                while let count = try? splitter.next({ $0.count }) { precondition(count <= input.count) }
            }
        }

        private static var frameCorpus: [[UInt8]] {
            let limits = FunctionLimits.standard
            let outcome = RunOutcome(
                ending: .trapped("why"), output: [1, 2, 3], outputWasCut: true, errorReport: [4],
                logs: [LogLine(time: Timestamp(microseconds: 1), stream: .stderr, text: "line")],
                usage: ResourceUsage(wallMicroseconds: 1, cpuMicroseconds: 2, peakMemoryBytes: 3), openPaths: ["tmp/a"])
            let server: [ServerFrame] = [
                .hello(version: 1), .boot(1), .base, .image(2, mounts: [WireMount(package: 1, path: "srv")]),
                .dropImage(3),
                .prepare(4, manifest: [5], source: [6, 7], path: "p", limits: limits, mounts: []), .package(8),
                .dropPackage(8),
                .call(
                    5, image: 6, limits: limits, input: [1], context: [2, 2], environment: [], detail: [3], tenant: "t"),
                .cancel(6),
                .hostReply(7, succeeded: true, [1, 2, 3]), .generations,
                .stateCopy(tenant: "t", key: "k", place: 8, generation: 9, bytes: [1]),
                .stateCopy(tenant: "t", key: "k", place: 8, generation: 9, bytes: nil),
            ]
            let worker: [WorkerFrame] = [
                .hello(version: 1), .finished(1, outcome, hasImage: true), .failed(2, message: "no"),
                .hostRequest(3, operation: 16, [1, 2]), .printed(4, outcome.logs),
            ]
            let frames = server.map { FrameCodec.encode($0) } + worker.map { FrameCodec.encode($0) }
            return frames.map { Array($0.dropFirst(4)) } + frames
        }

        /// Image files, with a right checksum: damage is found by that, but this is about what comes before and after it.
        private static let imageHeader = FuzzTarget("image-header", corpus: [imageCorpus]) {
            { input in
                var file = input
                file += [UInt8](repeating: 0, count: (Page.bytes - file.count % Page.bytes) % Page.bytes)
                if file.count >= Page.bytes {
                    let checksum = file.withUnsafeBytes { Checksum.ofImage($0) }
                    withUnsafeBytes(of: checksum.littleEndian) { file.replaceSubrange(88..<96, with: $0) }
                }
                guard let header = try? file.withUnsafeBytes({ try ImageHeader(parsing: $0) }) else { return }
                guard header.memoryBytes <= 64 << 20 else { return }
                guard header.baseChecksum == 0, let base = try? BaseImage(descriptor: MemoryFile.make(file)) else {
                    return
                }
                for run in header.runs {
                    precondition(base.page(run.firstPage + run.pageCount - 1) != nil, "a page outside the memory")
                }
            }
        }

        private static var imageCorpus: [UInt8] {
            let header = ImageHeader(
                interpreter: [UInt8](1...32), baseChecksum: 0, memoryBytes: 2 << 16,
                interruptCells: InterruptCells(evalBreaker: 16, evalBreakerBit: 2, signalTripped: 24, anyTripped: 32),
                runs: [.init(firstPage: 1, pageCount: 1), .init(firstPage: 9, pageCount: 1)])
            return header.encoded() + [UInt8](repeating: 1, count: 2 * Page.bytes)
        }

        /// The interpreter's library.
        private static let zipDirectory = FuzzTarget("zip-directory", corpus: zipCorpus) {
            { input in
                guard let entries = try? input.withUnsafeBytes({ try ZipDirectory.entries(of: $0) }) else { return }
                for entry in entries {
                    precondition(entry.offset >= 0 && entry.count >= 0 && entry.offset + entry.count <= input.count)
                    precondition(!entry.name.split(separator: "/").contains(".."))
                }
                _ = try? FileTree(storedZip: MemoryFile.make(input), mountPoint: "lib")
            }
        }

        private static var zipCorpus: [[UInt8]] {
            [
                StoredZip().encoded, StoredZip([("a", [1, 2, 3])]).encoded,
                StoredZip([("a/", []), ("a/b.py", Array("x = 1".utf8)), ("a/c/d", [])]).encoded,
            ]
        }

        /// Everything that a guest can say to its host.
        private static let hostCalls = FuzzTarget("host-calls", corpus: HostCallProgram.corpus) {
            let runner = HostCallRunner()
            return { runner.run(HostCallProgram(parsing: $0)) }
        }
    }
#endif
