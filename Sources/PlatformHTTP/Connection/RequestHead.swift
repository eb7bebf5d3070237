import HTTPTypes
import NIOHTTP1

extension HTTPRequest {
    /// A request as HTTP/1 says it. Throws where the method is no word.
    init(_ head: HTTPRequestHead) throws {
        guard let method = Method(head.method.rawValue) else { throw HTTPParserError.invalidMethod }
        var fields = HTTPFields()
        fields.reserveCapacity(head.headers.count)
        var host: String?
        for (name, value) in head.headers {
            guard let name = HTTPField.Name(name) else { continue }
            if host == nil, name == Self.host {
                host = value
            } else {
                fields.append(HTTPField(name: name, value: value))
            }
        }
        self.init(
            method: method, scheme: "http", authority: host, path: Self.path(of: head.uri), headerFields: fields)
    }

    private static let host = HTTPField.Name("Host")

    /// The path of a request's target, which proxies are told with the server's address before it.
    private static func path(of target: String) -> String {
        guard !target.utf8.starts(with: "/".utf8), let start = target.firstRange(of: "://")?.upperBound else {
            return target
        }
        return target[start...].firstIndex { $0 == "/" || $0 == "?" }.map { String(target[$0...]) } ?? "/"
    }
}

extension HTTPRequestHead {
    /// Whether the client understands what came with HTTP/1.1.
    var isNew: Bool { version.major > 1 || version.minor > 0 }
}
