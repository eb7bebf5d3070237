import Model

/// A request to a function as the guest gets it, and as the record of an asynchronous call keeps it.
struct GatewayRequest {
    var method: String
    /// The rest of the path after the function's name, at least `/`.
    var path: String
    var query: String
    /// The function's name as it stood in the URL.
    var function: String
    var body: [UInt8]
    var headers: [(name: String, value: String)]

    init(
        method: String, path: String, query: String, function: String, body: [UInt8],
        headers: [(name: String, value: String)]
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.function = function
        self.body = body
        self.headers = headers
    }

    /// Method, path, query, function, body, then names and values of headers. See `guest/python/swiftlet_runtime/entries/openfaas.py`.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count + 64 * (headers.count + 2))
        for text in [method, path, query, function] { HostFields.append(text, to: &bytes) }
        HostFields.append(body, to: &bytes)
        for header in headers {
            HostFields.append(header.name, to: &bytes)
            HostFields.append(header.value, to: &bytes)
        }
        return bytes
    }

    /// Reads what ``encoded`` wrote; nil where the bytes are something else, such as the JSON of another face.
    init?(decoding bytes: [UInt8]) {
        guard bytes.count > 4, bytes[1...3].allSatisfy({ $0 == 0 }),
            let fields = (try? HostFields.decode(bytes))?.map({ Array($0) }),
            fields.count >= 5
        else { return nil }
        let texts = fields.map { String(decoding: $0, as: UTF8.self) }
        method = texts[0]
        path = texts[1]
        query = texts[2]
        function = texts[3]
        body = fields[4]
        headers = stride(from: 5, to: fields.count - 1, by: 2).map { (texts[$0], texts[$0 + 1]) }
    }

    /// The first value of a header, in any case.
    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// What a function answers.
struct GatewayResponse {
    var status: Int
    var body: [UInt8]
    var headers: [(name: String, value: String)]

    init(status: Int, body: [UInt8], headers: [(name: String, value: String)] = []) {
        self.status = status
        self.body = body
        self.headers = headers
    }

    /// Statuses that end a request: those below announce another answer.
    static let statuses = 200...999

    /// Reads what the guest wrote: status (16 bits), body, then names and values of headers. Nil where that is no response.
    init?(decoding bytes: [UInt8]) {
        guard let fields = try? HostFields.decode(bytes), fields.count >= 2,
            let status = HostFields.number(fields[0], as: UInt16.self), Self.statuses.contains(Int(status))
        else { return nil }
        self.status = Int(status)
        body = Array(fields[1])
        headers = stride(from: 2, to: fields.count - 1, by: 2).map {
            (String(decoding: fields[$0], as: UTF8.self), String(decoding: fields[$0 + 1], as: UTF8.self))
        }
    }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
}
