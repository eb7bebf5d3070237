import Blobs
import Foundation
import Labels
import Model
import Testing

@testable import LabelledFiles

@Suite struct FsutilTests {
    /// What fsutil answers somebody.
    private func ask(
        _ fixture: Fixture, as privilege: String, _ op: String, _ args: String = "{}",
        uploads: [(String, [UInt8])] = [], runner: ScriptedRunner = ScriptedRunner()
    ) async throws -> String {
        let caller = try fixture.caller(privilege)
        var sealed: [(name: String, upload: Upload)] = []
        for (name, bytes) in uploads {
            let writer = try caller.beginUpload()
            try await writer.append(bytes)
            sealed.append((name, try await caller.finishUpload(writer)))
        }
        var fsutil = Fsutil(caller, uploads: sealed, runner: runner)
        switch try await fsutil.answer(Array(#"{"op": "\#(op)", "args": \#(args), "more": 1}"#.utf8)) {
        case .json(let bytes, _): return String(decoding: bytes, as: UTF8.self)
        case .blob(let reader): return try String(decoding: reader.bytes(at: 0, count: 100), as: UTF8.self)
        }
    }

    @Test func `everything that commands ask for is done`() async throws {
        try await Fixture.run { fixture in
            let done = #"{"success":true}"#
            let shown = #"{\"secrecy\":{\"DCFormula\":[]},\"integrity\":{\"DCFormula\":[[[\"alice\"]]]}}"#
            let facets = #"{"success":true,"value":{"facets":{"\#(shown)":{"names":["u"]}}}}"#
            let service = """
                {"base": "~", "name": "svc", "privilege": "alice", "clearance": "alice", "taint": "alice", "url": "http://h/",
                "verb": "GET"}
                """
            let gate = """
                {"base": "home:<T,alice>", "name": "g", "privilege": "alice", "clearance": "T", "memory": 64,
                "app_image": "~:up.txt", "runtime": "python"}
                """
            let steps: [(String, String, String)] = [
                ("ping", "{}", #"{"success":true,"value":"pong"}"#),
                ("mkdir", #"{"base": "~", "name": "d", "label": "alice,alice", "x": 1}"#, done),
                ("mkfile", #"{"base": ["~", "d"], "name": "a:b", "label": "alice,alice"}"#, done),
                ("mkfile", #"{"base": "~:d", "name": "a:b"}"#, #"{"error":"LinkExists","success":false}"#),
                ("write", #"{"path": ["~", "d", "a:b"], "data": "aGk="}"#, done),
                ("read", #"{"path": "~:d:a\\:b"}"#, #"{"success":true,"value":"aGk="}"#),
                ("write-file", #"{"path": "~:d:a\\:b", "data": "ho"}"#, done),
                ("read-file", #"{"path": "~:d:a\\:b"}"#, #"{"success":true,"value":"aG8="}"#),
                ("mkfaceted", #"{"base": "~", "name": "fac"}"#, done),
                ("link", #"{"path": "~:d", "base": "~", "name": "e"}"#, done),
                ("unlink", #"{"base": "~", "name": "d"}"#, done),
                ("list-dir", #"{"path": "~"}"#, #"{"success":true,"value":{"names":["e","fac"]}}"#),
                ("ls", #"{"path": "~"}"#, #"{"success":true,"value":{"e":0,"fac":2}}"#),
                (
                    "ls", #"{"path": "~", "long": true}"#,
                    #"{"success":true,"value":{"e":{"kind":0,"label":"alice,alice"},"fac":{"kind":2}}}"#
                ),
                ("ls", #"{"path": "home"}"#, #"{"success":true,"value":[]}"#),
                ("mkblob", #"{"base": "~", "label": "alice,alice"}"#, done),
                ("cat", #"{"path": "~:up.txt"}"#, "upload"),
                ("create-blob", #"{"path": "home:<T,alice>:u", "label": "T,alice"}"#, done),
                (
                    "create-blob", #"{"path": "home:<T,alice>:u", "label": "T,alice"}"#,
                    #"{"error":"LinkExists","success":false}"#
                ),
                ("create-blob", #"{"path": "home:<T,alice>:u", "replace": true}"#, done),
                ("list-faceted", #"{"path": "home"}"#, facets),
                ("mkgate", gate, done),
                (
                    "create-gate", #"{"path": "home:<T,alice>:g", "policy": "alice/x,alice", "memory": 32}"#,
                    #"{"error":"LinkExists","success":false}"#
                ),
                (
                    "create-gate",
                    #"{"path": "home:<T,alice>:g", "policy": "alice/x,alice", "memory": 32, "replace": true, "settings": {"event": "raw"}}"#,
                    done
                ),
                (
                    "upgate",
                    #"{"path": "home:<T,alice>:g", "privilege": "alice", "clearance": "bob", "settings": {"errors": 7}}"#,
                    #"{"error":"Malformed","success":false}"#
                ),
                ("upgate", #"{"path": "home:<T,alice>:g", "memory": 0}"#, #"{"error":"Malformed","success":false}"#),
                ("upgate", #"{"path": "home:<T,alice>:g", "privilege": "alice", "clearance": "bob"}"#, done),
                (
                    "create-redirect-gate",
                    #"{"path": "home:<T,alice>:r", "policy": "T,T", "redirect_path": "home:<T,alice>:g"}"#, done
                ),
                ("mksvc", service, done),
                (
                    "invoke", #"{"path": "~:svc", "payload": "e30="}"#,
                    #"{"success":true,"value":{"data":"","fd":null,"status":200,"success":true}}"#
                ),
                (
                    "create-service",
                    #"{"path": "~:s2", "policy": "T,T", "label": "T,T", "url": "http://h/", "verb": 1, "headers": {}}"#,
                    done
                ),
                ("delete", #"{"path": "~:s2"}"#, done),
                ("cat", #"{"path": "~:nothing"}"#, #"{"error":"DoesNotExist","success":false}"#),
                (
                    "mkdir", #"{"base": "~"}"#,
                    #"{"detail":"`args.name` is missing.","error":"Malformed","success":false}"#
                ),
                ("what", "{}", #"{"error":"[fsutil] unknown op","success":false}"#),
            ]
            for (op, args, expected) in steps {
                let answer = try await ask(
                    fixture, as: "alice", op, args, uploads: [("up.txt", Array("upload".utf8))])
                #expect(answer == expected, "\(op) \(args)")
            }
            var bob = try fixture.caller("bob")
            let gateNow = try await bob.findGate(path("home:<T,alice>:g"))
            #expect(try gateNow.privilege == component("alice"))
            #expect(gateNow.settings.event == .raw && gateNow.function.memoryMegabytes == 32)
            #expect(
                try await ask(fixture, as: "bob", "delete", #"{"path": "home:<T,alice>:g"}"#)
                    == #"{"error":"Denied","success":false}"#)
        }
    }
}
