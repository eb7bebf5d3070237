import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Platform

/// Headers of calls, on their way to the function and back.
enum CallHeaders {
    static let callID = HTTPField.Name("X-Call-Id")!
    static let startTime = HTTPField.Name("X-Start-Time")!
    static let executionID = HTTPField.Name("X-Execution-Id")!
    static let callbackURL = HTTPField.Name("X-Callback-Url")!
    static let timeout = HTTPField.Name("X-Timeout")!
    static let servedBy = HTTPField.Name("X-Served-By")!
    static let duration = HTTPField.Name("X-Duration-Seconds")!

    /// Tells the guest, as the first header, that what it prints is sent on at once. No caller can send it.
    static let stream = "X-Swiftlet-Stream"

    /// Those that are for one connection, not for who is at the end.
    private static let hopByHop: Set<String> = [
        "connection", "proxy-connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    static func isForwarded(_ name: String) -> Bool { !hopByHop.contains(name.lowercased()) }

    /// The headers that a function gets. `call` and `start` are added, and where the request comes from.
    static func toFunction(
        _ request: Request, call: String, start: Timestamp, from remote: SocketAddress?, dropsLogin: Bool
    ) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        var names: Set<String> = []
        func add(_ name: String, _ value: String) {
            headers.append((name, value))
            names.insert(name.lowercased())
        }
        if let host = request.head.authority { add("Host", host) }
        for field in request.headers where isForwarded(field.name.rawName) {
            let name = field.name.canonicalName
            if name == "x-start-time" || name == stream.lowercased() || (dropsLogin && name == "authorization") {
                continue
            }
            add(field.name.rawName, field.value)
        }
        if !names.contains("x-call-id") { add("X-Call-Id", call) }
        add("X-Start-Time", "\(start.microseconds)000")
        if !names.contains("x-forwarded-host"), let host = request.head.authority { add("X-Forwarded-Host", host) }
        if !names.contains("x-forwarded-for"), let remote, let address = remote.ipAddress, let port = remote.port {
            add("X-Forwarded-For", address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)")
        }
        return headers
    }

    /// A function's headers as fields; what HTTP does not allow, or the server sets itself, is left out.
    static func fromFunction(_ headers: [(name: String, value: String)]) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers where isForwarded(name) && name.lowercased() != "content-length" {
            guard let name = HTTPField.Name(name), HTTPField.isValidValue(value) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }
}
