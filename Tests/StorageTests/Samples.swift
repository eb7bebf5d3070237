import Model
import Storage

/// Things to store. Ids are drawn from a seeded generator and time is a count, so every run is the same.
struct Samples {
    private var generator = SeededGenerator(seed: 7)
    private(set) var now = Timestamp(microseconds: 1_700_000_000_000_000)

    /// A moment after the last one.
    mutating func tick() -> Timestamp {
        now = now + .milliseconds(1)
        return now
    }

    mutating func id() -> UUID7 { UUID7(time: tick(), using: &generator) }

    mutating func function(_ name: String, in namespace: String = "default") throws -> Function {
        let key = FunctionKey(namespace: try Namespace(namespace), name: try FunctionName(name))
        return Function(
            id: id(), key: key, face: .faaspot, version: 1, limits: FunctionLimits(memoryBytes: 64 << 20),
            createdAt: now, updatedAt: now)
    }

    mutating func version(_ number: Int, of function: Function, image: ImageID? = nil) -> FunctionVersion {
        FunctionVersion(
            function: function.id, number: number, source: "def main(args, context):\n    return 'é'\n", entry: "main",
            sealedContext: [0, 255, 1], requirements: "x==1\n",
            packages: PackageUse(
                own: PackageID(String(repeating: "1", count: 64)),
                dependencies: PackageID(String(repeating: "2", count: 64)),
                lock: [LockedDistribution(name: "x", version: "1", sha256: String(repeating: "3", count: 64))]),
            image: image, createdAt: tick())
    }

    mutating func queued(_ function: String? = "hello", input: [UInt8] = Array(#"{"a":1}"#.utf8)) throws -> Execution {
        Execution(
            id: id(), task: .runFunction, trigger: .asynchronous,
            function: try function.map { FunctionKey(name: try FunctionName($0)) }, version: 3, status: .queued,
            input: input, createdAt: now, parent: id())
    }

    mutating func ended(_ status: ExecutionStatus = .succeeded, function: String? = "hello") throws -> Execution {
        var execution = try queued(function)
        execution.status = status
        execution.trigger = .synchronous
        execution.attempts = 1
        execution.output = Array("42".utf8)
        execution.logs = [LogLine(time: now, stream: .stderr, text: "a \"line\" \u{0} é")]
        execution.startedAt = now
        execution.finishedAt = tick()
        execution.usage = ResourceUsage(wallMicroseconds: 3, cpuMicroseconds: 2, peakMemoryBytes: 1 << 33)
        return execution
    }

    /// How many lines of a query plan walk an index of the executions. Here, as GRDB gives `&&` another meaning.
    static func searches(in plan: [String]) -> Int {
        plan.count { $0.hasPrefix("SEARCH executions") && !$0.hasSuffix("(id=?)") }
    }

    static func image(_ digit: Character) -> ImageID { ImageID(String(repeating: digit, count: 64))! }

    static func settlement(
        _ lease: Lease, _ status: ExecutionStatus = .succeeded, output: [UInt8]? = Array("true".utf8)
    ) -> Settlement {
        Settlement(
            id: lease.execution.id, epoch: lease.epoch, status: status, output: output, fault: nil,
            logs: [LogLine(time: lease.execution.createdAt, stream: .stdout, text: "done")],
            usage: ResourceUsage(wallMicroseconds: 10, cpuMicroseconds: 9, peakMemoryBytes: 8),
            finishedAt: lease.execution.createdAt + .seconds(1))
    }
}

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// The code of the error that a request to a store ends with; nil where it succeeds.
func refusal(_ body: () async throws -> Void) async -> StorageError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? StorageError)?.code
    }
}
