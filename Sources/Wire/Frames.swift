public import Model

/// The version of the frames; both processes are of one binary, so another one is an error.
public let wireVersion: UInt32 = 5

/// Names a run between one server and one worker.
public typealias RunNumber = UInt64

/// Names an image between one server and one worker.
public typealias ImageNumber = UInt32

/// Names a package between one server and one worker.
public typealias PackageNumber = UInt32

/// A package that the worker knows, and where guests see it.
public struct WireMount: Hashable, Sendable {
    public var package: PackageNumber
    /// Without a slash at either end.
    public var path: String

    public init(package: PackageNumber, path: String) {
        self.package = package
        self.path = path
    }
}

/// What a server says to a worker.
public enum ServerFrame: Equatable, Sendable {
    case hello(version: UInt32)
    /// Boot the interpreter and send its memory back.
    case boot(RunNumber)
    /// The descriptor that comes with this is the base image.
    case base
    /// The descriptor that comes with this is an image, or compiled code, to be known by a number; its calls see these
    /// packages.
    case image(ImageNumber, mounts: [WireMount])
    /// An image will not be called any more.
    case dropImage(ImageNumber)
    /// The descriptor that comes with this is the archive of a package, to be known by a number.
    case package(PackageNumber)
    /// A package will not be named any more.
    case dropPackage(PackageNumber)
    /// Import a module that sees these packages and send the memory back. The manifest is a JSON object for the guest; the source
    /// is a file of this path there.
    case prepare(
        RunNumber, manifest: [UInt8], source: [UInt8], path: String, limits: FunctionLimits, mounts: [WireMount])
    /// Environment and detail are JSON objects for the guest. Of compiled code the environment is a list of fields
    /// (`NAME=VALUE` each), and the detail two: the entry, and the command line. `tenant`: whose shared state it sees; empty:
    /// nobody's.
    case call(
        RunNumber, image: ImageNumber, limits: FunctionLimits, input: [UInt8], context: [UInt8], environment: [UInt8],
        detail: [UInt8], tenant: String)
    case cancel(RunNumber)
    /// The answer to a worker's `hostRequest`.
    case hostReply(RunNumber, succeeded: Bool, [UInt8])
    /// The descriptor that comes with this is the memory of the generations of shared state.
    case generations
    /// The value of a tenant's key, good as long as its place among the generations holds this one. Without bytes, the
    /// descriptor that comes with this has them.
    case stateCopy(tenant: String, key: String, place: UInt32, generation: UInt64, bytes: [UInt8]?)
}

/// What a worker says to its server.
public enum WorkerFrame: Equatable, Sendable {
    case hello(version: UInt32)
    /// A run ended. With `hasImage`, the descriptor that comes with this is the captured memory.
    case finished(RunNumber, RunOutcome, hasImage: Bool)
    /// A run could not be done at all; the platform's fault.
    case failed(RunNumber, message: String)
    /// A call named an image that this worker does not know or could not use.
    case imageMissing(RunNumber)
    /// What a run that is under way has printed since the last such frame. The outcome has all lines again.
    case printed(RunNumber, [LogLine])
    /// A guest asks the platform for something.
    case hostRequest(RunNumber, operation: UInt32, [UInt8])
}

extension ServerFrame {
    /// Whether a descriptor comes with it.
    public var carriesDescriptor: Bool {
        switch self {
        case .base, .image, .package, .generations, .stateCopy(_, _, _, _, bytes: nil): true
        default: false
        }
    }
}

extension WorkerFrame {
    /// Whether a descriptor comes with it.
    public var carriesDescriptor: Bool {
        if case .finished(_, _, hasImage: true) = self { true } else { false }
    }
}
