/// One event of a stream of server-sent events.
struct ServerSentEvent: Hashable {
    var name = "message"
    var data = ""

    /// Puts events together from the bytes of a stream, however they are cut.
    struct Parser {
        private var line: [UInt8] = []
        private var name = "message"
        private var data: [String] = []

        /// The events that `bytes` complete.
        mutating func take(_ bytes: some Sequence<UInt8>) -> [ServerSentEvent] {
            var events: [ServerSentEvent] = []
            for byte in bytes {
                guard byte == UInt8(ascii: "\n") else {
                    line.append(byte)
                    continue
                }
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                if let event = end(of: String(decoding: line, as: UTF8.self)) { events.append(event) }
                line.removeAll(keepingCapacity: true)
            }
            return events
        }

        private mutating func end(of line: String) -> ServerSentEvent? {
            if line.isEmpty {
                defer { (name, data) = ("message", []) }
                return data.isEmpty ? nil : ServerSentEvent(name: name, data: data.joined(separator: "\n"))
            }
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            var value = parts.count > 1 ? parts[1] : ""
            if value.first == " " { value.removeFirst() }
            switch parts[0] {
            case "event": name = String(value)
            case "data": data.append(String(value))
            // A comment, which keeps the connection alive, or a field of no use here.
            default: break
            }
            return nil
        }
    }
}
