import Multipart
import SandboxTesting
import Testing

struct MultipartParserTests {
    private struct Part: Hashable {
        var name: String
        var filename: String?
        var bytes: [UInt8]
    }

    /// Reads a form that comes in pieces.
    private func parts(
        _ body: [UInt8], boundary: String = "B", pieces: (Int) -> Int = { _ in .max },
        limits: MultipartLimits = MultipartLimits()
    ) throws -> [Part] {
        var parser = MultipartParser(boundary: Array(boundary.utf8), limits: limits)
        var parts: [Part] = []
        var open: Part?
        var rest = body[...]
        while !rest.isEmpty {
            let piece = rest.prefix(max(1, min(pieces(rest.count), rest.count)))
            rest = rest.dropFirst(piece.count)
            parser.append(piece)
            while let event = try parser.next() {
                switch event {
                case .part(let part):
                    #expect(open == nil)
                    open = Part(name: part.name, filename: part.filename, bytes: [])
                case .bytes(let bytes):
                    #expect(!bytes.isEmpty)
                    open?.bytes += bytes
                case .endOfPart:
                    parts.append(try #require(open))
                    open = nil
                }
            }
        }
        try parser.finish()
        #expect(open == nil)
        return parts
    }

    private func parts(_ text: String, boundary: String = "B") throws -> [Part] {
        try parts(Array(text.utf8), boundary: boundary)
    }

    private static let form = """
        preamble\r
        --B\r
        Content-Disposition: form-data; name="payload"\r
        \r
        {"a": 1}\r
        --B  \r
        content-disposition:form-data;name=blob;filename="a b.txt"\r
        Content-Type: text/plain\r
        \r
        line\r
        --not the end\r
        \r
        --B\r
        Content-Disposition: form-data; name="blob"; filename="x"; filename*=UTF-8''n%C3%A4me\r
        \r
        \r
        --B--\r
        epilogue --B
        """

    private static let expected = [
        Part(name: "payload", filename: nil, bytes: Array(#"{"a": 1}"#.utf8)),
        Part(name: "blob", filename: "a b.txt", bytes: Array("line\r\n--not the end\r\n".utf8)),
        Part(name: "blob", filename: "näme", bytes: []),
    ]

    @Test func `a form is read the same in pieces of every size`() throws {
        let body = Array(Self.form.utf8)
        for size in 1...body.count { #expect(try parts(body, pieces: { _ in size }) == Self.expected, "\(size)") }
    }

    @Test func `bytes that look like boundaries stay as they are`() throws {
        let head = "--B\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\n"
        for seed in 0..<200 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let alphabet = Array("\r\n-BC".utf8)
            var content: [UInt8] = []
            for _ in 0..<Int.random(in: 0..<300, using: &random) {
                content.append(alphabet[Int.random(in: 0..<5, using: &random)])
            }
            let end = Array("\r\n--B".utf8)
            while let found = content.indices.first(where: { content[$0...].starts(with: end) }) {
                content.remove(at: found)
            }
            let body = Array(head.utf8) + content + end + Array("--".utf8)
            // What is taken away may leave a boundary at the seam with its end.
            guard body.indices.count(where: { body[$0...].starts(with: end) }) == 1 else { continue }
            let read = try parts(body, pieces: { _ in Int.random(in: 1...9, using: &random) })
            #expect(read == [Part(name: "f", filename: nil, bytes: content)], "seed \(seed)")
        }
    }

    @Test func `a form without parts is empty`() throws {
        #expect(try parts("--B--").isEmpty)
        #expect(try parts("\r\n--B--\r\n").isEmpty)
    }

    @Test(arguments: [
        "", "--B", "--B\r\n", "--B-", "text", "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx",
        "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--B", "--B\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data\r\n\r\n\r\n--B--", "--B\r\nX: y\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: attachment; name=a\r\n\r\n\r\n--B--", "--Bx\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a\r\n name=b\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a\r\nno header\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a; filename*=latin1''x\r\n\r\n\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a; filename*=UTF-8''%f\r\n\r\n\r\n--B--",
    ])
    func `what is no form is refused`(_ text: String) {
        #expect(throws: MultipartError.self) { try parts(text) }
    }

    @Test func `heads and parts are bounded`() throws {
        let long = "--B\r\nX: " + String(repeating: "y", count: 20_000)
        #expect(throws: MultipartError.self) { try parts(Array(long.utf8)) }
        #expect(throws: MultipartError.self) {
            try parts(Array(("--B" + String(repeating: " ", count: 20_000)).utf8), pieces: { _ in 100 })
        }
        var limits = MultipartLimits()
        limits.maximumParts = 2
        #expect(throws: MultipartError.self) { try parts(Array(Self.form.utf8), limits: limits) }
    }

    @Test(arguments: [
        (#"a\"b"#, #"a"b"#), (#"C:\temp\a"#, #"C:\temp\a"#), (#"a\\b"#, #"a\b"#), ("a%22b%20", "a\"b%20"),
        ("ä;=", "ä;="),
    ])
    func `names of files are read as clients write them`(_ written: String, _ name: String) throws {
        let read = try parts(
            "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\(written)\"\r\n\r\n\r\n--B--")
        #expect(read.map(\.filename) == [name])
    }

    @Test(
        arguments: [
            ("multipart/form-data; boundary=abc", "abc"), ("Multipart/Form-Data;Boundary=\"a b\"", "a b"),
            ("multipart/form-data", nil), ("multipart/form-data; boundary=", nil), ("multipart/mixed; boundary=a", nil),
            ("multipart/form-data; boundary=a\"b", nil), ("multipart/form-data; boundary=\"a\" b", nil),
            ("multipart/form-data; boundary=\"a \"", nil), ("multipart/form-data; boundary=ü", nil),
            ("multipart/form-data; charset=utf-8; boundary=x;", "x"),
            ("multipart/form-data; boundary=\(String(repeating: "a", count: 71))", nil),
            ("application/json; boundary=a", nil), ("", nil), (";", nil), ("a b", nil),
        ] as [(String, String?)])
    func `the boundary is found in the content type`(_ text: String, _ boundary: String?) {
        #expect(MediaType(text)?.boundary == boundary.map { Array($0.utf8) })
    }
}
