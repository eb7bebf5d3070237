import Glibc
import Model

/// Runs one step and prints how it went: how many a second, and the time of each. With `bytes`, also how many of them.
func measure(_ name: String, _ count: Int, bytes: Int? = nil, _ body: () async throws -> Void) async throws {
    let (processor, begin) = (clock(), ContinuousClock.now)
    try await body()
    let wall = Double((ContinuousClock.now - begin).microseconds)
    let used = Double(clock() - processor) * 1e6 / Double(CLOCKS_PER_SEC)
    let padded = name + String(repeating: " ", count: max(1, 40 - name.count))
    let speed = bytes.map { ", \(Int(Double($0) / 1.048576 / wall)) MiB/s" } ?? ""
    say(
        "\(padded)\(Int(Double(count) / wall * 1e6)) /s, \(hundredths(wall / Double(count))) µs each, "
            + "\(hundredths(used / Double(count))) µs processor\(speed)")
}

private func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }

/// Writes a line to standard output.
func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
}
