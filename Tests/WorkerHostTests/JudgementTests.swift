import Model
import Testing

@testable import WorkerHost

@Suite struct JudgementTests {
    private func outcome(
        _ ending: RunEnding, output: String? = nil, cut: Bool = false, report: String? = nil, open: [String] = []
    ) -> RunOutcome {
        RunOutcome(
            ending: ending, output: output.map { Array($0.utf8) }, outputWasCut: cut,
            errorReport: report.map { Array($0.utf8) },
            logs: [], usage: ResourceUsage(), openPaths: open)
    }

    private func fault(_ outcome: RunOutcome) -> ExecutionFault? { Judgement.fault(of: outcome, limits: .standard) }

    @Test func `A run that returned is a success`() {
        #expect(fault(outcome(.returned, output: "1")) == nil)
    }

    @Test func `Files that are left open are a fault of an import, and none of a call`() {
        let open = outcome(.returned, output: "1", open: ["tmp/a"])
        #expect(fault(open) == nil)
        #expect(Judgement.fault(ofImport: open, limits: .standard)?.type == "OpenFilesError")
    }

    @Test func `What was raised is told with type, message and traceback`() {
        let report = #"{"type": "ValueError", "message": "no", "traceback": "Traceback…", "line": 3}"#
        let raised = fault(outcome(.returned, report: report))
        #expect(raised?.kind == .raised)
        #expect(raised?.summary == "ValueError: no")
        #expect(raised?.traceback == "Traceback…")
        #expect(raised?.line == 3)
    }

    @Test(arguments: [("0", true), ("3", false)]) func `An exit is a success with code 0 only`(
        code: String, succeeds: Bool
    ) {
        let report = #"{"type": "SystemExit", "message": "\#(code)", "exit_code": \#(code)}"#
        let ended = outcome(.returned, report: report)
        #expect((fault(ended) == nil) == succeeds)
        #expect(Judgement.output(of: ended) == (succeeds ? Array("null".utf8) : nil))
        #expect((fault(outcome(.exited(code: Int32(code)!))) == nil) == succeeds)
    }

    @Test func `A run that was interrupted tells which limit it reached`() {
        let timedOut = fault(outcome(.interrupted(.wallTime(milliseconds: 1500))))
        #expect(timedOut?.kind == .timedOut)
        #expect(timedOut?.message == "the call exceeded its limit of 1.5 s")
        #expect(fault(outcome(.interrupted(.cpuTime(milliseconds: 2000))))?.message.contains("processor time") == true)
        #expect(fault(outcome(.interrupted(.cancelled)))?.kind == .cancelled)
        #expect(fault(outcome(.memoryLimit))?.type == "MemoryError")
    }

    @Test func `A result that was cut is a fault, and what was kept is delivered as a string`() {
        let cut = outcome(.returned, output: #"{"a": "xx"#, cut: true)
        #expect(fault(cut)?.kind == .limit)
        #expect(Judgement.output(of: cut) == Array(#""{\"a\": \"xx""#.utf8))
    }

    @Test func `A report that cannot be read is still a failure`() {
        #expect(fault(outcome(.returned, report: "no JSON"))?.kind == .raised)
    }

    @Test func `A trap has no addresses in its sentence`() {
        let trap = fault(outcome(.trapped("wasm trap: out of bounds memory access\n  at 0xdeadbeef")))
        #expect(trap?.kind == .trapped)
        #expect(trap?.message.contains("0x") == false)
    }
}
