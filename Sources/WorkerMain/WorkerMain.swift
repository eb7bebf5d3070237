internal import CLinux
internal import FrameSocket
internal import Glibc
internal import Kernel
internal import Model
internal import Sandbox
internal import Wire

/// A worker process: runs guest code for one server, locked down, until the server is gone.
public enum WorkerMain {
    /// Descriptors that a locked-down worker may have open: one for each image, and a few.
    private static let maximumDescriptors: UInt64 = 4096

    /// How much less urgent guests are than the server: it has to answer also while functions use all processors.
    private static let niceness: Int32 = 5

    /// Never returns: the process ends with its server (0), or because it could not start (70).
    public static func run(_ options: WorkerOptions) -> Never {
        linux_close_from(options.socket + 1)
        // Before there are other threads, which inherit it.
        _ = nice(niceness)
        signal(SIGPIPE, SIG_IGN)
        let socket = FrameSocket(takingOver: options.socket)
        let queue = WorkQueue(permits: options.permits, maximumThreads: options.threads + options.waiting)
        do {
            let sandbox = try Sandbox(
                SandboxConfiguration(
                    compiledCodePath: options.compiledCodePath, libraryPath: options.libraryPath,
                    interpreter: Hexadecimal.bytes(options.interpreter) ?? [], minimumSlots: options.ready,
                    maximumSlots: options.threads + 8),
                permits: queue)
            let programs = try ProgramSandbox(permits: queue)
            queue.onIdle(sandbox.replenish)
            try lockDown(options.userID, options.groupID, maximumDescriptors)
            // Who is idle makes the sandboxes that are to be ready.
            queue.add {}
            socket.send(FrameCodec.encode(WorkerFrame.hello(version: wireVersion)))
            let runner = Runner(socket: socket, sandbox: sandbox, programs: programs, queue: queue)
            try socket.receive(
                decode: FrameCodec.decodeServerFrame, carriesDescriptor: \.carriesDescriptor,
                take: { frame, descriptor throws(WireError) in try runner.take(frame, descriptor) })
        } catch let error as SandboxError {
            fail(error.message)
        } catch let error as WireError {
            fail("the server sent what is no frame: \(error.message)")
        } catch {
            fail("\(error)")
        }
        exit(0)
    }

    /// Compiles the interpreter: what the server has a process of its own do, before there are workers.
    public static func compile(interpreter path: String, to outputPath: String) -> Never {
        do throws(SandboxError) {
            try Sandbox.compile(module: path, to: outputPath)
        } catch { fail(error.message) }
        exit(0)
    }

    static func lockDown(_ user: UInt32, _ group: UInt32, _ descriptors: UInt64) throws(SandboxError) {
        var step: UnsafePointer<CChar>?
        let result = linux_lock_down(user, group, descriptors, &step)
        guard result == 0 else {
            let name = step.map { String(cString: $0) } ?? "?"
            throw SandboxError("the process could not be locked down (\(name)): \(String(cString: strerror(-result)))")
        }
    }

    static func fail(_ message: String) -> Never {
        let line = "swiftlet worker: \(message)\n"
        _ = line.withCString { write(2, $0, strlen($0)) }
        exit(70)
    }
}
