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
    private static let streamName = HTTPField.Name(stream)!
    private static let forwardedHost = HTTPField.Name("X-Forwarded-Host")!
    private static let forwardedFor = HTTPField.Name("X-Forwarded-For")!

    /// Those that are for one connection, not for who is at the end.
    private static let hopByHop: Set<String> = [
        "connection", "proxy-connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    static func isForwarded(_ name: String) -> Bool { !hopByHop.contains(name.lowercased()) }

    private static func isForwarded(_ name: HTTPField.Name) -> Bool { !hopByHop.contains(name.canonicalName) }

    /// The headers that a function gets. `call` and `start` are added, and where the request comes from.
    static func toFunction(
        _ request: Request, call: String, start: Timestamp, from remote: SocketAddress?, dropsLogin: Bool
    ) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        headers.reserveCapacity(request.headers.count + 5)
        if let host = request.head.authority { headers.append(("Host", host)) }
        var (hasCall, hasHost, hasOrigin) = (false, false, false)
        for field in request.headers where isForwarded(field.name) {
            switch field.name {
            case startTime, streamName: continue
            case .authorization where dropsLogin: continue
            case callID: hasCall = true
            case forwardedHost: hasHost = true
            case forwardedFor: hasOrigin = true
            default: break
            }
            headers.append((field.name.rawName, field.value))
        }
        if !hasCall { headers.append((callID.rawName, call)) }
        headers.append((startTime.rawName, "\(start.microseconds)000"))
        if !hasHost, let host = request.head.authority { headers.append((forwardedHost.rawName, host)) }
        if !hasOrigin, let remote, let address = remote.ipAddress, let port = remote.port {
            let isLong = address.utf8.contains(UInt8(ascii: ":"))
            headers.append((forwardedFor.rawName, isLong ? "[\(address)]:\(port)" : "\(address):\(port)"))
        }
        return headers
    }

    /// A function's headers as fields; what HTTP does not allow, or the server sets itself, is left out.
    static func fromFunction(_ headers: [(name: String, value: String)]) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers {
            guard let name = HTTPField.Name(name), isForwarded(name), name != .contentLength,
                HTTPField.isValidValue(value)
            else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        return fields
    }
}
