import Foundation
import Model
import Testing

@Suite struct ExecutionTests {
    @Test func `only queued and running executions have something before them`() {
        #expect(ExecutionStatus.allCases.filter { !$0.isFinal } == [.queued, .running])
        #expect(ExecutionStatus.timedOut.rawValue == "timed-out")
    }

    @Test func `a fault is summed up as Python prints it`() {
        #expect(ExecutionFault(kind: .raised, type: "ValueError", message: "no").summary == "ValueError: no")
        #expect(ExecutionFault(kind: .raised, type: "KeyboardInterrupt", message: "").summary == "KeyboardInterrupt")
    }

    @Test func `an execution is coded and decoded unchanged`() throws {
        let execution = Execution(
            id: UUID7(high: 1, low: 2), task: .runFunction, trigger: .chained,
            function: FunctionKey(name: try FunctionName("a")), version: 2, status: .timedOut, input: [1], output: [],
            logs: [LogLine(time: Timestamp(microseconds: 1), stream: .stderr, text: "é")],
            fault: ExecutionFault(kind: .timedOut, type: "TimeoutError", message: "m", exitCode: 3), attempts: 4,
            createdAt: Timestamp(microseconds: 5), parent: UUID7(high: 3, low: 4))
        #expect(try JSONDecoder().decode(Execution.self, from: JSONEncoder().encode(execution)) == execution)
    }
}
