/// What a call is told beside its input, where its face has more to say. The guest gets it as a JSON object.
public struct CallDetail: Hashable, Sendable, Codable {
    /// The function in the code that is called, where it is not the one that the function was deployed with.
    public var entry: String?
    /// Words for the program, divided by single spaces.
    public var commandLine: String?
    /// What a gate's function is told.
    public var faasten: GateCallDetail?

    public init(entry: String? = nil, commandLine: String? = nil, faasten: GateCallDetail? = nil) {
        self.entry = entry
        self.commandLine = commandLine
        self.faasten = faasten
    }

    private enum CodingKeys: String, CodingKey {
        case entry, faasten
        case commandLine = "cmdline"
    }

    public var isEmpty: Bool { self == CallDetail() }
}
