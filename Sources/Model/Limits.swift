/// What one call of a function may use. A value that is reached ends the call with a sentence that names it.
public struct FunctionLimits: Hashable, Sendable, Codable {
    /// Time from the start of the call to its end.
    public var wallTimeMilliseconds: Int
    /// Processor time of the call.
    public var cpuTimeMilliseconds: Int
    /// Linear memory of the sandbox, the interpreter's own included.
    public var memoryBytes: Int
    /// Encoded result.
    public var outputBytes: Int
    /// What is printed, both streams together.
    public var logBytes: Int
    /// Requests of the guest to its host.
    public var hostCalls: Int
    /// Encoded arguments.
    public var inputBytes: Int

    public init(
        wallTimeMilliseconds: Int = 60_000,
        cpuTimeMilliseconds: Int = 60_000,
        memoryBytes: Int = 256 << 20,
        outputBytes: Int = 6 << 20,
        logBytes: Int = 256 << 10,
        hostCalls: Int = 100_000,
        inputBytes: Int = 6 << 20
    ) {
        self.wallTimeMilliseconds = wallTimeMilliseconds
        self.cpuTimeMilliseconds = cpuTimeMilliseconds
        self.memoryBytes = memoryBytes
        self.outputBytes = outputBytes
        self.logBytes = logBytes
        self.hostCalls = hostCalls
        self.inputBytes = inputBytes
    }

    /// What functions get that ask for nothing else.
    public static let standard = FunctionLimits()

    /// The most that a function may ask for.
    public static let maximum = FunctionLimits(
        wallTimeMilliseconds: 900_000, cpuTimeMilliseconds: 900_000, memoryBytes: (4 << 30) - (64 << 10),
        outputBytes: 64 << 20,
        logBytes: 16 << 20, hostCalls: 10_000_000, inputBytes: 64 << 20)

    /// The least that makes sense: below it not even an empty function runs.
    public static let minimum = FunctionLimits(
        wallTimeMilliseconds: 10, cpuTimeMilliseconds: 10, memoryBytes: 48 << 20, outputBytes: 1 << 10, logBytes: 0,
        hostCalls: 16, inputBytes: 2)

    /// The limits that are outside `minimum ... maximum`, a sentence for each.
    public var violations: [String] {
        Self.named.compactMap { name, unit, path in
            let (least, most) = (Self.minimum[keyPath: path], Self.maximum[keyPath: path])
            let value = self[keyPath: path]
            return least <= value && value <= most
                ? nil : "`\(name)` is \(value), but must be between \(least) and \(most) \(unit)"
        }
    }

    /// Every limit with its name and unit.
    // SAFETY: a constant that is never written; key paths of plain stored properties hold no state.
    nonisolated(unsafe) public static let named:
        [(name: String, unit: String, path: WritableKeyPath<FunctionLimits, Int>)] = [
            ("wallTimeMilliseconds", "milliseconds", \.wallTimeMilliseconds),
            ("cpuTimeMilliseconds", "milliseconds", \.cpuTimeMilliseconds),
            ("memoryBytes", "bytes", \.memoryBytes),
            ("outputBytes", "bytes", \.outputBytes),
            ("logBytes", "bytes", \.logBytes),
            ("hostCalls", "calls", \.hostCalls),
            ("inputBytes", "bytes", \.inputBytes),
        ]
}
