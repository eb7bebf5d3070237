import Model
import Wire

/// One frame of every kind, with values that show in the bytes.
enum Samples {
    static let limits = FunctionLimits(
        wallTimeMilliseconds: 1, cpuTimeMilliseconds: 2, memoryBytes: 3, outputBytes: 4, logBytes: 5, hostCalls: 6,
        inputBytes: 7)

    static let server: [(name: String, frame: ServerFrame)] = [
        ("hello", .hello(version: wireVersion)),
        ("boot", .boot(0x0102_0304_0506_0708)),
        ("base", .base),
        ("image", .image(0x0A0B_0C0D, mounts: [])),
        (
            "image-mounts",
            .image(1, mounts: [WireMount(package: 2, path: "srv"), WireMount(package: 3, path: "srv/package")])
        ),
        ("dropImage", .dropImage(7)),
        ("package", .package(14)),
        ("dropPackage", .dropPackage(15)),
        (
            "prepare",
            .prepare(
                9, manifest: Array("{}".utf8), source: Array("x=1".utf8), path: "/srv/workload.py", limits: limits,
                mounts: [WireMount(package: 16, path: "srv")])
        ),
        (
            "call",
            .call(
                10, image: 11, limits: limits, input: Array("[1]".utf8), context: [], environment: Array("{}".utf8),
                detail: Array("{}".utf8), tenant: "me")
        ),
        ("cancel", .cancel(.max)),
        ("hostReply-succeeded", .hostReply(12, succeeded: true, [1, 2, 3])),
        ("hostReply-failed", .hostReply(13, succeeded: false, Array("no".utf8))),
        ("generations", .generations),
        ("stateCopy", .stateCopy(tenant: "me", key: "k", place: 17, generation: 18, bytes: [19])),
        ("stateCopy-file", .stateCopy(tenant: "me", key: "k", place: 20, generation: 21, bytes: nil)),
    ]

    static let worker: [(name: String, frame: WorkerFrame)] =
        [
            ("hello", .hello(version: wireVersion)),
            ("failed", .failed(3, message: "nö")),
            (
                "printed",
                .printed(8, [LogLine(time: Timestamp(microseconds: 2), stream: .stderr, text: "half way")])
            ),
            ("hostRequest", .hostRequest(4, operation: 16, [0xFF, 0])),
            ("finished-empty", .finished(5, outcome(.returned), hasImage: true)),
            ("finished-full", .finished(6, full, hasImage: false)),
        ] + endings.map { ("finished-\($0.name)", .finished(7, outcome($0.ending), hasImage: false)) }

    private static let endings: [(name: String, ending: RunEnding)] = [
        ("exited", .exited(code: -2)),
        ("wallTime", .interrupted(.wallTime(milliseconds: 300))),
        ("cpuTime", .interrupted(.cpuTime(milliseconds: 301))),
        ("cancelled", .interrupted(.cancelled)),
        ("memoryLimit", .memoryLimit),
        ("trapped", .trapped("wasm trap: unreachable")),
    ]

    private static func outcome(_ ending: RunEnding) -> RunOutcome {
        RunOutcome(
            ending: ending, output: nil, outputWasCut: false, errorReport: nil, logs: [], usage: ResourceUsage(),
            openPaths: [])
    }

    private static let full = RunOutcome(
        ending: .returned, output: Array("{\"a\":1}".utf8), outputWasCut: true, errorReport: Array("{}".utf8),
        logs: [
            LogLine(time: Timestamp(microseconds: 1), stream: .stdout, text: "hello"),
            LogLine(time: Timestamp(microseconds: -1), stream: .stderr, text: ""),
        ],
        usage: ResourceUsage(wallMicroseconds: 100, cpuMicroseconds: 90, peakMemoryBytes: 20 << 20),
        openPaths: ["tmp/a", "tmp/ü"])
}
