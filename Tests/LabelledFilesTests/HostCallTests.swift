import Foundation
import Labels
import Model
import Storage
import Testing

@testable import LabelledFiles

/// The operations as a guest asks for them.
@Suite struct HostCallTests {
    private struct Refused: Error { let code: UInt8 }

    private func ask(_ calls: FileCalls, _ operation: FileOperation, _ fields: [UInt8]...) async throws -> [[UInt8]] {
        let reply = try await calls.answer(operation.rawValue, fields.map { $0[...] }).get()
        guard reply[0][0] == 0 else { throw Refused(code: reply[0][0]) }
        return Array(reply.dropFirst())
    }

    private func code(_ calls: FileCalls, _ operation: FileOperation, _ fields: [UInt8]...) async throws -> FileCode? {
        FileCode(rawValue: try await calls.answer(operation.rawValue, fields.map { $0[...] }).get()[0][0])
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func `labels are read in both forms and answered in both`() async throws {
        try await Fixture.run { fixture in
            let calls = FileCalls(try fixture.caller("alice"), runner: ScriptedRunner())
            let json = #"{"secrecy":{"DCFormula":[[["a\"b"]]]},"integrity":"DCFalse"}"#
            let answer = try await ask(calls, .labelParse, [0] + bytes(json))
            #expect(answer == [bytes("a\"b,F"), bytes(json)])
            for text in Adversary.labels + [#"a\,b\\c,F"#] {
                let answer = try await ask(calls, .labelParse, bytes(text))
                #expect(try JSONDecoder().decode(Label.self, from: Data(answer[1])) == label(text))
            }
            #expect(try await ask(calls, .labelTaint, bytes("alice,T"))[0] == bytes("alice,T"))
            #expect(try await ask(calls, .labelEndorse, [])[0] == bytes("alice,alice"))
            #expect(try await ask(calls, .labelDeclassify, bytes("T"))[0] == bytes("T,alice"))
            #expect(try await code(calls, .labelEndorse, bytes("bob")) == .denied)
            #expect(try await ask(calls, .subPrivilege, bytes("x"), bytes("y"))[0] == bytes("alice/x/y"))
            #expect(try await ask(calls, .labelCurrent)[0] == bytes("T,alice"))
            #expect(calls.label?.description == "T,alice")
        }
    }

    @Test func `handles make, link, read and close`() async throws {
        try await Fixture.run(onDisk: true) { fixture in
            let calls = FileCalls(try fixture.caller("alice"), runner: ScriptedRunner())
            let home = try await ask(calls, .openPath, HostFields.bytes(UInt32(0)), bytes("~"))
            #expect(home[1] == [0])
            let file = try await ask(calls, .create, [1], bytes("alice,alice"))
            #expect(file[1] == [1])
            _ = try await ask(calls, .link, home[0], bytes("f"), file[0])
            #expect(try await code(calls, .link, home[0], bytes("f"), file[0]) == .linkExists)
            _ = try await ask(calls, .update, file[0], bytes("content"))
            let again = try await ask(calls, .open, home[0], bytes("f"))
            #expect(try await ask(calls, .read, again[0]) == [bytes("content")])
            #expect(try await ask(calls, .list, home[0]) == [bytes("f"), [1]])
            #expect(try await code(calls, .read, home[0]) == .invalidHandle)
            #expect(try await code(calls, .list, file[0]) == .invalidHandle)
            _ = try await ask(calls, .close, again[0])
            #expect(try await code(calls, .read, again[0]) == .invalidHandle)
            let blob = try await ask(calls, .blobCreate, HostFields.bytes(UInt64(9)))
            #expect(try await ask(calls, .blobWrite, blob[0], [1, 2]) == [HostFields.bytes(UInt64(2))])
            #expect(
                try await code(calls, .blobRead, blob[0], HostFields.bytes(UInt64(0)), HostFields.bytes(UInt32(9)))
                    == .invalidHandle)
            let sealed = try await ask(calls, .blobFinalize, blob[0], [1], bytes("~:b"), [])
            #expect(Array(sealed[1...]) == [HostFields.bytes(UInt64(2)), [1], [0]])
            #expect(try await ask(calls, .blobWrite, blob[0], [1]) == [HostFields.bytes(UInt64(0))])
            let read = try await ask(
                calls, .blobRead, blob[0], HostFields.bytes(UInt64(1)), HostFields.bytes(UInt32(9)))
            #expect(read == [[2]])
            // The same name is kept, or replaced where that is asked for.
            for (flags, linked, length) in [(UInt8(1), UInt8(0), UInt64(2)), (3, 1, 1)] {
                let other = try await ask(calls, .blobCreate, HostFields.bytes(UInt64(0)))
                _ = try await ask(calls, .blobWrite, other[0], [7])
                let result = try await ask(calls, .blobFinalize, other[0], [flags], bytes("~:b"), [])
                #expect(result[2] == [linked])
                #expect(result[3] == [linked == 1 ? 0 : FileCode.linkExists.rawValue])
                #expect(try await ask(calls, .fsOpenBlob, bytes("~:b"))[1] == HostFields.bytes(length))
            }
            let byHash = try await ask(calls, .blobOpenByHash, sealed[0])
            _ = try await ask(calls, .link, home[0], bytes("c"), byHash[0])
            #expect(try await ask(calls, .fsList, bytes("~")) == [bytes("b"), [5], bytes("c"), [5], bytes("f"), [1]])
        }
    }

    @Test func `paths, facets and keys`() async throws {
        try await Fixture.run { fixture in
            let calls = FileCalls(try fixture.caller("alice"), runner: ScriptedRunner())
            _ = try await ask(calls, .fsCreateDir, bytes("home:<T,alice>:d"), [])
            let list = #"["home", {"secrecy":{"DCFormula":[]},"integrity":{"DCFormula":[[["alice"]]]}}, "d", "a:b"]"#
            _ = try await ask(calls, .fsCreateFile, [0] + bytes(list), bytes("T,alice"))
            _ = try await ask(calls, .fsWrite, bytes(#"home:<T,alice>:d:a\:b"#), bytes("x"))
            #expect(try await ask(calls, .fsRead, [0] + bytes(list)) == [bytes("x")])
            let facets = try await ask(calls, .fsListFaceted, bytes("home"))
            #expect(facets.count == 2)
            #expect(try HostFields.decode(facets[1]) == [bytes("d")[...]])
            #expect(
                try await ask(calls, .listFacets, try await ask(calls, .openPath, [0, 0, 0, 0], bytes("home"))[0], [])[
                    0]
                    == bytes("T,alice"))
            _ = try await ask(calls, .keyWrite, bytes("p/q"), bytes("1"))
            _ = try await ask(calls, .keyWrite, bytes("p/r"), bytes("2"))
            _ = try await ask(calls, .keyWrite, bytes("p/r"), bytes("3"))
            #expect(try await ask(calls, .keyRead, bytes("p/r")) == [bytes("3")])
            #expect(try await ask(calls, .keyList, bytes("p")) == [bytes("q"), [1], bytes("r"), [1]])
            #expect(try await code(calls, .keyRead, bytes("none")) == .doesNotExist)
        }
    }

    @Test func `gates are made, described and called; services too`() async throws {
        try await Fixture.run { fixture in
            let secret = CallReply(
                succeeded: true, status: 200, headers: ["a": "b"], body: [1], label: try label("bob,T"))
            let runner = ScriptedRunner(secret)
            let calls = FileCalls(try fixture.caller("alice"), runner: runner)
            try await fixture.put([5], at: "~:app", as: "alice", label: "T,alice")
            let settings = bytes(#"{"api":"g2","timeout":5}"#)
            _ = try await ask(
                calls, .fsCreateGate, bytes("home:<T,alice>:g"), bytes("alice/x,alice"), bytes("~:app"),
                HostFields.bytes(UInt32(64)), bytes("python"), settings)
            let gate = try await ask(calls, .openPath, [0, 0, 0, 0], bytes("home:<T,alice>:g"))
            let text = String(decoding: try await ask(calls, .describeGate, gate[0])[0], as: UTF8.self)
            #expect(text.contains(#""memory":64"#) && text.contains(#""api":"g2""#))
            let reply = try await ask(calls, .invoke, [5], gate[0], bytes("payload"), bytes(#"{"p":"q"}"#))
            #expect(reply == [[1], HostFields.bytes(UInt32(200)), bytes(#"{"a":"b"}"#), [1], [0, 0, 0, 0], []])
            #expect(calls.label?.description == "alice&bob,T")
            let call = await runner.calls[0]
            #expect(call.payload == bytes("payload") && call.parameters == ["p": "q"] && call.isSynchronous)
            #expect(try call.gate.privilege == component("alice/x"))
            #expect(call.gate.settings.api == .g2)
            let other = FileCalls(try fixture.caller("alice"), runner: runner)
            _ = try await ask(
                other, .fsCreateService, bytes("home:<T,alice>:s"), bytes("T,T"), bytes("bob,T"),
                bytes("http://h/{p}"), bytes("get"), [])
            let blob = try await ask(other, .invoke, [3], bytes("home:<T,alice>:s"), [], bytes(#"{"p":"q"}"#))
            #expect(blob[3] == [] && blob[4] != [0, 0, 0, 0])
            #expect(await runner.requests.map(\.url) == ["http://h/q"])
            #expect(other.label?.description == "bob,T")
            #expect(try await code(other, .invocationResult, bytes("2")) == .doesNotExist)
            #expect(try await code(other, .invoke, [1], bytes("home"), [], []) == .notAGate)
        }
    }

    @Test func `what is malformed is refused, whatever it is`() async throws {
        try await Fixture.run { fixture in
            let calls = FileCalls(try fixture.caller("F"), runner: ScriptedRunner())
            await #expect(throws: HostCallRefusal.self) { _ = try await calls.answer(63, []).get() }
            var generator = SeededGenerator(seed: 3)
            for operation in FileOperation.allCases {
                for count in 0..<40 {
                    let fields = (0..<Int.random(in: 0..<7, using: &generator)).map { _ in
                        let junk: [[UInt8]] = [
                            [], [0], [1], [0, 0, 0, 0], [1, 0, 0, 0], [UInt8](repeating: 255, count: 8), bytes("~"),
                            [0] + bytes("[1]"), [0] + bytes("{"), bytes("T,T"), [0xFF, 0xFE], bytes("{}"), bytes(":"),
                            [UInt8](repeating: 0, count: 8), bytes("a,b"), bytes("home:<T,T>:x"),
                        ]
                        return junk.randomElement(using: &generator) ?? []
                    }
                    if case .failure(let refusal) = await calls.answer(operation.rawValue, fields.map { $0[...] }) {
                        Issue.record("\(operation) \(count): \(refusal)")
                    }
                }
            }
        }
    }
}
