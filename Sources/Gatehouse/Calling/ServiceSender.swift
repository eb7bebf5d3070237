import LabelledFiles
import Labels
import Model
import Platform

/// Why the request of a service gave no answer: a sentence for its author.
struct ServiceFailure: Error {
    let sentence: String
}

/// Sends the requests that services stand for, as far as the operator allows.
struct ServiceSender: Sendable {
    private let sender: (any OutboundSender)?
    private let platform: PlatformConfiguration
    private let configuration: GatehouseConfiguration

    init(
        sender: (any OutboundSender)?, platform: PlatformConfiguration, configuration: GatehouseConfiguration
    ) {
        self.sender = sender
        self.platform = platform
        self.configuration = configuration
    }

    /// Follows redirects that stay on the host; any other is the answer.
    func send(_ service: ServiceRequest) async throws(ServiceFailure) -> CallReply {
        guard let sender else { throw ServiceFailure(sentence: "this server sends no requests") }
        let end = ContinuousClock.now + configuration.serviceTimeout
        var request = OutboundRequest(
            method: service.verb.name, url: try allowed(service.url),
            headers: service.headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
            body: service.body, timeout: configuration.serviceTimeout,
            maximumAnswerBytes: platform.maximumOutboundAnswerBytes)
        var followed = 0
        while true {
            let answer: OutboundAnswer
            switch await sender.send(request) {
            case .success(let given): answer = given
            case .failure(.refused(let sentence)), .failure(.failed(let sentence)), .failure(.timedOut(let sentence)):
                throw ServiceFailure(sentence: sentence)
            }
            request.timeout = end - ContinuousClock.now
            guard followed < configuration.maximumRedirects, let next = Redirect.next(of: request, answer) else {
                return Self.reply(answer)
            }
            guard request.timeout > .zero else { throw ServiceFailure(sentence: "it took too long") }
            request = next
            followed += 1
        }
    }

    private func allowed(_ text: String) throws(ServiceFailure) -> CallbackURL {
        guard let url = CallbackURL(text) else {
            throw ServiceFailure(sentence: "`\(text)` is no http or https address")
        }
        guard platform.allowedHosts.contains(where: { $0.matches(url) }) else {
            throw ServiceFailure(
                sentence: "requests to `\(url.host)` are not allowed: the operator names hosts with `--allow-http`")
        }
        return url
    }

    /// What the answer may be known by was taken on before the request was sent.
    private static func reply(_ answer: OutboundAnswer) -> CallReply {
        let headers = Dictionary(answer.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" }
        return CallReply(
            succeeded: true, status: UInt32(clamping: answer.status), headers: headers, body: answer.body,
            label: .public)
    }
}

/// Redirects of HTTP.
enum Redirect {
    /// The request to send after this answer; nil where that leads nowhere, or to another host, port or scheme.
    static func next(of request: OutboundRequest, _ answer: OutboundAnswer) -> OutboundRequest? {
        guard [301, 302, 303, 307, 308].contains(answer.status),
            let location = answer.headers.first(where: { $0.name.lowercased() == "location" })?.value,
            let url = target(location, from: request.url.text).flatMap(CallbackURL.init),
            url.host.lowercased() == request.url.host.lowercased(), url.port == request.url.port,
            scheme(url.text) == scheme(request.url.text)
        else { return nil }
        var next = request
        next.url = url
        let keepsMethod = answer.status == 307 || answer.status == 308 || ["GET", "HEAD"].contains(request.method)
        if !keepsMethod {
            next.method = "GET"
            next.body = []
        }
        return next
    }

    private static func scheme(_ url: String) -> String { url.prefix { $0 != ":" }.lowercased() }

    /// The address that a location means: an absolute one, or a path of the same server.
    private static func target(_ location: String, from url: String) -> String? {
        if location.contains("://") { return location }
        guard location.hasPrefix("/"), !location.hasPrefix("//"), let start = url.firstRange(of: "://") else {
            return nil
        }
        return url[..<start.upperBound] + url[start.upperBound...].prefix { !"/?#".contains($0) } + location
    }
}
