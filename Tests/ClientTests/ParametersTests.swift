import Client
import Testing

@Suite struct ParametersTests {
    private func pairs(_ texts: String...) throws -> [String: String] {
        Dictionary(uniqueKeysWithValues: try Parameters.object(texts).map { ($0.name, $0.value) })
    }

    @Test func partsAreSplitAtCommasAndAtTheirFirstEqualsSign() throws {
        #expect(try pairs("a=1, b = 2 ,c=x=y") == ["a": "1", "b": "2", "c": "x=y"])
    }

    @Test func aPartWithoutEqualsSignContinuesTheValueBeforeIt() throws {
        #expect(try pairs("a=1,2") == ["a": "1,2"])
        #expect(try pairs("a=1, 2, b=3") == ["a": "1, 2", "b": "3"])
    }

    @Test func anEmptyValueAndATrailingCommaAreFine() throws {
        #expect(try pairs("a=,b=1,") == ["a": "", "b": "1"])
        #expect(try pairs("") == [:])
    }

    @Test func textsAreMergedAndTheLastValueWins() throws {
        #expect(try pairs("a=1, b=2", "a=3") == ["a": "3", "b": "2"])
        #expect(try pairs("a=1\(Parameters.wordSeparator)b=2") == ["a": "1", "b": "2"])
    }

    @Test(arguments: ["name", "=1", " = 2", "\(Parameters.wordSeparator)word"])
    func whatIsNoPairIsRefused(_ text: String) {
        #expect(throws: ClientError.self) { try Parameters.parse(text) }
    }
}
