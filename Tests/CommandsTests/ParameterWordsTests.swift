import Client
import Testing

@testable import Commands

@Suite struct ParameterWordsTests {
    private let mark = String(Parameters.wordSeparator)

    @Test func wordsAfterOneOptionAreJoined() {
        let arguments = ["functions", "run_bulk", "hello", "-p", "a=1", "b=2", "-p", "c=3"]
        let expected = ["functions", "run_bulk", "hello", "-p", "a=1\(mark)b=2", "-p", "c=3"]
        #expect(ParameterWords.grouping(arguments) == expected)
    }

    @Test func aWordWithoutEqualsSignIsTheName() {
        let arguments = ["deployments", "run", "-p", "a=1", "hello", "--wait"]
        #expect(ParameterWords.grouping(arguments) == arguments)
    }

    @Test func otherCommandsAreLeftAlone() {
        let arguments = ["profiles", "create", "-p", "a=1", "b=2"]
        #expect(ParameterWords.grouping(arguments) == arguments)
    }
}
