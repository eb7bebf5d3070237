public import HTTPTypes
public import Hummingbird
public import NIOCore

/// Which part of the server answers a path. Faces read what comes behind their first names themselves, so this only looks at the
/// beginning: a router that takes whole paths apart costs a tenth of a call.
///
/// An exact path comes before one that goes on, and what was added first before what was added later.
public struct PathTable: HTTPResponder {
    public typealias Handler = @Sendable (Request, ConnectionContext) async -> Response

    private struct Entry {
        /// What comes behind the first name.
        var rest: [Substring]
        /// Whether more names may follow; at least one must.
        var goesOn: Bool
        var handlers: [HTTPRequest.Method: Handler]

        /// Whether this is what a path means, whose part behind the first name is given.
        func matches(_ path: Substring.UTF8View) -> Bool {
            let slash = UInt8(ascii: "/")
            var left = path.drop { $0 == slash }
            for name in rest {
                guard left.starts(with: name.utf8) else { return false }
                left = left.dropFirst(name.utf8.count)
                guard left.first ?? slash == slash else { return false }
                left = left.drop { $0 == slash }
            }
            return left.isEmpty != goesOn
        }
    }

    /// By the first name of the path; the root has none.
    private var entries: [Substring: [Entry]] = [:]
    /// Answers paths and methods that nobody has.
    public var elsewhere: Handler = { _, _ in Response(status: .notFound) }

    public init() {}

    /// Has `handler` answer a path, such as `healthz`; with `/**` at its end, whatever is below it.
    public mutating func on(_ path: String, _ methods: [HTTPRequest.Method], _ handler: @escaping Handler) {
        var names = path.split(separator: "/")
        let goesOn = names.last == "**"
        if goesOn { names.removeLast() }
        let (first, rest) = (names.first ?? "", Array(names.dropFirst()))
        var found = entries[first, default: []]
        let place = found.firstIndex { $0.goesOn == goesOn && $0.rest == rest } ?? found.endIndex
        if place == found.endIndex { found.append(Entry(rest: rest, goesOn: goesOn, handlers: [:])) }
        for method in methods where found[place].handlers[method] == nil { found[place].handlers[method] = handler }
        found.sort { ($0.goesOn ? 1 : 0, $1.rest.count) < ($1.goesOn ? 1 : 0, $0.rest.count) }
        entries[first] = found
    }

    /// Methods that faces answer themselves, be it by saying that they do not have them.
    public static let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .head, .options]

    public func respond(to request: Request, context: ConnectionContext) async -> Response {
        await handler(of: request.uri.path, request.method)(request, context).withoutNeedlessBody(for: request.method)
    }

    private func handler(of path: String, _ method: HTTPRequest.Method) -> Handler {
        let path = path.utf8
        let start = path.firstIndex { $0 != UInt8(ascii: "/") } ?? path.endIndex
        let end = path[start...].firstIndex { $0 == UInt8(ascii: "/") } ?? path.endIndex
        let entry = entries[Substring(path[start..<end])]?.first { $0.matches(path[end...]) }
        return entry?.handlers[method] ?? elsewhere
    }
}

/// What is known of a request's connection.
public struct ConnectionContext: RequestContext, RemoteAddressRequestContext {
    public var coreContext: CoreRequestContextStorage
    public let remoteAddress: SocketAddress?
    /// Completes when the connection has ended.
    public let closed: EventLoopFuture<Void>

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remoteAddress = source.channel.remoteAddress
        closed = source.channel.closeFuture
    }
}

extension Response {
    /// Without the body that an answer of its kind does not have: a client would take it for the beginning of the next answer.
    fileprivate consuming func withoutNeedlessBody(for method: HTTPRequest.Method) -> Response {
        if method == .head { return createHeadResponse() }
        guard status == .noContent || status == .notModified else { return self }
        var bare = Response(status: status, headers: headers)
        bare.headers[.contentLength] = nil
        return bare
    }
}
