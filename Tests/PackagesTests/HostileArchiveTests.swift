import SandboxTesting
import Testing

@testable import Packages

/// Archives that somebody made to do harm.
@Suite struct HostileArchiveTests {
    private func refusal(_ archive: [UInt8], _ limits: PackageLimits = PackageLimits()) -> PackageError? {
        do {
            _ = try PackageReader.read(archive, limits: limits)
            return nil
        } catch { return error }
    }

    @Test(arguments: ["link.zip", "symlink.tar", "hardlink.tar", "device.tar", "link.squashfs"])
    func `links and devices are refused by name`(_ name: String) throws {
        let error = refusal(try SampleFiles.read(name))
        #expect(error?.code == .forbidden)
        #expect(
            error?.message.contains("`link`") == true || error?.message.contains("`b`") == true
                || error?.message.contains("`b.py`") == true)
    }

    @Test(arguments: ["../a", "a/../../b", "/etc/passwd", "a//b", "a\\..\\b", "a\u{0}", "./a", "a/."])
    func `a zip archive with a name outside of its tree is refused`(_ name: String) {
        #expect(refusal(StoredZip([(name, [1])]).encoded) != nil)
    }

    @Test func `a name twice, a file in a file and a folder with content are refused`() {
        for entries in [
            [("a", [1]), ("a", [2])], [("a", [1]), ("a/b", [2])], [("a/", []), ("a", [1])], [("a/", [1])],
        ] as [[(name: String, content: [UInt8])]] {
            #expect(refusal(Self.zip(entries)) != nil, "\(entries)")
        }
    }

    @Test func `the limits hold for zip archives`() throws {
        var limits = PackageLimits()
        limits.maximumEntries = 10
        #expect(refusal(Self.zip((0..<11).map { ("f\($0)", []) }), limits)?.code == .tooLarge)
        limits = PackageLimits()
        limits.maximumDepth = 4
        #expect(refusal(Self.zip([("a/b/c/d/e", [])]), limits)?.code == .tooLarge)
        limits = PackageLimits()
        limits.maximumArchiveBytes = 100
        #expect(refusal(Self.zip([("a", [UInt8](repeating: 0, count: 100))]), limits)?.code == .tooLarge)
    }

    @Test func `16 MiB in 16 KB are refused before they are unpacked`() throws {
        let bomb = try SampleFiles.read("bomb.zip")
        #expect(bomb.count < 20_000)
        #expect(refusal(bomb)?.message.contains("maximumRatio") == true)
        // A size that is not true does not help.
        var liar = bomb
        let directory = try #require(liar.indices.first { liar[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        liar.set(1000, at: directory + 24, bytes: 4)
        #expect(refusal(liar)?.message.contains("longer than it says") == true)
    }

    @Test func `entries that share their bytes are refused`() throws {
        var archive = Self.zip([("a", [1, 2, 3]), ("a", [1, 2, 3])])
        let second = try #require(archive.indices.last { archive[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        archive.set(0, at: second + 42, bytes: 4)
        #expect(refusal(archive) != nil)
    }

    @Test func `a wrong checksum, an encrypted entry and a strange method are refused`() throws {
        let archive = try SampleFiles.read("deflated.zip")
        let directory = try #require(archive.indices.first { archive[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        for (offset, value, word) in [(16, 1, "checksum"), (8, 1, "encrypted"), (10, 12, "method")] {
            var changed = archive
            changed.set(value, at: directory + offset, bytes: 2)
            #expect(refusal(changed)?.message.contains(word) == true, "\(word)")
        }
    }

    @Test(arguments: ["deflated.zip", "pax.tar", "gzip.squashfs", "plain.squashfs"])
    func `an archive that is cut off is refused`(_ name: String) throws {
        let archive = try SampleFiles.read(name)
        // Images are filled up to whole 4 KiB behind their end, and tar archives to whole records.
        let end = name.hasSuffix(".zip") ? archive.count : archive.lastIndex { $0 != 0 }.map { $0 - 64 } ?? 0
        for count in stride(from: 0, to: end, by: max(1, end / 97)) {
            #expect(refusal(Array(archive.prefix(count))) != nil, "cut to \(count)")
        }
    }

    @Test(arguments: [
        "deflated.zip", "pax.tar", "gnu.tar", "gzip.squashfs", "xz.squashfs", "zstd.squashfs", "plain.squashfs",
    ])
    func `random changes are refused or harmless`(_ name: String) throws {
        let archive = try SampleFiles.read(name)
        var random = SeededGenerator(seed: 11)
        var limits = PackageLimits()
        limits.maximumBytes = 1 << 20
        for _ in 0..<200 {
            var changed = archive
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let byte: UInt8 = Bool.random(using: &random) ? 0xFF : UInt8.random(in: .min ... .max, using: &random)
                changed[Int.random(in: changed.indices, using: &random)] = byte
            }
            guard let tree = try? PackageReader.read(changed, limits: limits) else { continue }
            #expect(
                tree.byteCount <= 1 << 20 && tree.files.keys.allSatisfy { !$0.split(separator: "/").contains("..") })
        }
    }

    @Test func `an image whose folder holds itself is refused`() throws {
        let image = try SampleFiles.read("plain.squashfs")
        // Every reference that a folder's list has is made that of the root, one after the other.
        let root = Int(image[32]) | Int(image[33]) << 8
        let (start, end) = (Int(image[72]) | Int(image[73]) << 8, Int(image[64]) | Int(image[65]) << 8)
        #expect(start > end)
        var loops = 0
        for offset in start..<min(start + 200, image.count - 2) {
            var changed = image
            changed.set(root, at: offset, bytes: 2)
            if refusal(changed)?.message.contains("two places") == true { loops += 1 }
        }
        #expect(loops > 0)
    }

    /// Stored entries with true checksums.
    private static func zip(_ entries: [(name: String, content: [UInt8])]) -> [UInt8] {
        var archive = StoredZip(entries).encoded
        var place = 0
        for position in archive.indices where archive[position...].starts(with: [0x50, 0x4B, 1, 2]) {
            archive.set(Int(CRC32.of(entries[place].content)), at: position + 16, bytes: 4)
            place += 1
        }
        return archive
    }
}
