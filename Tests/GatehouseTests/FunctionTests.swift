import LabelledFiles
import Model
import Packages
import Platform
import TestSupport
import Testing

@testable import Gatehouse

/// The platform's functions behind gates.
@Suite struct FunctionTests {
    @Test func `gates with the same content have one function, and it goes with the last of them`() async throws {
        try await House.run { house in
            house.sandbox.onCall { _ in .success(.answer("")) }
            for name in ["a", "b"] {
                try await house.register("~:\(name)", "alice/\(name),T", as: "alice")
                _ = try await house.invoke("~:\(name)", as: "alice")
                _ = try await house.invoke("~:\(name)", as: "alice")
            }
            #expect(house.sandbox.prepared.count == 1)
            let (request, platform) = (try #require(house.sandbox.prepared.first), house.fixture.platform)
            #expect(request.face == .faasten && request.layout.file == "/srv/workload.py")
            for (name, left) in [("a", 1), ("b", 0)] {
                try await house.fsutil(#"{"op": "delete", "args": {"path": "~:\#(name)"}}"#, as: "alice")
                _ = try await house.gatehouse.collect()
                #expect(try await platform.confinedFunctions().count == left)
            }
        }
    }

    @Test func `a function that was let go too early is deployed anew`() async throws {
        try await House.run { house in
            try await house.register("~:f", "alice/f,T", as: "alice")
            house.sandbox.onCall { _ in .success(.answer("here")) }
            _ = try await house.invoke("~:f", as: "alice")
            for name in try await house.fixture.platform.confinedFunctions() {
                try await house.fixture.platform.removeConfined(name)
            }
            #expect(try await house.invoke("~:f", as: "alice").text == "here")
            #expect(house.sandbox.prepared.count == 2)
        }
    }

    @Test func `what Python says of a module that cannot be imported is told`() async throws {
        try await House.run { house in
            try await house.register("~:f", "alice/f,T", as: "alice")
            house.sandbox.onPrepare { _ in
                let fault = ExecutionFault(kind: .raised, type: "ImportError", message: "no module named x")
                return .success(PrepareOutcome(result: .failure(fault), logs: [], usage: ResourceUsage()))
            }
            let refusal = await failure { _ = try await house.invoke("~:f", as: "alice") }
            #expect(refusal == .launch(detail: "ImportError: no module named x"))
            var lines: [GateLogLine] = []
            for await line in try await house.gatehouse.logs(of: FilePath(parsing: "~:f"), for: component("alice")) {
                lines.append(line)
            }
            #expect(lines.map(\.text) == ["ImportError: no module named x"])
        }
    }

    @Test func `a launch that fails for the server's sake is tried twice more`() async throws {
        try await House.run { house in
            try await house.register("~:f", "alice/f,T", as: "alice")
            house.sandbox.onPrepare { _ in .failure(.unavailable("no worker")) }
            guard case .failed? = await failure({ _ = try await house.invoke("~:f", as: "alice") }) else {
                Issue.record("the launch did not fail")
                return
            }
            #expect(house.sandbox.prepared.count == 3)
        }
    }

    @Test func `a package without its module is refused when its gate is made`() async throws {
        try await House.run { house in
            var image = [UInt8](repeating: 0, count: 2048)
            image.replaceSubrange(0x438..<0x43A, with: [0x53, 0xEF])
            let gzip: [UInt8] = [0x1F, 0x8B, 8, 0]
            let emptyZip = [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18)
            for package in [image, gzip, emptyZip] {
                let upload = try await house.upload(package, as: "alice")
                let reply = try await house.fsutil(
                    #"{"op": "create-gate", "args": {"path": "~:f", "policy": "alice,T", "memory": 128, "runtime": "python"}}"#,
                    as: "alice", [("app", upload)])
                #expect(reply.hasSuffix(#"","error":"Malformed","success":false}"#) && reply.hasPrefix(#"{"detail":""#))
            }
        }
    }

    @Test func `what could never run is refused by name when its gate is made or changed`() async throws {
        try await House.run { house in
            try await house.register("~:f", "alice,T", as: "alice")
            var tree = PackageTree()
            try tree.add("workload.py", bytes("def handle(e): pass"))
            try tree.add("requirements.txt", bytes("numpy"))
            let upload = try await house.upload(StoredArchive.encode(tree), as: "alice")
            for (path, replaces) in [("~:f", true), ("~:g", false)] {
                let reply = try await house.fsutil(
                    #"""
                    {"op": "create-gate", "args": {"path": "\#(path)", "policy": "alice,T", "memory": 128,
                      "runtime": "python", "replace": \#(replaces)}}
                    """#, as: "alice", [("app", upload)])
                #expect(reply.contains("numpy") && reply.hasSuffix(#""error":"Malformed","success":false}"#))
            }
            let ruby = #"{"op": "upgate", "args": {"path": "~:f", "runtime": "ruby"}}"#
            #expect(try await house.fsutil(ruby, as: "alice").contains("no runtime `ruby`"))
            house.sandbox.onCall { _ in .success(.answer("as before")) }
            #expect(try await house.invoke("~:f", as: "alice").text == "as before")
        }
    }

    @Test func `a function is imported when its gate is made`() async throws {
        try await House.run { house in
            let (imported, feed) = AsyncStream.makeStream(of: Void.self)
            house.sandbox.onPrepare { _ in
                feed.yield()
                return .failure(.unavailable("this is enough"))
            }
            try await house.fixture.withServices(and: house.gatehouse.services) {
                try await house.register("~:f", "alice,T", as: "alice")
                for await _ in imported { break }
            }
            #expect(house.sandbox.called.isEmpty)
        }
    }

    @Test func `fsutil is built in under every name that it has`() async throws {
        try await House.run { house in
            let ping = #"{"op": "ping"}"#
            #expect(try await house.fsutil(ping, as: "bob") == #"{"success":true,"value":"pong"}"#)
            #expect(
                try await house.invoke("home:<T,faasten>:fsutil", as: "T", ping).text
                    == #"{"success":true,"value":"pong"}"#)
            try await house.fsutil(
                #"""
                {"op": "mkgate", "args": {"base": "~", "name": "own", "privilege": "alice", "clearance": "alice", "memory": 1,
                  "app_image": "home:<T,faasten>:fsutil_image", "runtime": "home:<T,faasten>:python"}}
                """#, as: "alice")
            #expect(try await house.invoke("~:own", as: "alice", ping).text == #"{"success":true,"value":"pong"}"#)
            #expect(house.sandbox.called.isEmpty && house.sandbox.prepared.isEmpty)
        }
    }
}
