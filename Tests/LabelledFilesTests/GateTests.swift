import Blobs
import Labels
import Model
import Storage
import Testing

@testable import LabelledFiles

@Suite struct GateTests {
    /// Makes a gate of a function at a path, as somebody.
    private func makeGate(
        _ fixture: Fixture, _ place: String, as owner: String, privilege: String, clearance: String,
        declassify: String? = nil, own: String
    ) async throws {
        var caller = try fixture.caller(owner)
        let app = try await caller.sealed(Array("app".utf8))
        try await caller.createGate(
            path(place),
            GateDraft(
                privilege: component(privilege), clearance: component(clearance),
                declassify: declassify.map { try component($0) },
                content: .function(FunctionDraft(memoryMegabytes: 128, app: .open(app), runtime: .name("python")))),
            label: label(own))
    }

    private func redirect(
        _ fixture: Fixture, _ place: String, as owner: String, privilege: String, clearance: String, to target: String,
        own: String
    ) async throws {
        var caller = try fixture.caller(owner)
        let node = try await caller.resolve(path(target))
        try await caller.createGate(
            path(place),
            GateDraft(privilege: component(privilege), clearance: component(clearance), content: .redirect(node)),
            label: label(own))
    }

    @Test func `a chain has the power, and asks for the clearance, of all of its gates`() async throws {
        try await Fixture.run(onDisk: true) { fixture in
            try await makeGate(
                fixture, "home:<T,bob>:run", as: "bob", privilege: "bob", clearance: "T", own: "T,bob")
            try await redirect(
                fixture, "home:<T,alice>:mine", as: "alice", privilege: "alice/app", clearance: "carol",
                to: "home:<T,bob>:run", own: "T,alice")
            var carol = try fixture.caller("carol&dave|eve")
            let gate = try await carol.findGate(path("home:<T,alice>:mine"))
            #expect(try gate.privilege == component("alice/app&bob"))
            #expect(try gate.declassify == component("alice/app&bob"))
            #expect(gate.function.memoryMegabytes == 128)
            #expect(gate.function.runtime == .name("python"))
            #expect(gate.label == .public)
            #expect(gate.invokers == [["carol"]])
            var function = Caller.running(gate, fixture.files, name: "mine")
            try function.taint(with: label("alice&bob,T"))
            #expect(try function.resultLabel() == label("alice,alice/app&bob"))
            var eve = try fixture.caller("eve")
            #expect(await code { _ = try await eve.findGate(path("home:<T,alice>:mine")) } == .denied)
        }
    }

    @Test func `a secret gate taints who calls it, and privilege is granted by its holders only`() async throws {
        try await Fixture.run { fixture in
            try await makeGate(
                fixture, "~:run", as: "alice", privilege: "alice/x", clearance: "T", declassify: "T", own: "alice,alice"
            )
            var bob = try fixture.caller("bob")
            let gate = try await bob.findGate(path("home:<alice,alice>:run"))
            #expect(try gate.label == label("alice,T"))
            #expect(gate.declassify == .true)
            #expect(bob.mayReceive(.public))
            #expect(
                await code {
                    try await makeGate(
                        fixture, "~:more", as: "alice/x", privilege: "alice", clearance: "T", own: "T,alice/x")
                } == .denied)
            #expect(
                await code {
                    try await makeGate(
                        fixture, "~:more", as: "bob", privilege: "T", clearance: "T", declassify: "alice",
                        own: "T,bob")
                } == .denied)
        }
    }

    @Test func `a gate that leads to itself is found out, and so is one that leads to nothing`() async throws {
        try await Fixture.run { fixture in
            try await makeGate(fixture, "~:a", as: "alice", privilege: "T", clearance: "T", own: "T,alice")
            for number in 0..<16 {
                try await redirect(
                    fixture, "~:r\(number)", as: "alice", privilege: "T", clearance: "T",
                    to: number == 0 ? "~:a" : "~:r\(number - 1)", own: "T,alice")
            }
            var alice = try fixture.caller("alice")
            // Sixteen gates are the most: fifteen redirects and what they lead to.
            _ = try await alice.findGate(path("~:r14"))
            #expect(await code { _ = try await alice.findGate(path("~:r15")) } == .gateLoop)
            let first = try await alice.resolve(path("~:r0"))
            try await alice.update(first, GateChange(redirect: first))
            #expect(await code { _ = try await alice.findGate(path("~:r0")) } == .gateLoop)
            #expect(await code { try await alice.update(first, GateChange(memoryMegabytes: 1)) } == .malformed)
            #expect(await code { _ = try await alice.findGate(path("~:none")) } == .doesNotExist)
            #expect(try await alice.findGate(path("a")).privilege == .true, "a bare name means one at home")
        }
    }

    @Test func `a redirect may lead to a directory with the parts of a function`() async throws {
        try await Fixture.run { fixture in
            var alice = try fixture.caller("alice")
            try await alice.createDirectory(path("~:parts"), label: label("T,alice"))
            try await fixture.put([1], at: "~:parts:app", as: "alice", label: "T,alice")
            try await fixture.put([2], at: "~:parts:runtime", as: "alice", label: "alice,alice")
            _ = try await alice.createFile(path("~:parts:memory"), label: label("T,alice"))
            try await redirect(
                fixture, "home:<T,alice>:g", as: "alice", privilege: "T", clearance: "T", to: "~:parts", own: "T,alice")
            var bob = try fixture.caller("bob")
            #expect(await code { _ = try await bob.findGate(path("home:<T,alice>:g")) } == .malformed)
            try await alice.write([0, 0, 0, 0, 0, 0, 1, 0], to: alice.resolve(path("~:parts:memory")))
            bob = try fixture.caller("bob")
            let gate = try await bob.findGate(path("home:<T,alice>:g"))
            #expect(gate.function.memoryMegabytes == 256)
            #expect(try gate.label == label("alice,T"), "the runtime was alice's secret")
        }
    }

    @Test func `a gate is updated by who may write it and has its power, and duplicated with another policy`()
        async throws
    {
        try await Fixture.run(onDisk: true) { fixture in
            try await makeGate(fixture, "~:g", as: "alice", privilege: "alice/x", clearance: "T", own: "T,alice/y")
            var alice = try fixture.caller("alice")
            let node = try await alice.resolve(path("~:g"))
            try await alice.update(node, GateChange(clearance: component("alice"), memoryMegabytes: 64))
            let (gate, object) = try await alice.gate(node)
            #expect(gate.function?.memoryMegabytes == 64)
            #expect(try gate.clearance == component("alice"))
            #expect(try gate.privilege == component("alice/x"))
            #expect(object.blobs.map(\.hash) == [gate.function?.app].compactMap { $0 })
            // Who may write the gate but lacks its power must not run other code with that.
            var other = try fixture.caller("alice/y")
            #expect(await code { try await other.update(node, GateChange(memoryMegabytes: 1)) } == .denied)
            let app = try await alice.sealed([9])
            try await alice.update(node, GateChange(app: .open(app)))
            #expect(try await alice.gate(node).object.blobs.map(\.hash) == [app.hash])
            try await alice.duplicateGate(path("~:g"), path("~:copy"), Policy(parsing: "alice/z,bob"))
            let copy = try await alice.gate(alice.resolve(path("~:copy")))
            #expect(copy.gate.function?.app == app.hash)
            #expect(try copy.gate.privilege == component("alice/z"))
            #expect(copy.object.head.label == "alice,alice")
        }
    }

    @Test func `without a label, a gate has one that covers what it is made of`() async throws {
        try await Fixture.run { fixture in
            try await fixture.put([1], at: "~:app", as: "alice", label: "alice,alice")
            var alice = try fixture.caller("alice/app")
            let app = try await alice.resolve(path("home:<alice,alice>:app"))
            let draft = GateDraft(
                privilege: .true, clearance: .true,
                content: .function(FunctionDraft(memoryMegabytes: 1, app: .node(app), runtime: .name("python"))))
            try await alice.createGate(path("home:g"), draft, label: nil)
            let gate = try await alice.resolve(path("home:<alice,alice/app>:g"))
            #expect(try await alice.gate(gate).object.head.label == "alice,alice/app")
        }
    }

    @Test func `a service is asked with its URL filled in, and its answer taints`() async throws {
        try await Fixture.run { fixture in
            let service = Service(
                privilege: .true, clearance: .true, taint: try label("alice,T"),
                url: "https://example.org/{who}?q={what}", verb: .post, headers: ["authorization": "secret"])
            var alice = try fixture.caller("alice")
            try await alice.createService(path("home:<T,alice>:s"), service, label: nil)
            var bob = try fixture.caller("bob")
            let node = try await bob.resolve(path("home:<T,alice>:s"))
            let parameters = ["who": "a/b", "what": "x&y é"]
            let request = try await bob.resolveService(node, payload: [1], parameters: parameters)
            #expect(request.url == "https://example.org/a%2Fb?q=x%26y%20%C3%A9")
            #expect(request.headers == ["authorization": "secret"])
            #expect(try bob.label == label("alice,T"))
            #expect(
                await code { _ = try await bob.resolveService(node, payload: [], parameters: parameters) } == .denied)
            var carol = try fixture.caller("carol")
            #expect(await code { _ = try await carol.resolveService(node, payload: [], parameters: [:]) } == .malformed)
            for url in ["http://{host}/", "ftp://x/", "http:///x", "http://a/{", "http://a/{}", "http://a b/", "a"] {
                var wrong = service
                wrong.url = url
                #expect(
                    await code { try await alice.createService(path("home:<T,alice>:w"), wrong, label: nil) }
                        == .malformed, "\(url)")
            }
            for (name, value) in [("a b", "c"), ("", "c"), ("a", "b\r\nc: d")] {
                var wrong = service
                wrong.headers = [name: value]
                #expect(
                    await code { try await alice.createService(path("home:<T,alice>:w"), wrong, label: nil) }
                        == .malformed, "\(name)")
            }
        }
    }
}
