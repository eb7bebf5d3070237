import Foundation
import NIOCore
import Synchronization
import Testing

@testable import Client

@Suite struct MultipartFormTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func bytes(
        _ form: MultipartForm, _ progress: @escaping MultipartForm.Progress = { _, _ in }
    ) async throws -> [UInt8] {
        var body: [UInt8] = []
        for try await piece in form.stream(progress) { body += Array(piece.readableBytesView) }
        return body
    }

    @Test func partsHaveTheirHeadersAndTheLengthIsKnownBefore() async throws {
        var form = MultipartForm(boundary: "B")
        form.add("payload", Array("{}".utf8))
        form.add("blob", fileName: "a\"b\r\n.txt", .bytes(Array("hello".utf8)))
        let body = try await bytes(form)
        let expected = """
            --B\r
            Content-Disposition: form-data; name="payload"\r
            \r
            {}\r
            --B\r
            Content-Disposition: form-data; name="blob"; filename="a%22b%0D%0A.txt"\r
            Content-Type: application/octet-stream\r
            \r
            hello\r
            --B--\r

            """
        #expect(String(decoding: body, as: UTF8.self) == expected)
        #expect(body.count == form.length && form.contentType == "multipart/form-data; boundary=B")
    }

    @Test func aFileIsReadInPortionsAndItsProgressIsTold() async throws {
        let path = "\(folder.path)/large"
        let content = Data((0..<(600 << 10)).map { UInt8(truncatingIfNeeded: $0) })
        try content.write(to: URL(filePath: path))
        var form = MultipartForm(boundary: "B")
        form.add("blob", fileName: "large", try .file(path))
        let seen = Mutex<[Int]>([])
        let body = try await bytes(form) { done, total in seen.withLock { $0.append(done) } }
        #expect(body.count == form.length && seen.withLock { $0.last } == form.length)
        // A head, three portions, an end.
        #expect(seen.withLock { $0.count } == 5)
        #expect(Data(body).range(of: content) != nil)
    }

    @Test func aFileThatBecameShorterIsAnError() async throws {
        let path = "\(folder.path)/short"
        try Data("12".utf8).write(to: URL(filePath: path))
        var form = MultipartForm()
        form.add("blob", fileName: "short", .file(path: path, length: 3))
        await #expect(throws: ClientError.self) { _ = try await bytes(form) }
        #expect(throws: ClientError.self) { _ = try MultipartForm.Content.file("\(folder.path)/none") }
        #expect(throws: ClientError.self) { _ = try MultipartForm.Content.file(folder.path) }
    }

    @Test func everyFormHasABoundaryOfItsOwn() {
        #expect(MultipartForm().boundary != MultipartForm().boundary)
    }
}
