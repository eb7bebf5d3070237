#if DEBUG
    import Model
    import Packages
    import SandboxTesting

    extension FuzzTarget {
        /// Archives of packages, of every format: what is accepted has plain names, keeps the limits, and is the same tree when it is
        /// packed and read again.
        static let packages = FuzzTarget("packages", corpus: packageCorpus) {
            var limits = PackageLimits()
            (limits.maximumBytes, limits.maximumFileBytes, limits.maximumEntries) = (1 << 20, 1 << 19, 100)
            return { [limits] input in
                guard let tree = try? PackageReader.read(input, limits: limits) else { return }
                precondition(
                    tree.byteCount <= 1 << 20 && tree.files.count + tree.folders.count <= 100, "a limit is broken")
                for path in tree.files.keys {
                    precondition(
                        !path.hasPrefix("/") && !path.split(separator: "/").contains(".."), "\(path) is outside")
                }
                let again = try? PackageReader.read(StoredArchive.encode(tree))
                precondition(again?.files == tree.files && again?.folders == tree.folders, "another tree")
            }
        }

        /// Requirements: what is accepted has nothing in it that pip would take for an option, a file or an address.
        static let requirements = FuzzTarget(
            "requirements", corpus: ["six==1\n", "a[b] ; python_version > '3'\\\n", "# x\n-r y"].map { Array($0.utf8) }
        ) {
            { input in
                guard let lines = try? Requirements(parsing: String(decoding: input, as: UTF8.self)).lines else {
                    return
                }
                for line in lines {
                    precondition(
                        !line.text.hasPrefix("-") && !line.text.contains("/") && !line.text.contains("@"), line.text)
                    precondition(!line.text.contains { $0.isNewline || $0 == "$" || $0 == "\\" }, line.text)
                }
            }
        }

        /// One of each format, small.
        private static var packageCorpus: [[UInt8]] {
            var tree = PackageTree()
            // A corpus that cannot be made is seen at once.
            try? tree.add("a/b.py", Array("x = 1".utf8))
            try? tree.addFolder("c")
            return [StoredArchive.encode(tree), StoredZip([("a", [1, 2, 3])]).encoded, tar, squash]
        }

        /// A file of five bytes and a folder.
        private static var tar: [UInt8] {
            func header(_ name: String, _ type: Character, _ size: Int) -> [UInt8] {
                var block = [UInt8](repeating: 0, count: 512)
                let octal = String(size, radix: 8)
                func put(_ text: String, _ offset: Int) {
                    block.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
                }
                put(name, 0)
                put(String(repeating: "0", count: 11 - octal.count) + octal, 124)
                put("        \(type)", 148)
                put("ustar\0" + "00", 257)
                let sum = String(block.reduce(0) { $0 + Int($1) }, radix: 8)
                put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", 148)
                return block
            }
            return header("c", "5", 0) + header("a.py", "0", 5) + Array("x = 1".utf8)
                + [UInt8](repeating: 0, count: 507 + 1024)
        }

        /// The first 96 bytes of an image, an inode of an empty folder and no more.
        private static var squash: [UInt8] {
            func number(_ value: UInt64, _ bytes: Int) -> [UInt8] {
                (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            }
            var image = Array("hsqs".utf8) + number(1, 4) + number(0, 4) + number(4096, 4) + number(0, 4)
            image += number(1, 2) + number(12, 2) + number(0, 2) + number(1, 2) + number(4, 2) + number(0, 2)
            image += number(0, 8) + number(0, 8) + number(.max, 8) + number(.max, 8) + number(96, 8) + number(130, 8)
            image += number(.max, 8) + number(.max, 8)
            let inode =
                number(1, 2) + number(0, 14) + number(0, 4) + number(2, 4) + number(3, 2) + number(0, 2) + number(1, 4)
            return image + number(0x8000 | UInt64(inode.count), 2) + inode + number(0x8000, 2)
        }
    }
#endif
