import HTTPTypes
import Hummingbird
import NIOCore
import PlatformHTTP
import Testing

/// Connections as clients see them, byte by byte.
@Suite struct ConnectionTests {
    /// What most of these tests ask: each path shows what it was sent.
    static var paths: PathTable {
        var paths = PathTable()
        paths.on("echo", [.post, .get]) { request, _ in
            do {
                let body = try await request.body.collect(upTo: 1 << 30)
                return Response(status: .ok, body: ResponseBody(byteBuffer: body))
            } catch {
                return Response(status: .badRequest, body: ResponseBody(byteBuffer: ByteBuffer(string: "\(error)")))
            }
        }
        paths.on("deaf", [.post]) { _, _ in Response(status: .contentTooLarge) }
        paths.on("head", [.get]) { request, _ in
            let fields = request.headers.map { "\($0.name.rawName)=\($0.value)" }.joined(separator: ",")
            let text = "\(request.uri.path)?\(request.uri.query ?? "") \(request.head.authority ?? "-") \(fields)"
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        paths.on("parts", [.get]) { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    for part in ["one", "", "two"] { try await writer.write(ByteBuffer(string: part)) }
                    try await writer.finish(nil)
                })
        }
        paths.on("broken", [.get]) { _, _ in
            Response(
                status: .ok,
                body: ResponseBody { writer in
                    try await writer.write(ByteBuffer(string: "one"))
                    throw CancellationError()
                })
        }
        paths.on("short", [.get]) { _, _ in
            Response(
                status: .ok,
                body: ResponseBody(contentLength: 5) { writer in
                    try await writer.write(ByteBuffer(string: "one"))
                    try await writer.finish(nil)
                })
        }
        paths.on("large", [.get]) { _, _ in
            Response(
                status: .ok,
                body: ResponseBody(contentLength: 32 << 20) { writer in
                    for _ in 0..<32 { try await writer.write(ByteBuffer(repeating: 7, count: 1 << 20)) }
                    try await writer.finish(nil)
                })
        }
        return paths
    }

    @Test("an answer says how long it is, who answers and when, and the connection stays")
    func plain() async throws {
        try await RawClient.of(Self.paths) { client in
            for _ in 0..<2 {
                try await client.send("GET /parts HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = try await client.answer()
                #expect(answer.status == 200 && answer.fields["transfer-encoding"] == "chunked")
                #expect(answer.body == "3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n")
                #expect(answer.fields["server"] == "swiftlet" && answer.fields["connection"] == nil)
                #expect(
                    try #/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/#.wholeMatch(
                        in: answer.fields["date"] ?? "") != nil)
            }
            try await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
            let answer = try await client.answer()
            #expect(answer.fields["content-length"] == "5" && answer.body == "hello")
        }
    }

    @Test("a request arrives in any pieces", arguments: [1, 2, 3, 7, 50])
    func pieces(size: Int) async throws {
        let text =
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
            + "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
            + "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n"
        try await RawClient.of(Self.paths) { client in
            var rest = text[...]
            while !rest.isEmpty {
                try await client.send(String(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            #expect(try await client.answer().body == "hello")
            #expect(try await client.answer().body == "abcde")
            #expect(try await client.answer().body == "")
        }
    }

    @Test("requests that are sent at once are answered in their order")
    func pipelined() async throws {
        try await RawClient.of(Self.paths) { client in
            let numbers = (0..<500).map(String.init)
            try await client.send(
                numbers.map { "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: \($0.count)\r\n\r\n\($0)" }.joined())
            for number in numbers { #expect(try await client.answer().body == number) }
        }
    }

    @Test("a body that nobody reads does not become the next request")
    func unread() async throws {
        try await RawClient.of(Self.paths) { client in
            try await client.send("POST /deaf HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n")
            #expect(try await client.answer().status == 413)
            try await client.send(String(repeating: "G", count: 2_000_000))
            try await client.send("GET /head HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.answer().body.hasPrefix("/head? x"))
        }
    }

    @Test("a client that asks first is told to send its body when somebody wants it")
    func goAhead() async throws {
        try await RawClient.of(Self.paths) { client in
            let head = "HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
            try await client.send("POST /echo \(head)")
            #expect(try await client.answer().status == 100)
            try await client.send("hello")
            #expect(try await client.answer().body == "hello")
            try await client.send("POST /deaf \(head)")
            #expect(try await client.answer().status == 413)
        }
    }

    @Test(
        "what is no request is refused, and the connection ends",
        arguments: [
            "NONSENSE\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET /\u{1} HTTP/1.1\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "GET / HTTP/1.1\r\nx: (long)\r\n\r\n",
        ])
    func malformed(text: String) async throws {
        try await RawClient.of(Self.paths) { client in
            let text = text.replacing("(long)", with: String(repeating: "y", count: 100_000))
            try await client.send("GET /head HTTP/1.1\r\nHost: x\r\n\r\n" + text)
            #expect(try await client.answer().status == 200)
            let answer = try await client.answer()
            #expect(answer.status == 400 && answer.fields["connection"] == "close")
            #expect(try await client.rest() == "")
        }
    }

    @Test("a body that breaks off is the client's fault, and is answered once")
    func brokenBody() async throws {
        try await RawClient.of(Self.paths) { client in
            try await client.send(
                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nnonsense")
            let answer = try await client.answer()
            #expect(answer.status == 400 && answer.body.contains("the request ended before its body did"))
            #expect(try await client.rest() == "")
        }
        try await RawClient.of(Self.paths) { client in
            try await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
            client.finish()
            #expect(try await client.answer().status == 400)
            #expect(try await client.rest() == "")
        }
    }

    @Test("a client that has said all it has to say is still answered")
    func halfClosed() async throws {
        try await RawClient.of(Self.paths) { client in
            try await client.send("GET /head HTTP/1.1\r\nHost: x\r\n\r\nGET /parts HTTP/1.1\r\nHost: x\r\n\r\n")
            client.finish()
            #expect(try await client.answer().status == 200)
            #expect(try await client.answer().status == 200)
            #expect(try await client.rest() == "")
        }
    }

    @Test(
        "the connection ends where the client asks for it, and stays where an old client asks for that",
        arguments: [
            ("HTTP/1.1\r\nHost: x\r\nConnection: close", "close", false), ("HTTP/1.0", "close", false),
            ("HTTP/1.0\r\nConnection: keep-alive", "keep-alive", true), ("HTTP/1.1\r\nHost: x", nil, true),
        ])
    func ending(head: String, field: String?, stays: Bool) async throws {
        try await RawClient.of(Self.paths) { client in
            try await client.send("GET /head \(head)\r\n\r\n")
            let answer = try await client.answer()
            #expect(answer.status == 200 && answer.fields["connection"] == field)
            if stays {
                try await client.send("GET /head HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.answer().status == 200)
            } else {
                #expect(try await client.rest() == "")
            }
        }
    }

    @Test("a client that knows no chunks gets the parts until the connection ends")
    func oldClient() async throws {
        try await RawClient.of(Self.paths) { client in
            try await client.send("GET /parts HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try await client.rest().hasSuffix("\r\n\r\nonetwo"))
        }
    }

    @Test("an answer that breaks off does not look like a whole one", arguments: ["broken", "short"])
    func brokenAnswer(path: String) async throws {
        try await RawClient.of(Self.paths) { client in
            try await client.send("GET /\(path) HTTP/1.1\r\nHost: x\r\n\r\n")
            let text = try await client.rest()
            #expect(text.contains("one") && !text.hasSuffix("0\r\n\r\n"))
        }
    }

    @Test(
        "no more of an answer is made than the client takes, and all of it arrives",
        arguments: [("", false), ("", true), ("Connection: close\r\n", false), ("Connection: close\r\n", true)])
    func slowReader(field: String, endsAtOnce: Bool) async throws {
        try await RawClient.of(Self.paths) { client in
            try await client.send("GET /large HTTP/1.1\r\nHost: x\r\n\(field)\r\n")
            if endsAtOnce { client.finish() }
            #expect(try await client.answer().body.utf8.count == 32 << 20)
            if endsAtOnce || !field.isEmpty { #expect(try await client.rest() == "") }
        }
    }

    @Test("paths, hosts and header fields are what the client said")
    func heads() async throws {
        try await RawClient.of(Self.paths) { client in
            try await client.send("GET /head?a=1 HTTP/1.1\r\nHost: x:1\r\nX-Two: 2\r\nX-two: 3\r\n\r\n")
            #expect(try await client.answer().body == "/head?a=1 x:1 X-Two=2,X-two=3")
            try await client.send("GET http://y/head?b HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.answer().body == "/head?b x ")
            try await client.send("HEAD /head HTTP/1.1\r\nHost: x\r\n\r\nGET /head HTTP/1.1\r\nHost: z\r\n\r\n")
            #expect(try await client.answer(isBodyless: true).status == 404)
            #expect(try await client.answer().body == "/head? z ")
        }
    }

    @Test("a server that stops lets the clients finish that it is answering")
    func stopping() async throws {
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let (let_, go) = AsyncStream.makeStream(of: Void.self)
        var paths = Self.paths
        paths.on("slow", [.get]) { _, _ in
            begin.yield()
            for await _ in let_ { break }
            return Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: "done")))
        }
        let table = paths
        try await RawClient.of(table) { client, stop in
            try await client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            for await _ in begun { break }
            stop()
            go.yield()
            let answer = try await client.answer()
            #expect(answer.body == "done")
            #expect(try await client.rest() == "")
        }
    }
}
