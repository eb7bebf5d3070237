import Foundation
import Model
import Testing

@testable import Packages

/// The resolver with a program in pip's place that does what a test says. The real one is tried in `Tests/EndToEnd`.
// One after the other: while a process is started, a script that another test just wrote would be open for writing.
@Suite(.serialized) struct ResolverTests {
    private struct Fixture {
        let folder: String
        let store: PackageStore

        init(_ folder: String) throws {
            self.folder = folder
            store = try PackageStore(folder: folder)
        }

        /// A resolver whose Python runs a shell script; `$dest`, `$built` and `$wanted` are what pip was told.
        func resolver(_ script: String, timeoutSeconds: Int = 60) throws -> WheelResolver {
            let path = "\(folder)/python"
            let head = """
                #!/bin/sh
                while [ $# -gt 0 ]; do
                    case $1 in
                        --dest) dest=$2 ;; --find-links) built=$2 ;; --requirement) wanted=$2 ;; --constraint) bounds=$2 ;;
                    esac
                    shift
                done

                """
            try Data((head + script + "\n").utf8).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            return try WheelResolver(
                store: store, folder: folder, builtin: ["pillow": "11.1.0"], python: path,
                timeoutSeconds: timeoutSeconds)
        }

        /// Puts a wheel where scripts find it.
        func wheel(_ fileName: String, _ files: [String: String]) throws {
            var tree = PackageTree()
            for (path, text) in files { try tree.add(path, Array(text.utf8)) }
            try Data(StoredArchive.encode(tree)).write(to: URL(filePath: "\(folder)/\(fileName)"))
        }
    }

    private func resolve(_ resolver: WheelResolver, _ text: String) async throws -> Resolution? {
        try await resolver.resolve(Requirements(parsing: text))
    }

    @Test func `wheels become a package and a lock, once for equal requirements`() async throws {
        try await withFolder { folder in
            let fixture = try Fixture(folder)
            try fixture.wheel(
                "six-1.17.0-py2.py3-none-any.whl", ["six.py": "name = 'six'", "six-1.17.0.dist-info/RECORD": ""])
            let resolver = try fixture.resolver(
                """
                echo run >> \(folder)/runs
                [ "$(cat $wanted)" = "six>=1" ] || exit 9
                [ "$(cat $bounds)" = "pillow==11.1.0" ] || exit 9
                cp \(folder)/six-*.whl $built/pillow-11.1.0-py3-none-any.whl $dest
                """)
            let resolution = try #require(try await resolve(resolver, "six>=1\nPillow\n"))
            #expect(resolution.lock.map { "\($0.name) \($0.version)" } == ["six 1.17.0"])
            #expect(resolution.lock[0].sha256.utf8.count == 64)
            #expect(try await resolve(resolver, "# again\nPillow>=9\nsix>=1") == resolution)
            #expect(try String(contentsOfFile: "\(folder)/runs", encoding: .utf8) == "run\n")
            #expect(resolver.keptPackages() == [resolution.package])
            let archive = try #require(FileManager.default.contents(atPath: "\(folder)/\(resolution.package).package"))
            #expect(try PackageReader.read(Array(archive)).text("six.py") == "name = 'six'")
            // Where the package is lost, pip is asked again.
            try FileManager.default.removeItem(atPath: "\(folder)/\(resolution.package).package")
            #expect(try await resolve(resolver, "six>=1") == resolution)
            #expect(try String(contentsOfFile: "\(folder)/runs", encoding: .utf8) == "run\nrun\n")
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: "\(folder)/resolved").count == 1, "no work is left")
        }
    }

    @Test func `what is built in needs no pip`() async throws {
        try await withFolder { folder in
            let resolver = try Fixture(folder).resolver("exit 1")
            #expect(try await resolve(resolver, "Pillow>=9\n# nothing else\n") == nil)
        }
    }

    @Test(
        arguments: [
            (
                "echo 'ERROR: No matching distribution found for numpy>=2'; exit 1", PackageError.Code.requirements,
                "`numpy` has no pure-Python wheel"
            ),
            ("echo 'ERROR: Cannot install a and b'; exit 1", .requirements, "Cannot install a and b"),
            ("echo 'python: No module named pip'; exit 1", .unavailable, "install python3-pip"),
            ("exit 127", .unavailable, "install python3"), ("touch $dest/a-1.tar.gz", .requirements, "is no wheel"),
            ("touch $dest/a-1-cp313-cp313-linux_x86_64.whl", .requirements, "`a` has no pure-Python wheel"),
            ("echo damage > $dest/a-1-py3-none-any.whl", .malformed, "The wheel of `a`"),
        ] as [(String, PackageError.Code, String)])
    func `a failure is said in a sentence`(_ script: String, _ code: PackageError.Code, _ words: String) async throws {
        try await withFolder { folder in
            let resolver = try Fixture(folder).resolver(script)
            do {
                _ = try await resolve(resolver, "a")
                Issue.record("it succeeded")
            } catch {
                let error = try #require(error as? PackageError)
                #expect(error.code == code && error.message.contains(words), "\(error)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/resolved").isEmpty)
        }
    }

    @Test func `a pip that does not end is ended`() async throws {
        try await withFolder { folder in
            let resolver = try Fixture(folder).resolver("exec sleep 1000", timeoutSeconds: 1)
            await #expect { _ = try await resolve(resolver, "a") } throws: {
                ($0 as? PackageError)?.message.contains("within 1 s") == true
            }
        }
    }

    @Test func `a placeholder is a wheel that counts as what is built in`() throws {
        let placeholder = try Wheel.placeholder("some-thing", "1.0")
        #expect(placeholder.fileName == "some_thing-1.0-py3-none-any.whl")
        let tree = try PackageReader.read(placeholder.bytes)
        #expect(tree.text("some_thing-1.0.dist-info/METADATA")?.contains("Name: some-thing\n") == true)
    }
}
