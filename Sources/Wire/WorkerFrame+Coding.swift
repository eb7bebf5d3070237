internal import Model

extension WorkerFrame: WireFrame {
    func encode(to writer: inout WireWriter) {
        switch self {
        case .hello(let version):
            writer.put(UInt8(1))
            writer.put(version)
        case .finished(let run, let outcome, let hasImage):
            writer.put(UInt8(2))
            writer.put(run)
            writer.put(outcome)
            writer.put(hasImage)
        case .failed(let run, let message):
            writer.put(UInt8(3))
            writer.put(run)
            writer.put(message)
        case .hostRequest(let run, let operation, let request):
            writer.put(UInt8(4))
            writer.put(run)
            writer.put(operation)
            writer.put(request)
        case .imageMissing(let run):
            writer.put(UInt8(5))
            writer.put(run)
        case .printed(let run, let lines):
            writer.put(UInt8(6))
            writer.put(run)
            writer.put(lines)
        }
    }

    init(from reader: inout WireReader) throws(WireError) {
        switch try reader.number(UInt8.self) {
        case 1: self = .hello(version: try reader.number())
        case 2: self = .finished(try reader.number(), try reader.outcome(), hasImage: try reader.bool())
        case 3: self = .failed(try reader.number(), message: try reader.text())
        case 4: self = .hostRequest(try reader.number(), operation: try reader.number(), try reader.byteString())
        case 5: self = .imageMissing(try reader.number())
        case 6: self = .printed(try reader.number(), try reader.logLines())
        case let kind: throw WireError("a worker sends no frame of kind \(kind)")
        }
    }
}

extension WireWriter {
    mutating func put(_ outcome: RunOutcome) {
        put(outcome.ending)
        put(outcome.output)
        put(outcome.outputWasCut)
        put(outcome.errorReport)
        put(outcome.logs)
        put(outcome.usage.wallMicroseconds)
        put(outcome.usage.cpuMicroseconds)
        put(outcome.usage.peakMemoryBytes)
        put(list: outcome.openPaths) { $0.put($1) }
    }

    mutating func put(_ lines: [LogLine]) {
        put(list: lines) { writer, line in
            writer.put(line.time.microseconds)
            writer.put(line.stream == .stderr)
            writer.put(line.text)
        }
    }

    private mutating func put(_ ending: RunEnding) {
        switch ending {
        case .returned:
            put(UInt8(0))
        case .exited(let code):
            put(UInt8(1))
            put(code)
        case .interrupted(.wallTime(let milliseconds)):
            put(UInt8(2))
            put(Int64(milliseconds))
        case .interrupted(.cpuTime(let milliseconds)):
            put(UInt8(3))
            put(Int64(milliseconds))
        case .interrupted(.cancelled):
            put(UInt8(4))
        case .memoryLimit:
            put(UInt8(5))
        case .trapped(let message):
            put(UInt8(6))
            put(message)
        }
    }
}

extension WireReader {
    mutating func outcome() throws(WireError) -> RunOutcome {
        RunOutcome(
            ending: try ending(), output: try optionalByteString(), outputWasCut: try bool(),
            errorReport: try optionalByteString(),
            logs: try logLines(),
            usage: ResourceUsage(
                wallMicroseconds: try number(), cpuMicroseconds: try number(), peakMemoryBytes: try number()),
            openPaths: try list(minimumBytes: 4) { reader throws(WireError) in try reader.text() })
    }

    mutating func logLines() throws(WireError) -> [LogLine] {
        try list(minimumBytes: 13) { reader throws(WireError) in
            LogLine(
                time: Timestamp(microseconds: try reader.number()), stream: try reader.bool() ? .stderr : .stdout,
                text: try reader.text())
        }
    }

    private mutating func ending() throws(WireError) -> RunEnding {
        switch try number(UInt8.self) {
        case 0: .returned
        case 1: .exited(code: try number())
        case 2: .interrupted(.wallTime(milliseconds: Int(try number(Int64.self))))
        case 3: .interrupted(.cpuTime(milliseconds: Int(try number(Int64.self))))
        case 4: .interrupted(.cancelled)
        case 5: .memoryLimit
        case 6: .trapped(try text())
        case let kind: throw WireError("a run ends in no way of kind \(kind)")
        }
    }
}
