import Client
import Testing

@testable import Commands

@Suite struct OutputTests {
    @Test func aTableHasBordersAndATitle() {
        let items: [JSON] = [["name": "a", "output": ["x": 1], "other": "z"], ["name": "longer", "output": nil]]
        let expected = """
            Executions:
            +--------+---------+
            | name   | output  |
            +--------+---------+
            | a      | {"x":1} |
            | longer |         |
            +--------+---------+
            """
        #expect(Table(title: "Executions:", columns: ["name", "output"], items: items).text == expected)
    }

    @Test func aCellStaysOnItsLine() {
        let text = Table(title: "T", columns: ["a"], items: [["a": "x\ny\u{1B}[31m"]]).text
        #expect(text.contains("| x y [31m |"))
    }

    @Test func aFunctionIsShownKeyByKeyAndThenItsCode() {
        let function: JSON = ["code": "def main(args, context):\n    return ''", "name": "hello", "requirements": nil]
        let expected = """
            name           | hello
            requirements   |\u{20}
            code:
            def main(args, context):
                return ''
            """
        #expect(FunctionGet.text(function) == expected)
    }
}
