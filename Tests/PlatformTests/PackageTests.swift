import Model
import Packages
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Platform

struct PackageTests {
    /// Resolves `one` and `two`, and refuses all else.
    private final class ScriptedResolver: RequirementResolver {
        private let store: PackageStore
        private let asked = Mutex<[[String]]>([])
        private let kept = Mutex<Set<PackageID>>([])

        init(_ store: PackageStore) { self.store = store }

        var requests: [[String]] { asked.withLock { $0 } }
        func keep(_ packages: Set<PackageID>) { kept.withLock { $0 = packages } }

        func resolve(_ requirements: Requirements) async throws(PackageError) -> Resolution? {
            let names = requirements.lines.map(\.name)
            asked.withLock { $0.append(names) }
            var tree = PackageTree()
            var lock: [LockedDistribution] = []
            for name in names where name != "Pillow" {
                guard ["one", "two"].contains(name.lowercased()) else {
                    throw PackageError(.requirements, "no `\(name)`")
                }
                try tree.add("\(name).py", Array("name = '\(name)'".utf8))
                lock.append(LockedDistribution(name: name, version: "1", sha256: String(repeating: "0", count: 64)))
            }
            return lock.isEmpty ? nil : Resolution(package: try store.store(tree), lock: lock)
        }

        func keptPackages() -> Set<PackageID> { kept.withLock { $0 } }
    }

    private struct Fixture {
        let base: PlatformFixture
        let resolver: ScriptedResolver
        let packages: PackageStore

        init() throws {
            let folder = try TemporaryFolder()
            let packages = try PackageStore(folder: folder.path)
            self.packages = packages
            resolver = ScriptedResolver(packages)
            base = try PlatformFixture(packages: packages, resolver: resolver, keeping: folder)
        }

        var platform: Platform { base.platform }

        func create(_ files: [String: String], requirements: String? = nil) async throws -> FunctionKey {
            let key = FunctionKey(name: try FunctionName("hello"))
            _ = try await platform.create(
                FunctionDraft(
                    key: key, face: .faaspot, source: "", files: try PackageTests.tree(files),
                    requirements: requirements))
            return key
        }
    }

    private static func tree(_ files: [String: String]) throws -> PackageTree {
        var tree = PackageTree()
        for (path, text) in files { try tree.add(path, Array(text.utf8)) }
        return tree
    }

    @Test func `a package is stored, imported with its mounts, and called with them`() async throws {
        let fixture = try Fixture()
        let key = try await fixture.create([
            "main.py": "import beside", "beside.py": "", "requirements.txt": "one\nPillow",
        ])
        let request = try #require(fixture.base.sandbox.prepared.first)
        #expect(request.source == "import beside" && request.layout.module == "main")
        let (own, one) = (try #require(request.packages.own), try #require(request.packages.dependencies))
        #expect(fixture.packages.open(own) != nil && fixture.packages.open(one) != nil)
        _ = try await fixture.platform.invoke(key, input: Array("{}".utf8))
        #expect(
            fixture.base.sandbox.called.last?.mounts == [
                PackageMount(package: one, path: "function/package"), PackageMount(package: own, path: "function"),
            ])
        let details = try await fixture.platform.function(key)
        #expect(details.packages.lock.map(\.name) == ["one"] && details.requirements == "one\nPillow")
    }

    @Test func `new requirements take a new image, and the own files stay`() async throws {
        let fixture = try Fixture()
        let key = try await fixture.create(["main.py": "x"], requirements: "one")
        _ = try await fixture.platform.update(key, FunctionChange(requirements: "two"))
        let prepared = fixture.base.sandbox.prepared
        #expect(prepared.count == 2 && prepared[0].packages.own == prepared[1].packages.own)
        #expect(prepared[1].packages.lock.map(\.name) == ["two"] && prepared[1].source == "x")
        _ = try await fixture.platform.update(key, FunctionChange(requirements: ""))
        #expect(fixture.base.sandbox.prepared.last?.packages.dependencies == nil)
        _ = try await fixture.platform.update(key, FunctionChange(context: "A=1"))
        #expect(fixture.base.sandbox.prepared.count == 3, "a context makes no other image")
    }

    @Test func `code alone takes the place of a package, and a package that of code`() async throws {
        let fixture = try Fixture()
        let key = try await fixture.create(["main.py": "x", "requirements.txt": "one"])
        _ = try await fixture.platform.update(key, FunctionChange(source: "alone"))
        var last = try #require(fixture.base.sandbox.prepared.last)
        #expect(
            last.packages.own == nil && last.packages.lock.map(\.name) == ["one"]
                && last.layout.file == "/function/hello.py")
        _ = try await fixture.platform.update(key, FunctionChange(files: try Self.tree(["main.py": "y"])))
        last = try #require(fixture.base.sandbox.prepared.last)
        #expect(last.packages.own != nil && last.packages.lock.isEmpty && last.source == "y")
        #expect(try await fixture.platform.function(key).requirements == nil)
    }

    @Test func `what cannot be deployed leaves nothing behind`() async throws {
        let fixture = try Fixture()
        for (files, requirements, code) in [
            (["other.py": "x"], nil, PlatformError.Code.invalidRequest),
            (["main.py": "x"], "native", .invalidRequirements),
            (["main.py": "x"], "-r /etc/passwd", .invalidRequirements), (["main.py": " "], nil, .invalidRequest),
        ] as [([String: String], String?, PlatformError.Code)] {
            await #expect { _ = try await fixture.create(files, requirements: requirements) } throws: {
                ($0 as? PlatformError)?.code == code
            }
        }
        fixture.base.sandbox.onPrepare { _ in
            .success(
                PrepareOutcome(
                    result: .failure(ExecutionFault(kind: .raised, type: "E", message: "no")), logs: [], usage: .init())
            )
        }
        await #expect(throws: PlatformError.self) {
            _ = try await fixture.create(["main.py": "x"], requirements: "one")
        }
        await fixture.platform.packages.collect()
        #expect(try fixture.packages.open(Self.id(["main.py": "x"])) == nil)
    }

    @Test func `packages that no version names are collected, others and kept ones stay`() async throws {
        let fixture = try Fixture()
        let key = try await fixture.create(["main.py": "x"], requirements: "one")
        let use = try #require(fixture.base.sandbox.prepared.first).packages
        let (own, one) = (try #require(use.own), try #require(use.dependencies))
        await fixture.platform.packages.collect()
        #expect(fixture.packages.open(own) != nil && fixture.packages.open(one) != nil)
        _ = try await fixture.platform.delete(key)
        fixture.resolver.keep([one])
        fixture.packages.hold(own)
        await fixture.platform.packages.collect()
        #expect(fixture.packages.open(own) != nil && fixture.packages.open(one) != nil)
        fixture.packages.release(own)
        await fixture.platform.packages.collect()
        #expect(fixture.packages.open(own) == nil && fixture.packages.open(one) != nil)
    }

    @Test
    func `what is set up for all functions comes with the next deploy of code`()
        async throws
    {
        let fixture = try Fixture()
        let key = try await fixture.create(["main.py": "x"])
        #expect(try await fixture.platform.setUpPackages("one").map(\.name) == ["one"])
        await #expect(throws: PlatformError.self) { _ = try await fixture.platform.setUpPackages("native") }
        #expect(try fixture.platform.sharedRequirements() == ["one"])
        _ = try await fixture.platform.update(key, FunctionChange(context: "A=1"))
        #expect(try await fixture.platform.function(key).packages.lock.isEmpty)
        _ = try await fixture.platform.update(key, FunctionChange(requirements: "two"))
        #expect(try await fixture.platform.function(key).packages.lock.map(\.name) == ["two", "one"])
        _ = try await fixture.platform.update(key, FunctionChange(requirements: "ONE==1"))
        #expect(fixture.resolver.requests.last == ["ONE"])
        #expect(try await fixture.platform.removePackage("One").isEmpty)
        #expect(try fixture.platform.sharedRequirements().isEmpty)
    }

    @Test func `an image that is lost is taken anew from the package`() async throws {
        let fixture = try Fixture()
        let key = try await fixture.create(["main.py": "x"])
        let isLost = Atomic(true)
        fixture.base.sandbox.onCall { request in
            isLost.exchange(false, ordering: .relaxed)
                ? .failure(.imageUnavailable(request.image)) : .success(.output("1"))
        }
        _ = try await fixture.platform.invoke(key, input: Array("{}".utf8))
        let prepared = fixture.base.sandbox.prepared
        #expect(prepared.count == 2 && prepared[0] == prepared[1])
    }

    @Test func `a lost package is said to be lost`() async throws {
        let fixture = try Fixture()
        let key = try await fixture.create(["main.py": "x"])
        fixture.base.sandbox.onCall { request in .failure(.packageUnavailable(request.mounts[0].package)) }
        await #expect { _ = try await fixture.platform.invoke(key, input: Array("{}".utf8)) } throws: {
            ($0 as? PlatformError)?.message.contains("deploy the function again") == true
        }
    }

    /// The name that a tree has in a store.
    private static func id(_ files: [String: String]) throws -> PackageID {
        let elsewhere = try TemporaryFolder()
        return try PackageStore(folder: elsewhere.path).store(tree(files))
    }
}
