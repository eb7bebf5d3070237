import Model
import TestSupport
import Testing

@testable import Platform

struct ContextTests {
    private func json(_ text: String) throws -> String {
        String(decoding: try ContextText(parsing: text).json, as: UTF8.self)
    }

    @Test(arguments: [
        (
            "access_key_is = \"XYZ\"\nsecret_access_key = \"123\"\n",
            #"{"access_key_is":"XYZ","secret_access_key":"123"}"#
        ),
        ("A=1\r\n\r\n# note = x\n  B =  two words  \n", #"{"A":"1","B":"two words"}"#),
        ("URL=http://h/?a=b", #"{"URL":"http://h/?a=b"}"#),
        ("Q='it''s'\nE=\nS=\"\nM=\"a'", #"{"Q":"it''s","E":"","S":"\"","M":"\"a'"}"#),
        ("K=\" blank inside \"", #"{"K":" blank inside "}"#),
        ("K=1\nK=2", #"{"K":"2"}"#),
        ("", ""), ("\n# only a note\n", ""),
    ])
    func `reads KEY=Value lines`(text: String, expected: String) throws {
        #expect(try json(text) == expected)
    }

    @Test func `refuses a line without an equals sign, without repeating it`() {
        do {
            _ = try ContextText(parsing: "A=1\nmy secret")
            Issue.record("took it")
        } catch {
            #expect(error.code == .invalidContext)
            #expect(error.message == "Line 2 of the context has no `=`; each line must be `KEY=Value`.")
        }
        #expect(throws: PlatformError.self) { try ContextText(parsing: "=value") }
    }

    @Test func `opens only what was sealed for the same function and version`() throws {
        let (folder, elsewhere) = (try TemporaryFolder(), try TemporaryFolder())
        let vault = try ContextVault(folder: folder.path)
        let (id, other) = (UUID7(high: 1, low: 2), UUID7(high: 1, low: 3))
        let sealed = try vault.seal("A=geheim", function: id, version: 1)
        #expect(try vault.open(sealed, function: id, version: 1) == "A=geheim")
        #expect(!sealed.contains("geheim".utf8))
        #expect(try vault.seal("A=geheim", function: id, version: 1) != sealed)
        #expect(throws: PlatformError.self) { try vault.open(sealed, function: id, version: 2) }
        #expect(throws: PlatformError.self) { try vault.open(sealed, function: other, version: 1) }
        #expect(throws: PlatformError.self) { try vault.open(Array(sealed.dropLast()), function: id, version: 1) }
        #expect(throws: PlatformError.self) { try vault.open([], function: id, version: 1) }
        #expect(throws: PlatformError.self) {
            try ContextVault(folder: elsewhere.path).open(sealed, function: id, version: 1)
        }
        #expect(folder.path != elsewhere.path)
    }

    @Test func `the key is made once, for its owner only`() throws {
        let folder = try TemporaryFolder()
        let sealed = try ContextVault(folder: folder.path).seal("A=1", function: UUID7(high: 1, low: 2), version: 1)
        let again = try ContextVault(folder: folder.path)
        #expect(try again.open(sealed, function: UUID7(high: 1, low: 2), version: 1) == "A=1")
        #expect(folder.mode(of: ContextVault.keyFileName) == 0o600)
        folder.setMode(of: ContextVault.keyFileName, 0o644)
        #expect(throws: PlatformError.self) { try ContextVault(folder: folder.path) }
    }
}

extension [UInt8] {
    fileprivate func contains(_ text: String.UTF8View) -> Bool {
        indices.contains { self[$0...].starts(with: text) }
    }
}
