#if DEBUG
    import Glibc
    import Model
    import Storage

    @testable import Platform

    extension FuzzTarget {
        /// Host calls of shared files: an operation, and the bytes that its fields are read from. Each is answered, and no tenant
        /// learns or changes what is another's.
        static let sharedFiles = FuzzTarget("shared-files", corpus: sharedFileCorpus) {
            let world = SharedFileWorld()
            return { world.run($0) }
        }

        private static var sharedFileCorpus: [[UInt8]] {
            let (start, all) = (HostFields.bytes(UInt64(0)), HostFields.bytes(UInt64.max))
            let (file, other, hash) = (Array("folder/file".utf8), Array("other".utf8), SharedFileWorld().secretHash)
            let calls: [(FileOperation, [[UInt8]])] = [
                (.write, [file, start, [0], [1, 2, 3]]), (.write, [file, HostFields.bytes(UInt64(3)), [1], [4]]),
                (.status, [file]), (.list, [[]]), (.list, [Array("folder".utf8)]), (.read, [hash, start, all]),
                (.read, [hash, all, all]), (.move, [file, other]), (.delete, [other]),
                (.delete, [Array("secret".utf8)]),
            ]
            let programs = calls.map { CallBytes.encode($0.0.rawValue, $0.1) }
            return programs + [programs.flatMap { $0 }]
        }
    }

    /// Shared files of which ann has one, and calls of ben's.
    private final class SharedFileWorld: Sendable {
        private static let secret = Array("only for ann".utf8)
        /// What ann's file is named by.
        let secretHash: [UInt8]
        private let files: SharedFiles
        private let ann: Namespace
        private let ben: Namespace

        init() {
            var template = Array("/tmp/swiftlet-fuzz-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { fatalError("no folder can be made") }
            let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            do {
                (ann, ben) = (try Namespace("ann"), try Namespace("ben"))
                files = try TaskBox.wait { [ann] in
                    let files = try await SharedFiles(folder: folder, store: MemoryStore())
                    let writer = try files.begin(for: ann)
                    try await writer.append(Self.secret)
                    try await files.finish(writer, as: SharedPath("secret"))
                    return files
                }
                guard case .file(let file) = files.find(try SharedPath("secret"), of: ann) else {
                    fatalError("the secret was not stored")
                }
                secretHash = file.content.bytes
            } catch { fatalError("\(error)") }
        }

        func run(_ input: [UInt8]) {
            do {
                let active = ActiveCalls()
                let (caller, now) = (ExecutionID(high: 1, low: 2), Timestamp(microseconds: 0))
                let function = FunctionKey(namespace: ben, name: try FunctionName("f"))
                active.begin(
                    caller,
                    ActiveCall(function: function, version: 1, trigger: .synchronous, createdAt: now, startedAt: now))
                let calling = FileCalling(files: files, active: active)
                for (number, fields) in CallBytes.decode(input) {
                    guard let operation = FileOperation(rawValue: 48 + number % 6) else { continue }
                    let answer = try TaskBox.wait {
                        await withCheckedContinuation { done in
                            calling.answer(operation, fields, of: caller) { done.resume(returning: $0) }
                        }
                    }
                    if case .success(let bytes) = answer {
                        precondition(!bytes.contains(Self.secret), "ann's file was told")
                    }
                }
                guard case .file(let file) = files.find(try SharedPath("secret"), of: ann) else {
                    fatalError("ann's file is gone")
                }
                precondition(file.content.bytes == secretHash, "ann's file was changed")
            } catch { fatalError("\(error)") }
        }
    }
#endif
