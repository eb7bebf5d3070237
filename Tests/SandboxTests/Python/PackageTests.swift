import Model
import SandboxTesting
import Testing

@testable import Sandbox

/// Functions that come with files of their own.
@Suite struct PackageTests {
    private struct Function: Sendable {
        let sandbox: Sandbox
        let image: LoadedImage?
        let imported: RunOutcome

        /// Imports `source` as the module of a face, with an archive mounted at each place.
        init(
            _ source: String, _ layout: CodeLayout, _ mounts: [(path: String, files: [(String, String)])]
        ) async throws {
            let sandbox = try await Interpreter.shared().sandbox
            let manifest = """
                {"file": "\(layout.file)", "module": "\(layout.module)", "root": "\(layout.root)", "face": "faaspot", \
                "front": \(Self.list(layout.front)), "back": \(Self.list(layout.back))}
                """
            (imported, image) = try await GuestThread.run {
                let packages = try mounts.map { mount in
                    let archive = StoredZip(mount.files.map { ($0.0, Array($0.1.utf8)) }).encoded
                    return MountedPackage(try sandbox.loadPackage(MemoryFile.make(archive)), at: mount.path)
                }
                let run = Run(parts: [Array(manifest.utf8), Array(source.utf8)], limits: .standard)
                let (outcome, image) = try sandbox.prepare(run, with: packages, Interruption())
                return (outcome, try image.map { try sandbox.load($0, with: packages) })
            }
            self.sandbox = sandbox
        }

        private static func list(_ paths: [String]) -> String {
            "[" + paths.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
        }

        func call(_ arguments: String = "{}") async throws -> RunOutcome {
            let image = try #require(image, "\(Ending(imported))")
            return try await GuestThread.run { [sandbox] in
                var outcomes: [RunOutcome] = []
                let run = Run(parts: [Array(arguments.utf8), [], []], limits: .standard)
                try sandbox.call(image, run, Interruption()) { outcomes.append($0) }
                return outcomes[0]
            }
        }
    }

    private static func layout(_ name: String = "trial", _ face: Face = .faaspot) throws -> CodeLayout {
        CodeLayout(of: FunctionKey(name: try FunctionName(name)), face: face, isPackage: true)
    }

    @Test func `modules are imported at deploy and in a call, from every folder of a package`() async throws {
        let function = try await Function(
            """
            import beside
            from greeting import hello
            def main(args, context):
                import lazy
                from tools.more import answer
                return [beside.name, hello("you"), lazy.name, answer, __file__, __name__, lazy.__file__]
            """, Self.layout(),
            [
                ("function/package", [("greeting/__init__.py", "def hello(name): return 'hello ' + name\n")]),
                (
                    "function",
                    [
                        ("beside.py", "name = 'beside'\n"), ("package/lazy.py", "name = 'lazy'\n"),
                        ("lib/tools/more.py", "answer = 42\n"),
                    ]
                ),
            ])
        #expect(
            try await function.call().text == """
                ["beside", "hello you", "lazy", 42, "/function/main.py", "main", "/function/package/lazy.py"]
                """)
    }

    @Test func `data files are read and listed in a call, and nothing can be written`() async throws {
        let function = try await Function(
            """
            import os
            from pathlib import Path
            def main(args, context):
                here = Path(__file__).parent
                refused = []
                for attempt in (
                    lambda: (here / "new.txt").write_text("x"), lambda: (here / "data.txt").write_text("x"),
                    lambda: os.remove(here / "data.txt"), lambda: os.mkdir(here / "folder"), lambda: os.rename(here / "data.txt", "/tmp/x"),
                ):
                    try: attempt()
                    except OSError as error: refused.append(error.errno)
                return [(here / "data.txt").read_text(), sorted(os.listdir(here)), len(refused)]
            """, Self.layout(), [("function", [("data.txt", "some data"), ("empty/", "")])])
        #expect(try await function.call().text == #"["some data", ["data.txt", "empty"], 5]"#)
    }

    @Test func `a function sees no other function's files`() async throws {
        let source = """
            import os
            def main(args, context):
                return [sorted(os.listdir("/function")), sorted(n for n in os.listdir("/") if n not in ("etc", "home", "lib", "tmp", "function"))]
            """
        let one = try await Function(source, Self.layout("one"), [("function", [("secret-of-one.txt", "1")])])
        let two = try await Function(source, Self.layout("two"), [("function", [("secret-of-two.txt", "2")])])
        let alone = try await Function(source, Self.layout("three"), [])
        #expect(try await one.call().text == #"[["secret-of-one.txt"], []]"#)
        #expect(try await two.call().text == #"[["secret-of-two.txt"], []]"#)
        #expect(try await alone.call().text == "[[], []]")
        #expect(try await one.call().text == #"[["secret-of-one.txt"], []]"#)
    }

    @Test func `what is built in wins over a copy in a package, and the function's own folder over both`() async throws
    {
        let function = try await Function(
            """
            import base64, colorsys, PIL
            def main(args, context): return [hasattr(base64, "b64encode"), colorsys.own, PIL.__version__ != "0"]
            """, Self.layout(),
            [
                ("function/package", [("base64.py", ""), ("PIL/__init__.py", "__version__ = '0'")]),
                ("function", [("colorsys.py", "own = True")]),
            ])
        #expect(try await function.call().text == "[true, true, true]")
    }

    @Test func `a traceback shows the lines of a package's files`() async throws {
        let function = try await Function(
            "import beside\ndef main(args, context): return beside.fail()\n", Self.layout(),
            [("function", [("beside.py", "def fail():\n    return 1 / 0  # here\n")])])
        let outcome = try await function.call()
        #expect(outcome.raised == "ZeroDivisionError")
        #expect(outcome.traceback?.contains("/function/beside.py\", line 2") == true)
        #expect(outcome.traceback?.contains("return 1 / 0  # here") == true)
        #expect(Ending(outcome).error?["line"] as? Int == 2)
    }

    @Test(arguments: [
        (Face.faasten, "/srv/workload.py", "workload", "beside"),
        (.faasm, "/pyfuncs/default/trial/function.py", "function", "beside"),
        (.openfaas, "/home/app/function/handler.py", "function.handler", "function.beside"),
    ])
    func `every face has its place, module and search path`(
        _ face: Face, _ file: String, _ module: String, _ beside: String
    ) async throws {
        let layout = try Self.layout("trial", face)
        let function = try await Function(
            """
            import sys
            \(face == .openfaas ? "from . import beside" : "import beside")
            import installed
            def main(args, context): return [__file__, __name__, beside.__name__, installed.name, sys.modules[__name__].__file__]
            """, layout,
            [
                (layout.root.dropFirst() + "/package", [("installed.py", "name = 'installed'")]),
                (String(layout.root.dropFirst()), [("beside.py", "")]),
            ])
        #expect(
            try await function.call().text == """
                ["\(file)", "\(module)", "\(beside)", "installed", "\(file)"]
                """)
    }

    @Test func `a package that is no archive is refused`() async throws {
        let sandbox = try await Interpreter.shared().sandbox
        #expect(throws: SandboxError.self) { try sandbox.loadPackage(MemoryFile.make([1, 2, 3])) }
    }

    @Test func `a file in the way of a folder is left alone`() throws {
        let base = try Trees.small()
        let package = LoadedPackage(
            archive: try StoredArchive(MemoryFile.make(StoredZip([("x/y.py", [1]), ("z", [2])]).encoded)))
        let tree = FileTree(base, adding: [MountedPackage(package, at: "lib/readable")])
        var files = FileSystem(tree: tree, now: { 0 })
        for path in ["lib/readable/x/y.py", "x", "y.py", "lib/readable/z", "z"] {
            #expect(throws: (any Error).self) {
                _ = try files.open(path, below: 3, flags: 0, mayWrite: false, appends: false)
            }
        }
        let readable = try files.open("lib/readable", below: 3, flags: 0, mayWrite: false, appends: false)
        #expect(try files.read(files.file(readable), from: 0) { Array($0) } == Array("content".utf8))
    }
}
