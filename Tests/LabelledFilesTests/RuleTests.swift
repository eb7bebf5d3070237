import Labels
import Testing

@testable import LabelledFiles

/// The table of rules, line by line: what becomes of the current label, or why not.
@Suite struct RuleTests {
    private struct Case {
        var rule: Rule
        var current: String
        var privilege: String
        /// The label after it, or the code.
        var expected: String

        init(_ rule: Rule, _ current: String, by privilege: String = "T", _ expected: String) {
            (self.rule, self.current, self.privilege, self.expected) = (rule, current, privilege, expected)
        }
    }

    private func outcome(_ rule: Rule, _ current: String, _ privilege: String) async throws -> String {
        var result = ""
        try await Fixture.run { fixture in
            var caller = try fixture.caller(privilege, current)
            do {
                try caller.apply(rule)
                result = caller.label.description
            } catch let error as FileRefusal {
                // A refusal is told under what was learnt until then.
                result = "\(error.code.name) at \(caller.label)"
            }
        }
        return result
    }

    @Test func `every rule taints first, and then asks`() async throws {
        let (alice, bob) = (try component("alice"), try component("bob"))
        let own = try label("alice,alice")
        let secret = try label("alice,T")
        let trusted = try label("T,alice")
        let cases: [Case] = [
            Case(.traverse(directory: secret), "T,T", "alice,T"),
            Case(.traverse(directory: .bottom), "bob,bob", "bob,bob"),
            Case(.traverse(directory: own), "T,T", "alice,T"),
            Case(.traverse(directory: own), "T,alice/app", "alice,alice/app"),
            Case(.listFacets(clearance: secret), "bob,T", "alice&bob,T"),
            Case(.read(own), "bob,bob", "alice&bob,alice|bob"),
            // No taint by a write.
            Case(.writeFile(secret), "T,T", "T,T"),
            Case(.writeFile(secret), "alice,T", "alice,T"),
            Case(.writeFile(trusted), "T,T", "Denied at T,T"),
            Case(.writeFile(trusted), "T,T", by: "alice", "T,T"),
            Case(.writeFile(.public), "alice,T", "Denied at alice,T"),
            Case(.writeFile(.public), "alice,T", by: "alice/app", "Denied at alice,T"),
            Case(.writeFile(.public), "alice,T", by: "alice", "alice,T"),
            Case(.replaceBlob(trusted), "T,T", by: "alice/app", "Denied at T,T"),
            Case(.replaceService(secret, privilege: alice), "T,T", by: "alice/app", "Denied at T,T"),
            Case(.replaceService(secret, privilege: alice), "T,T", by: "alice", "T,T"),
            Case(.updateGate(trusted, privilege: alice, declassify: alice), "T,T", by: "alice", "T,T"),
            Case(.updateGate(secret, privilege: .true, declassify: .true), "T,bob", "alice,T"),
            Case(.updateGate(own, privilege: .true, declassify: .true), "T,T", "Denied at alice,T"),
            Case(.updateGate(secret, privilege: bob, declassify: .true), "T,T", by: "alice", "Denied at alice,T"),
            Case(.updateGate(secret, privilege: .true, declassify: bob), "T,T", by: "alice", "Denied at alice,T"),
            Case(.link(directory: secret), "T,T", "alice,T"),
            Case(.link(directory: own), "T,T", "Denied at alice,T"),
            Case(.link(directory: own), "T,T", by: "alice", "alice,T"),
            Case(.link(directory: .public), "alice,T", "Denied at alice,T"),
            Case(.unlink(directory: .bottom), "T,T", by: "alice", "Denied at T,T"),
            Case(.unlink(directory: .bottom), "T,T", by: "F", "T,T"),
            Case(.make, "alice,T", "alice,T"),
            Case(.makeBlob(.public), "alice,T", "Denied at alice,T"),
            Case(.makeBlob(secret), "alice,T", "alice,T"),
            Case(.makeGate(.public, privilege: alice, declassify: .true), "T,T", by: "alice", "T,T"),
            Case(.makeGate(.public, privilege: alice, declassify: .true), "T,T", by: "alice/app", "Denied at T,T"),
            Case(.makeGate(.public, privilege: .true, declassify: alice), "T,T", "Denied at T,T"),
            Case(.makeGate(trusted, privilege: .true, declassify: .true), "T,T", "Denied at T,T"),
            Case(.makeService(.public, privilege: alice), "T,T", by: "bob", "Denied at T,T"),
            Case(.makeService(secret, privilege: .true), "alice,T", "alice,T"),
            Case(.openByHash(secret), "T,T", "DoesNotExist at T,T"),
            Case(.openByHash(secret), "alice,T", "alice,T"),
            Case(.openByHash(secret), "T,T", by: "alice", "alice,T"),
            Case(.invokeGate(clearance: alice), "T,T", by: "alice/app", "Denied at T,T"),
            Case(.invokeGate(clearance: try component("alice/app")), "T,T", by: "alice", "T,T"),
            Case(.invokeService(.public, clearance: .true, privilege: .true, taint: secret), "T,T", "alice,T"),
            Case(
                .invokeService(.public, clearance: .true, privilege: .true, taint: secret), "bob,T", "Denied at bob,T"),
            Case(.invokeService(.public, clearance: .true, privilege: bob, taint: secret), "bob,T", "alice&bob,T"),
            Case(.invokeService(secret, clearance: bob, privilege: alice, taint: secret), "T,T", "Denied at alice,T"),
            // The caller's own privilege does not open the network.
            Case(
                .invokeService(.public, clearance: .true, privilege: .true, taint: .public), "alice,T", by: "alice",
                "Denied at alice,T"),
            Case(.receive(own), "T,alice/app", "alice,alice/app"),
        ]
        for line in cases {
            let outcome = try await outcome(line.rule, line.current, line.privilege)
            #expect(outcome == line.expected, "\(line.rule) of \(line.current) by \(line.privilege)")
        }
    }

    @Test func `labels are lowered and raised by privilege only`() async throws {
        try await Fixture.run { fixture in
            var caller = try fixture.caller("alice/app", "alice/app&bob,T")
            #expect(throws: FileRefusal(.denied)) { try caller.lower(secrecy: .true) }
            try caller.lower(secrecy: component("bob"))
            #expect(try caller.label == label("bob,T"))
            #expect(throws: FileRefusal(.denied)) { try caller.endorse(with: component("alice")) }
            try caller.endorse()
            #expect(try caller.label == label("bob,alice/app"))
            #expect(try caller.subPrivilege(["x"]) == component("alice/app/x"))
            #expect(throws: FileRefusal(.malformed)) { try caller.subPrivilege([""]) }
            try caller.taint(with: label("alice,T"))
            #expect(try caller.resultLabel() == label("alice&bob,alice/app"))
        }
    }
}
