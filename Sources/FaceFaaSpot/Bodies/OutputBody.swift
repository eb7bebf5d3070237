import Model
import Platform

/// What a function returned, as JSON. Functions of other faces return bytes, which need not be that.
enum OutputBody {
    static func isJSON(_ bytes: [UInt8]) -> Bool {
        var scanner = JSONScanner(bytes)
        return (try? scanner.document()) != nil
    }

    /// JSON as it is; a text as a string; other bytes as `{"base64": …}`.
    static func write(_ output: [UInt8], into writer: inout JSONWriter) {
        if isJSON(output) { return writer.raw(output) }
        if let text = String(validating: output, as: UTF8.self) { return writer.string(text) }
        writer.object { $0.member("base64", Base64.encode(output)) }
    }

    /// The value that a call that ran to its end returned.
    static func json(_ done: CompletedCall) -> [UInt8] {
        guard let output = done.outcome.output else { return Array("null".utf8) }
        // The face's own functions return nothing else.
        if done.face == .faaspot { return output }
        return Reply.written { write(output, into: &$0) }
    }
}
