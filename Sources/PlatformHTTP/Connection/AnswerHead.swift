import HTTPTypes
import NIOCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The bytes before an answer's body.
enum AnswerHead {
    private static let common = "\r\nServer: swiftlet\r\nDate: "

    /// Writes a head; `delimiter` is the field that tells where the body or the connection ends.
    static func write(_ response: HTTPResponse, _ delimiter: StaticString, to buffer: inout ByteBuffer) {
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(response.status.code))
        buffer.writeStaticString(" ")
        buffer.writeString(response.status.reasonPhrase)
        for field in response.headerFields {
            buffer.writeStaticString("\r\n")
            buffer.writeString(field.name.rawName)
            buffer.writeStaticString(": ")
            buffer.writeString(field.value)
        }
        buffer.writeStaticString(delimiter)
        buffer.writeString(common)
        buffer.writeString(HTTPDate.now)
        buffer.writeStaticString("\r\n\r\n")
    }

    /// What a client waits for that has asked before it sends a body.
    static let go = ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")

    /// The answer to what is no request.
    static var malformed: ByteBuffer {
        var buffer = ByteBuffer()
        write(
            HTTPResponse(status: .badRequest, headerFields: [.contentLength: "0"]), "\r\nConnection: close", to: &buffer
        )
        return buffer
    }
}

/// The time as HTTP tells it, which changes once in a second.
enum HTTPDate {
    private static let last = Mutex((second: time_t(0), text: ""))

    static var now: String {
        let second = time(nil)
        return last.withLock { last in
            if last.second != second { last = (second, text(of: second)) }
            return last.text
        }
    }

    static func text(of second: time_t) -> String {
        var (second, parts) = (second, tm())
        gmtime_r(&second, &parts)
        return String(unsafeUninitializedCapacity: 40) {
            $0.withMemoryRebound(to: CChar.self) {
                strftime($0.baseAddress!, $0.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            }
        }
    }
}
