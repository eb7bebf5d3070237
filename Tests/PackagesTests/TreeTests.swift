import Testing

@testable import Packages

@Suite struct TreeTests {
    private static let outside = [
        "", "/a", "../a", "a/../b", "a/..", "./a", "a//b", "a/", "a\u{0}b", "a\nb", "a\\b",
        String(repeating: "x", count: 256),
    ]

    @Test(arguments: outside)
    func `a name that is not plain is refused`(_ name: String) {
        var tree = PackageTree()
        #expect(throws: PackageError.self) { try tree.add(name, []) }
        #expect(throws: PackageError.self) { try tree.addFolder(name) }
        #expect(tree.isEmpty)
    }

    @Test func `a path is there once, as a file or as a folder`() throws {
        var tree = PackageTree()
        try tree.add("a/b", [1])
        for path in ["a", "a/b", "a/b/c"] {
            #expect(throws: PackageError.self) { try tree.add(path, [2]) }
        }
        #expect(throws: PackageError.self) { try tree.addFolder("a/b") }
        try tree.addFolder("a")
        try tree.add("a/b", [2, 3], replacing: true)
        #expect(tree.files == ["a/b": [2, 3]] && tree.folders == ["a"] && tree.byteCount == 2)
    }

    @Test func `every limit is kept`() throws {
        var limits = PackageLimits()
        (limits.maximumBytes, limits.maximumFileBytes, limits.maximumEntries) = (10, 6, 4)
        (limits.maximumDepth, limits.maximumPathBytes) = (3, 9)
        var tree = PackageTree(limits: limits)
        try tree.add("a", [UInt8](repeating: 0, count: 6))
        for (path, count) in [("b", 7), ("b", 5), ("a/b/c/d", 0), ("0123456789", 0)] {
            var copy = tree
            let error = #expect(throws: PackageError.self) { try copy.add(path, [UInt8](repeating: 0, count: count)) }
            #expect(error?.code == .tooLarge || path == "a/b/c/d")
        }
        try tree.add("b/c/d", [])
        #expect(throws: PackageError.self) { try tree.add("e", []) }
    }

    @Test func `a folder of a tree is a tree`() throws {
        var tree = PackageTree()
        try tree.add("context/function/handler.py", [1])
        try tree.addFolder("context/function/empty")
        try tree.add("context/index.py", [2])
        let part = tree.subtree("context/function")
        #expect(part.files == ["handler.py": [1]] && part.folders == ["empty"] && part.byteCount == 1)
        #expect(tree.subtree("nothing").isEmpty)
    }
}
