public import Model

/// A line of a gate's log: what a function printed, or what it was refused.
public struct GateLogLine: Hashable, Sendable, Codable {
    public enum Stream: String, Hashable, Sendable, Codable {
        case stdout, stderr, denial
    }

    public var time: Timestamp
    public var stream: Stream
    public var text: String

    public init(time: Timestamp, stream: Stream, text: String) {
        self.time = time
        self.stream = stream
        self.text = text
    }
}
