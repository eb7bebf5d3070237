import Model

/// Sends what functions ask to have sent, as far as the operator allows.
struct Outbound: Sendable {
    let sender: (any OutboundSender)?
    let configuration: PlatformConfiguration

    /// Fields: method, URL, headers (names and values in turn, themselves fields), body, time-out in milliseconds (0: the usual
    /// one). Answers the status as a 16-bit number, the headers, and the body.
    func send(_ fields: [ArraySlice<UInt8>]) async -> Result<[[UInt8]], HostCallRefusal> {
        do throws(HostCallRefusal) {
            let request = try request(fields)
            guard let sender else { throw HostCallRefusal("this server sends no requests", .permission) }
            switch await sender.send(request) {
            case .success(let answer):
                let headers = answer.headers.flatMap { [Array($0.name.utf8), Array($0.value.utf8)] }
                return .success([
                    HostFields.bytes(UInt16(clamping: answer.status)), HostFields.encode(headers), answer.body,
                ])
            case .failure(.refused(let sentence)): throw HostCallRefusal(sentence, .permission)
            case .failure(.failed(let sentence)): throw HostCallRefusal(sentence, .connection)
            case .failure(.timedOut(let sentence)): throw HostCallRefusal(sentence, .timeout)
            }
        } catch { return .failure(error) }
    }

    private func request(_ fields: [ArraySlice<UInt8>]) throws(HostCallRefusal) -> OutboundRequest {
        guard fields.count == 5, let headers = try? HostFields.decode(Array(fields[2])),
            headers.count.isMultiple(of: 2), let milliseconds = HostFields.number(fields[4], as: UInt32.self)
        else { throw HostCallRefusal("the request has another form", .value) }
        let method = String(decoding: fields[0], as: UTF8.self)
        guard !method.isEmpty, method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw HostCallRefusal("`\(method)` is no method of HTTP", .value)
        }
        let text = String(decoding: fields[1], as: UTF8.self)
        guard let url = CallbackURL(text) else {
            throw HostCallRefusal("`\(text)` is no http or https address", .value)
        }
        // This server itself, under the name that it has in a cluster, is no other one.
        guard GatewayHost.isMeant(by: url) || configuration.allowedHosts.contains(where: { $0.matches(url) }) else {
            let allowed = configuration.allowedHosts.map(\.description).joined(separator: ", ")
            throw HostCallRefusal(
                "requests to `\(url.host)` are not allowed: the operator names hosts with the setting `--allow-http` (now: "
                    + (allowed.isEmpty ? "none" : allowed) + ")", .permission)
        }
        let most = configuration.outboundTimeout
        return OutboundRequest(
            method: method, url: url, headers: try Self.pairs(headers), body: Array(fields[3]),
            timeout: milliseconds == 0 ? most : min(most, .milliseconds(Int(milliseconds))),
            maximumAnswerBytes: configuration.maximumOutboundAnswerBytes)
    }

    private static func pairs(_ fields: [ArraySlice<UInt8>]) throws(HostCallRefusal) -> [(name: String, value: String)]
    {
        var pairs: [(name: String, value: String)] = []
        for index in stride(from: 0, to: fields.count, by: 2) {
            let (name, value) = (fields[index], fields[index + 1])
            // What could end a header and begin another one, or a body, is no part of one.
            guard !name.isEmpty, name.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }),
                value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
            else {
                throw HostCallRefusal("`\(String(decoding: name, as: UTF8.self))` is no header", .value)
            }
            pairs.append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
        }
        return pairs
    }
}
