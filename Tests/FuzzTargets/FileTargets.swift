#if DEBUG
    import Blobs
    import Dispatch
    import Glibc
    import Labels
    import LabelledFiles
    import Model
    import Storage
    import Synchronization

    extension FuzzTarget {
        /// Paths as text: what is accepted must be read again as it is written.
        static let filePaths = FuzzTarget("file-paths", corpus: pathCorpus) {
            { input in
                guard let text = String(validating: input, as: UTF8.self), let path = try? FilePath(parsing: text)
                else { return }
                precondition(path.components.count <= FilePath.maximumComponents)
                for component in path.components {
                    if case .step(let step) = component {
                        precondition(step.name != nil || step.facet != nil, "a step that leads nowhere")
                        precondition(1...FilePath.maximumNameBytes ~= (step.name ?? "x").utf8.count)
                    }
                }
                // A bare label may also be a name with an escape in it: only what has a name is written as it was.
                let again = try? FilePath(parsing: path.description)
                precondition(again?.components.count == path.components.count, "\(path) is read as another path")
                precondition(again?.description == path.description)
            }
        }

        private static var pathCorpus: [[UInt8]] {
            [
                "", ":", "home:<alice,alice>:p.jpg", "home:alice,alice:p.jpg", ":~:x:", "home:%:a", #"a\:b:c\\"#,
                #"home:<a\:b\,c&d|e/f,T>:x"#, "a::b", "~", #"x\y,T"#,
            ].map { Array($0.utf8) }
        }

        /// Host calls of the labelled file system: an operation, and the bytes that its fields are read from. Nobody
        /// may read what is alice's without being tainted by it.
        static let fileCalls = FuzzTarget("file-calls", corpus: callCorpus) {
            let world = FileWorld()
            return { input in
                let fields = (try? HostFields.decode(input))?.map { Array($0) }
                precondition(fields.map { HostFields.encode($0) == input } ?? true, "other fields")
                world.run(input)
            }
        }

        private static var callCorpus: [[UInt8]] {
            let calls: [(FileOperation, [String])] = [
                (.fsRead, ["home:<alice,alice>:secret"]), (.fsList, ["home"]), (.open, ["\0\0\0\0", "home"]),
                (.create, ["\u{1}", "T,T"]), (.link, ["\0\0\0\0", "x", "\u{1}\0\0\0"]),
                (.fsCreateFile, ["home:f", ""]),
                (.fsWrite, ["home:f", "data"]), (.blobCreate, ["\0\0\0\0\0\0\0\0"]), (.labelTaint, ["\0{}"]),
                (.blobFinalize, ["\u{1}\0\0\0", "\u{1}", "home:b", ""]), (.fsOpenBlob, ["home:b"]),
                (.openPath, ["\0\0\0\0", "\0[\"home\", \"a,b\"]"]), (.invoke, ["\u{1}", "home:g", "", "{}"]),
            ]
            let programs = calls.map { call in CallBytes.encode(call.0.rawValue, call.1.map { Array($0.utf8) }) }
            return programs + [programs.flatMap { $0 }]
        }
    }

    /// A labelled file system in which alice has a secret, and somebody else tries calls.
    private final class FileWorld: Sendable {
        private static let secret = Array("only for alice".utf8)
        private let files: LabelledFiles

        init() {
            var template = Array("/tmp/swiftlet-fuzz-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { fatalError("no folder can be made") }
            let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            do {
                let blobs = try BlobFolder(path: folder)
                files = try TaskBox.wait {
                    let files = try await LabelledFiles.open(
                        store: MemoryStore(), blobs: blobs, maximumBytesPerOwner: 1 << 20,
                        now: { Timestamp(microseconds: 0) })
                    let alice = Caller(
                        files, label: .public, privilege: try Component(parsing: "alice"), name: "alice")
                    let calls = FileCalls(alice, runner: NoRunner())
                    let place = Array("~:secret".utf8)
                    for (operation, fields) in [
                        (FileOperation.fsCreateFile, [place, Array("alice,alice".utf8)]),
                        (.fsWrite, [place, Self.secret]),
                    ] { _ = try await calls.answer(operation.rawValue, fields.map { $0[...] }).get() }
                    return files
                }
            } catch { fatalError("\(error)") }
        }

        func run(_ input: [UInt8]) {
            do {
                try TaskBox.wait { [files] in
                    let nobody = Caller(files, label: .public, privilege: .true, name: "nobody")
                    let calls = FileCalls(nobody, runner: NoRunner())
                    for (operation, bytes) in CallBytes.decode(input) {
                        guard let fields = try? HostFields.decode(bytes) else { break }
                        let reply = await calls.answer(64 + operation % 48, fields)
                        guard case .success(let answer) = reply else { continue }
                        let isSecret = calls.label?.canFlow(to: .public) == false
                        precondition(isSecret || !answer.contains(Self.secret), "the secret was told")
                    }
                }
            } catch { fatalError("\(error)") }
        }

    }

    /// What a task came to.
    final class TaskBox<Value: Sendable>: Sendable {
        private let result = Mutex<Result<Value, any Error>?>(nil)

        /// Waits for a task; stores are in memory, so there is nothing to wait for but the disk of blobs.
        static func wait(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
            let done = DispatchSemaphore(value: 0)
            let box = TaskBox()
            Task {
                do { box.set(.success(try await body())) } catch { box.set(.failure(error)) }
                done.signal()
            }
            done.wait()
            return try box.take()
        }

        private func set(_ value: Result<Value, any Error>) { result.withLock { $0 = value } }

        private func take() throws -> Value {
            guard let result = result.withLock({ $0 }) else { fatalError("the task has not ended") }
            return try result.get()
        }
    }

    /// Runs nothing.
    private struct NoRunner: LabelledCallRunner {
        func run(_ call: GateCall) async throws -> CallReply {
            CallReply(succeeded: false, status: 0, label: call.gate.label)
        }

        func send(_ request: ServiceRequest) async throws -> CallReply {
            CallReply(succeeded: false, status: 0, label: .public)
        }

        func result(of invocation: String) async throws -> CallReply? { nil }
    }
#endif
