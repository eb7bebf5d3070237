public import Blobs
import Kernel
public import LabelledFiles
public import Logging
import Model
import Packages
public import Platform
import Synchronization

/// The platform's functions that gates run. Each is named after its content and deployed once, however many gates have it.
public final class GateFunctions: Sendable {
    private let platform: Platform
    private let blobs: BlobFolder
    private let logger: Logger
    /// What is known to be deployed.
    private let known = Mutex<Set<FunctionName>>([])
    /// Each is deployed by one at a time.
    private let deploys = KeyedGate<FunctionName>()

    /// Functions that gates were made of, and that nobody may have called yet.
    let fresh: AsyncStream<GateFunction>
    private let freshFeed: AsyncStream<GateFunction>.Continuation

    public init(platform: Platform, blobs: BlobFolder, logger: Logger) {
        self.platform = platform
        self.blobs = blobs
        self.logger = logger
        // Who makes more at once has the others wait for their first call.
        (fresh, freshFeed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
    }

    /// Why no gate may be made of a function: a sentence. Its package is looked at where it is given, and its requirements
    /// are resolved; what comes of its import is told to who calls it.
    public func objection(to function: GateFunction, _ package: BlobReader?) async -> String? {
        guard !GatePackage.isFsutil(function) else { return nil }
        do throws(GateFailure) {
            let (_, name) = try Self.name(of: function)
            guard !known.withLock({ $0.contains(name) }) else { return nil }
            if let package { try await check(name, package) }
        } catch {
            if case .launch(let detail) = error { return detail }
            // Whoever calls it is told what the server fails at.
        }
        freshFeed.yield(function)
        return nil
    }

    private func check(_ name: FunctionName, _ package: BlobReader) async throws(GateFailure) {
        let code = try await code(of: package)
        do throws(PlatformError) { try await platform.checkRequirements(of: code, name, .faasten) } catch {
            throw GateFailure(ofLaunch: error)
        }
    }

    /// The name of a function that can be called now; it is deployed where it is not.
    func ready(_ function: GateFunction) async throws(GateFailure) -> FunctionName {
        let (app, name) = try Self.name(of: function)
        if known.withLock({ $0.contains(name) }) { return name }
        try await deploys.pass([name]) { () async throws(GateFailure) in
            if known.withLock({ $0.contains(name) }) { return }
            try await deploy(name, app, function)
            known.withLock { _ = $0.insert(name) }
        }
        return name
    }

    /// Whether a call that was not begun for this reason may be begun anew, after what was lost was let go.
    func recover(_ name: FunctionName, from error: PlatformError) async -> Bool {
        var isLost = error.code == .functionNotFound
        if case .packageUnavailable? = error.cause as? SandboxRefusal {
            isLost = true
            do { try await platform.removeConfined(name) } catch { return false }
        }
        if isLost { known.withLock { _ = $0.remove(name) } }
        return isLost
    }

    /// Lets those go whose packages no gate names any more. One that is called all the same is deployed anew.
    func collect(naming named: Set<BlobHash>) async throws {
        for name in try await platform.confinedFunctions() {
            guard let app = BlobHash(name.rawValue.prefix(2 * BlobHash.byteCount)), !named.contains(app) else {
                continue
            }
            known.withLock { _ = $0.remove(name) }
            try await platform.removeConfined(name)
            logger.info("the function of a gate was let go", metadata: ["function": "\(name)"])
        }
    }

    private func deploy(
        _ name: FunctionName, _ app: BlobHash, _ function: GateFunction
    ) async throws(GateFailure) {
        let package: BlobReader?
        do { package = try blobs.read(app) } catch { throw .failed("The package could not be read: \(error).") }
        guard let package else { throw .launch(detail: "The package is lost.") }
        let code = try await code(of: package)
        let limits = Self.limits(memoryMegabytes: function.memoryMegabytes)
        for attempt in 0... {
            do throws(PlatformError) {
                return try await platform.deploy(
                    ConfinedFunction(name: name, face: .faasten, code: code, limits: limits))
            } catch {
                // A launch that failed for the server's own sake is tried twice more.
                guard error.code == .unavailable, attempt < 2 else { throw GateFailure(ofLaunch: error) }
            }
        }
    }

    private func code(of package: BlobReader) async throws(GateFailure) -> ConfinedCode {
        do {
            return try await withTaskExecutorPreference(globalConcurrentExecutor) { try GatePackage.code(of: package) }
        } catch let error as PackageError where error.code != .unavailable {
            throw .launch(detail: error.message)
        } catch {
            throw .failed("The package could not be read: \(error).")
        }
    }

    /// The name says what is in it; of runtimes there is one.
    private static func name(of function: GateFunction) throws(GateFailure) -> (app: BlobHash, FunctionName) {
        switch function.runtime {
        case .name(let runtime) where runtime != pythonName:
            throw .launch(detail: "This server has no runtime `\(runtime)`; it has `\(pythonName)`.")
        case .builtIn(let name): throw .launch(detail: "This server has nothing built in of the name `\(name)`.")
        case .name, .blob: break
        }
        guard let app = function.app else { throw .launch(detail: "The gate names no package.") }
        do { return (app, try FunctionName("\(app)-\(function.memoryMegabytes)-\(pythonName)")) } catch {
            throw .failed("The function has no name.")
        }
    }

    private static let pythonName = "python"

    /// Time is bounded for each call, by the gate that it comes through.
    private static func limits(memoryMegabytes: Int) -> FunctionLimits {
        var limits = FunctionLimits.maximum
        let memory = memoryMegabytes.multipliedReportingOverflow(by: 1 << 20)
        limits.memoryBytes = min(
            memory.overflow ? .max : max(memory.partialValue, FunctionLimits.minimum.memoryBytes), limits.memoryBytes)
        limits.logBytes = FunctionLimits.standard.logBytes
        // A file is written by one request, with its path beside it.
        limits.inputBytes = FileLimits().maximumFileBytes + 2 * FilePath.maximumTextBytes
        limits.outputBytes = FileLimits().maximumFileBytes
        return limits
    }
}

extension GateFailure {
    /// Why a function cannot be called.
    fileprivate init(ofLaunch error: PlatformError) {
        switch error.code {
        case .busy: self = .busy(retryAfterSeconds: error.retryAfterSeconds ?? 1)
        case .invalidCode, .invalidRequest, .invalidRequirements, .tooLarge: self = .launch(detail: error.message)
        default: self = .failed(error.message)
        }
    }
}
