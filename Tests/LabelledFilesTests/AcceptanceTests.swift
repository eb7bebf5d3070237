import Blobs
import Labels
import Model
import Storage
import Testing

@testable import LabelledFiles

/// The cases of acceptance that need neither HTTP nor a function: what their handlers do, by the same operations.
@Suite struct AcceptanceTests {
    private static let photo = Array("a photo".utf8)
    private static let function = "alice/tutorial/thumb"

    /// Reads the photo, makes two thumbnails and links them below `output`; returns which links were made.
    private func thumbnails(_ fixture: Fixture, _ output: String) async throws -> [Bool] {
        try await fixture.put(Self.photo, at: "home:<alice,alice>:p.jpg", as: "alice", label: "alice,alice")
        // The gate was found below public directories; the function starts with the label of the request.
        var caller = try fixture.caller(Self.function)
        let photo = try await caller.open(entry: caller.resolve(path(":home:<alice,alice>:p.jpg")))
        #expect(try photo.reader.bytes(at: 0, count: 100) == Self.photo)
        #expect(try caller.label == label("alice,T"))
        var linked: [Bool] = []
        for size in ["75-75", "100-100"] {
            let hash = try await caller.sealed(Array("thumb".utf8)).hash
            let thumb = try await caller.sealed(Array("thumb".utf8))
            #expect(thumb.hash == hash, "the same bytes have the same name")
            do {
                try await caller.linkBlob(path("\(output):\(size).jpeg"), caller.open(hash), label: nil)
                linked.append(true)
            } catch let error as FileRefusal {
                #expect(error.code == .denied)
                linked.append(false)
            }
        }
        return linked
    }

    @Test(arguments: [false, true])
    func `A1, A2: without a facet, thumbnails go into that of the photo's readers and the function`(
        _ onDisk: Bool
    ) async throws {
        try await Fixture.run(onDisk: onDisk) { fixture in
            let linked = try await thumbnails(fixture, ":home")
            #expect(linked == [true, true])
            #expect(
                try await fixture.names("home:<alice,\(Self.function)>", as: "alice") == ["100-100.jpeg", "75-75.jpeg"])
            #expect(try await fixture.names("home:<alice,alice>", as: "alice") == ["p.jpg"])
        }
    }

    @Test func `A1: the facet may be named`() async throws {
        try await Fixture.run { fixture in
            let linked = try await thumbnails(fixture, "home:<alice,\(Self.function)>")
            #expect(linked == [true, true])
            var alice = try fixture.caller("alice")
            let entry = try await alice.resolve(path("home:alice,\(Self.function):75-75.jpeg"))
            #expect(try await alice.open(entry: entry).length == 5)
        }
    }

    @Test(arguments: ["home:<T,alice/tutorial/thumb>", "home:<alice,alice>"])
    func `A3, A4: neither secrets leak nor is anybody's word forged`(_ output: String) async throws {
        try await Fixture.run { fixture in
            let linked = try await thumbnails(fixture, ":" + output)
            #expect(linked == [false, false])
            let names = try await fixture.names(output, as: "alice")
            #expect(names == (output == "home:<alice,alice>" ? ["p.jpg"] : []))
            let alice = try component("alice")
            let denials = fixture.files.denials.denials(visibleWith: alice)
            #expect(denials.count == 2)
            #expect(denials.allSatisfy { $0.operation.hasPrefix("link") && $0.label.secrecy == alice })
            #expect(try fixture.files.denials.denials(visibleWith: component("bob")) == [])
            #expect(fixture.files.denials.denials(visibleWith: .true) == [])
        }
    }

    @Test(arguments: [false, true])
    func `A13: nothing works after a delete, with both spellings of paths`(_ isList: Bool) async throws {
        try await Fixture.run(onDisk: true) { fixture in
            func path(_ names: String...) throws -> FilePath {
                isList
                    ? try FilePath([.text("~")] + names.map { .text($0) })
                    : try FilePath(parsing: (["~"] + names).joined(separator: ":"))
            }
            var caller = try fixture.caller("alice")
            try await caller.createDirectory(path("d"), label: nil)
            _ = try await caller.createFile(path("d", "f"), label: nil)
            try await caller.write([1, 2], to: caller.resolve(path("d", "f")))
            #expect(try await caller.read(caller.resolve(path("d", "f"))) == [1, 2])
            try await caller.delete(path("d", "f"))
            #expect(await code { _ = try await caller.read(caller.resolve(path("d", "f"))) } == .doesNotExist)
            #expect(await code { try await caller.write([1], to: caller.resolve(path("d", "f"))) } == .doesNotExist)
            try await caller.delete(path("d"))
            #expect(await code { _ = try await caller.createFile(path("d", "g"), label: nil) } == .doesNotExist)
            #expect(await code { _ = try await caller.read(caller.resolve(path("d", "g"))) } == .doesNotExist)
            #expect(await code { _ = try await caller.list(caller.resolve(path("d"))) } == .doesNotExist)
            #expect(await code { try await caller.delete(path("d")) } == .doesNotExist)
            #expect(try await fixture.files.collect().objects == 2)
        }
    }
}
