#if DEBUG
    @testable import Client
    @testable import FaceFaaSpot
    import FoundationEssentials
    import Model
    @testable import Platform

    /// What the FaaSpot surface reads of requests, and its client of answers.
    extension FuzzTarget {
        /// `Authorization` headers: an account is read again as it is written.
        static let credentials = FuzzTarget(
            "credentials",
            corpus: ["Token abc", "Bearer  x", "Basic YWRtaW46MTIzNA==", "basic b'YWRtaW46MTIzNA'", "Basic _-9h"]
                .map { Array($0.utf8) }
        ) {
            { input in
                switch Credentials(header: String(decoding: input, as: UTF8.self)) {
                case nil: return
                case .token(let token): precondition(!token.isEmpty && token.first != " ")
                case .account(let user, let password):
                    precondition(!user.contains(":"), "a user's name has no colon")
                    let text = "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
                    precondition(
                        Credentials(header: text) == .account(user: user, password: password), "another account")
                }
            }
        }

        /// A context's text: what is accepted becomes a JSON object, and what is refused is not repeated.
        static let context = FuzzTarget(
            "context", corpus: ["A=1\n# no\n B = 'x y' \nC=\"\n", "A=1\nA=2\n", "=\nA"].map { Array($0.utf8) }
        ) {
            { input in
                guard let context = try? ContextText(parsing: String(decoding: input, as: UTF8.self)) else { return }
                precondition(context.pairs.allSatisfy { !$0.key.isEmpty })
                let json = context.json
                precondition(json.isEmpty == context.pairs.isEmpty)
                if !json.isEmpty { checkObject(json) }
            }
        }

        /// JSON of anybody: what is accepted lies in the text, is accepted again by itself, and is JSON for another reader too.
        static let json = FuzzTarget(
            "json",
            corpus: [
                #"{"a": [1, -2.5e+3, "\u00e9\ud83d\ude00\n"], "b": {"c": null}, "d": true}"#, #"[[], {}, "", 0]"#,
                #" "\"" "#, #"{"code":"x","limits":{"memoryBytes":1}}"#, #"{"values": "[{\"a\": 1}]"}"#,
            ].map { Array($0.utf8) }
        ) {
            { input in
                var scanner = JSONScanner(input)
                if let (kind, range) = try? scanner.document() {
                    var again = JSONScanner(input, range: range)
                    let second = try? again.document()
                    precondition(second?.kind == kind && second?.range == range, "another document")
                    if kind == .string { _ = scanner.string(in: range) }
                    precondition((try? JSON(parsing: Array(input[range]))) != nil, "the client's reader refuses it")
                }
                var objects = JSONScanner(input)
                try? objects.object { _, _, range throws(JSONFault) in check(range, of: input) }
                var lists = JSONScanner(input)
                try? lists.array { _, range throws(JSONFault) in check(range, of: input) }
                if let body = try? FunctionBody(parsing: input) { _ = body.changes }
                _ = try? PolicyBody(parsing: input)
                _ = try? SpotBody(parsing: input)
                for call in (try? Arguments.bulk(input)) ?? [] { checkObject(call) }
            }
        }

        /// Paths and queries: a query's arguments are a JSON object.
        static let addresses = FuzzTarget(
            "addresses",
            corpus: [
                "/v1/functions/app/name/rpc/?a=1&a=2&b=%C3%A9+x", "/v1/sync/deployments/a.b/rpc",
                "/v1/spots/127.0.0.1/",
                "/v1/dead_letters/redrive?function=a%2Fb&limit=5", "/metrics", "/v1/executions/batch/%",
            ].map { Array($0.utf8) }
        ) {
            { input in
                let text = String(decoding: input, as: UTF8.self)
                let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
                _ = try? Address(path: parts.first.map(String.init) ?? "")
                let query = parts.count > 1 ? String(parts[1]) : text
                if let pairs = try? Query(query).pairs {
                    precondition(pairs.count <= Query.maximumPairs)
                    if let arguments = try? Arguments.query(query) { checkObject(arguments) }
                }
                _ = Seconds.parse(text)
                _ = FunctionPattern(text)
            }
        }

        /// Server-sent events: however the bytes are cut, the events are the same.
        static let events = FuzzTarget(
            "events",
            corpus: ["event: log\ndata: {}\n\n: alive\ndata:a\r\ndata:  b\r\n\r\nid: 1\n\n"].map { Array($0.utf8) }
        ) {
            { input in
                var (whole, cut) = (ServerSentEvent.Parser(), ServerSentEvent.Parser())
                let events = whole.take(input)
                precondition(events == input.flatMap { cut.take([$0]) }, "cutting changes the events")
            }
        }

        private static func check(_ range: Range<Int>, of input: [UInt8]) {
            precondition(range.lowerBound >= 0 && range.upperBound <= input.count, "\(range) is outside")
        }

        private static func checkObject(_ json: [UInt8]) {
            var scanner = JSONScanner(json)
            precondition(
                (try? scanner.document().kind) == .object, "no object: \(String(decoding: json, as: UTF8.self))")
        }
    }
#endif
