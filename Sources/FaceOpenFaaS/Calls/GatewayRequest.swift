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
        let fixed = [Array(method.utf8), Array(path.utf8), Array(query.utf8), Array(function.utf8), body]
        return HostFields.encode(fixed + headers.flatMap { [Array($0.name.utf8), Array($0.value.utf8)] })
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
        guard let fields = (try? HostFields.decode(bytes))?.map({ Array($0) }), fields.count >= 2, fields[0].count == 2
        else { return nil }
        status = Int(fields[0][0]) | Int(fields[0][1]) << 8
        guard Self.statuses.contains(status) else { return nil }
        body = fields[1]
        let texts = fields.dropFirst(2).map { String(decoding: $0, as: UTF8.self) }
        headers = stride(from: 0, to: texts.count - 1, by: 2).map { (texts[$0], texts[$0 + 1]) }
    }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
}
