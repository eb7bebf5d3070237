import Testing

@testable import Client

@Suite("Adding a function to a stack file")
struct StackFileAddingTests {
    private func adding(to yaml: String) throws -> String {
        let lines = ["new:", "  lang: python3", "  limits:", "    memory: 64Mi"]
        return try StackFile.adding(lines, to: yaml, path: "stack.yaml")
    }

    @Test("It comes after the other functions, and before what stands there after them")
    func place() throws {
        let yaml = """
            version: 1.0
            functions:
              old:
                lang: python3
                # of the old one
                image: old

            # of the configuration
            configuration:
              copy:
                - ./common
            """
        let added = try adding(to: yaml)
        #expect(
            added == """
                version: 1.0
                functions:
                  old:
                    lang: python3
                    # of the old one
                    image: old
                  new:
                    lang: python3
                    limits:
                      memory: 64Mi

                # of the configuration
                configuration:
                  copy:
                    - ./common

                """)
        #expect(try StackFile(yaml: added, path: "stack.yaml").functions.map(\.name) == ["old", "new"])
    }

    @Test(
        "It is indented as the others are",
        arguments: ["functions:\n    old:\n      lang: x\n", "functions:\r\n    old: {lang: x}\r\nversion: 1.0\r\n"])
    func indentation(_ yaml: String) throws {
        let added = try adding(to: yaml)
        #expect(added.contains("\n    new:\n      lang: python3\n"))
        #expect(try StackFile(yaml: added, path: "stack.yaml").functions.map(\.name) == ["old", "new"])
    }

    @Test(
        "What cannot be added to line by line is refused",
        arguments: ["functions: {old: {lang: x}}\n", "functions: {\n  old: {lang: x}}\n", "a: b\n", "[", ""])
    func refusal(_ yaml: String) {
        #expect(throws: ClientError.self) { try adding(to: yaml) }
    }
}
