import Platform
import Testing

/// Archives that strangers send.
struct TarReaderTests {
    private struct Entry {
        var name: String
        var type: Character = "0"
        var content: [UInt8] = []
        var prefix = ""
    }

    private func archive(_ entries: [Entry]) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            var header = [UInt8](repeating: 0, count: 512)
            func put(_ text: String, _ offset: Int) {
                header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
            }
            put(entry.name, 0)
            put("0000644", 100)
            let size = String(entry.content.count, radix: 8)
            put(String(repeating: "0", count: 11 - size.count) + size, 124)
            put("        ", 148)
            put(String(entry.type), 156)
            put("ustar", 257)
            put("00", 263)
            put(entry.prefix, 345)
            let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
            put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", 148)
            bytes += header + entry.content
            bytes += [UInt8](repeating: 0, count: (512 - entry.content.count % 512) % 512)
        }
        return bytes + [UInt8](repeating: 0, count: 1024)
    }

    @Test func `files are found by their names, and directories are no files`() throws {
        let long = String(repeating: "d/", count: 60) + "file"
        let record = " path=\(long)\n"
        let files = try TarReader.files(
            archive([
                Entry(name: "context", type: "5"), Entry(name: "./context/a.py", content: [1, 2, 3]),
                Entry(name: "b.py", content: [], prefix: "context/deep"),
                Entry(name: "pax", type: "x", content: Array("\(record.utf8.count + 3)\(record)".utf8)),
                Entry(name: "cut", content: [7]),
            ]))
        #expect(files == ["context/a.py": [1, 2, 3], "context/deep/b.py": [], long: [7]])
    }

    @Test(arguments: ["/etc/passwd", "../a", "a/../../b", "a\\b", "a\u{1}b"])
    func `names that lead elsewhere are refused`(_ name: String) {
        #expect(throws: TarReader.Fault.self) { try TarReader.files(archive([Entry(name: name)])) }
    }

    @Test(arguments: ["1", "2", "3", "4", "6", "7"] as [Character])
    func `links and devices are refused`(_ type: Character) {
        #expect(throws: TarReader.Fault.self) { try TarReader.files(archive([Entry(name: "a", type: type)])) }
    }

    @Test func `doubles, damage and too much are refused`() {
        let good = archive([Entry(name: "a", content: [1])])
        #expect(throws: TarReader.Fault.self) {
            try TarReader.files(archive([Entry(name: "a"), Entry(name: "./a")]))
        }
        var damaged = good
        damaged[0] = 0x62
        #expect(throws: TarReader.Fault.self) { try TarReader.files(damaged) }
        #expect(throws: TarReader.Fault.self) { try TarReader.files(Array("no archive".utf8) + good) }
        #expect(throws: TarReader.Fault.self) { try TarReader.files(Array(good[..<512])) }
        var limits = TarReader.Limits()
        limits.maximumBytes = 0
        #expect(throws: TarReader.Fault.self) { try TarReader.files(good, limits: limits) }
        limits = TarReader.Limits()
        limits.maximumEntries = 0
        #expect(throws: TarReader.Fault.self) { try TarReader.files(good, limits: limits) }
    }
}
