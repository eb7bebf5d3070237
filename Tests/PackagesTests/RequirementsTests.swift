import Model
import Testing

@testable import Packages

@Suite struct RequirementsTests {
    @Test func `lines are read as pip reads them`() throws {
        let requirements = try Requirements(
            parsing: """
                # a comment
                Pillow>=9 ; python_version > '3'

                six[extra] == 1.17.0 \\
                    --hash=sha256:00ff  # pinned
                zope.interface~=6.0
                """)
        #expect(requirements.lines.map(\.name) == ["Pillow", "six", "zope.interface"])
        #expect(requirements.lines.map(\.number) == [2, 5, 6])
        #expect(requirements.lines[1].text.hasSuffix("--hash=sha256:00ff"))
        #expect(Requirements.normalised("Zope_.-Interface") == "zope-interface")
        #expect(try Requirements(parsing: "").lines.isEmpty)
    }

    @Test(arguments: [
        "-r other.txt", "--index-url http://example.org", "-e .", "./folder", "/folder",
        "six @ http://example.org/six.whl",
        "six @ file:///etc/passwd", "git+https://example.org/six", "six --install-option=x", "six --config-settings=x",
        "six ${HOME}", "six $HOME", "six; -r other.txt", "../six", "six\u{0}", "C:\\six", "six --hash=md5:00",
    ])
    func `what could make pip read or fetch something else is refused`(_ line: String) {
        let error = #expect(throws: PackageError.self) { try Requirements(parsing: "six\n" + line) }
        #expect(error?.code == .requirements && error?.message.contains("Line 2") == true)
    }

    @Test func `a wheel's name says what it is`() {
        #expect(Wheel(fileName: "six-1.17.0-py2.py3-none-any.whl")?.isPure == true)
        #expect(Wheel(fileName: "numpy-2.1.0-cp313-cp313-manylinux_2_17_x86_64.whl")?.isPure == false)
        #expect(Wheel(fileName: "a-1-2build-py3-none-any.whl")?.version == "1")
        for name in ["six-1.17.0.tar.gz", "six.whl", "a-b-c-d-e-f-g.whl"] { #expect(Wheel(fileName: name) == nil) }
    }

    @Test func `a wheel is unpacked without its scripts`() throws {
        var content = PackageTree()
        for path in ["six.py", "six-1.dist-info/METADATA", "six-1.data/purelib/more.py", "six-1.data/scripts/run"] {
            try content.add(path, [1])
        }
        let wheel = try #require(Wheel(fileName: "six-1-py3-none-any.whl"))
        var tree = PackageTree()
        let bytes = StoredArchive.encode(content)
        try wheel.unpack(bytes, into: &tree, limits: PackageLimits())
        #expect(Set(tree.files.keys) == ["six.py", "six-1.dist-info/METADATA", "more.py"])
        #expect(wheel.locked(bytes).sha256.utf8.count == 64)
    }
}
