#if DEBUG
    @testable import Sandbox

    extension FuzzTarget {
        /// What is read of a user's module before the compiler sees it.
        static let moduleOutline = FuzzTarget("module-outline", corpus: moduleCorpus) {
            { input in
                guard let outline = try? input.withUnsafeBytes({ try ModuleOutline(parsing: $0) }) else { return }
                precondition(outline.tableElements.count <= input.count, "more tables than bytes")
                guard (try? outline.check(maximumMemoryBytes: 1 << 30)) != nil else { return }
                precondition(outline.memory!.minimum * ModuleOutline.pageBytes <= 1 << 30)
            }
        }

        private static var moduleCorpus: [[UInt8]] {
            let head: [UInt8] = [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0]
            return [
                head, head + [3, 2, 1, 0], head + [4, 5, 1, 0x70, 1, 1, 2], head + [5, 3, 1, 0, 1],
                head + [4, 4, 1, 0x40, 0, 0x70, 5, 4, 1, 1, 1, 0x80],
                head + [5, 12, 1, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
            ]
        }

        /// Files of compiled code, with a right checksum: damage is found by that, but this is about what comes before it.
        static let codeFile = FuzzTarget("code-file", corpus: [codeCorpus]) {
            { input in
                var file = input
                if file.count >= CodeFile.fixedBytes {
                    let checksum = file.withUnsafeBytes { CodeFile.checksum(of: $0) }
                    let bytes = withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
                    file.replaceSubrange(CodeFile.checksumOffset..<CodeFile.fixedBytes, with: bytes)
                }
                guard let header = try? file.withUnsafeBytes({ try CodeFile(parsing: $0) }) else { return }
                precondition(header.code.lowerBound >= CodeFile.fixedBytes && header.code.upperBound == file.count)
                precondition(header.compiler.count == 32 && header.memoryBytes > 0)
            }
        }

        private static var codeCorpus: [UInt8] {
            [UInt8](repeating: 9, count: 100).withUnsafeBytes {
                CodeFile.encode(
                    .start, compiler: [UInt8](1...32), memoryBytes: 65_536, unknownImports: ["env.a", "env.b"], code: $0
                )
            }
        }
    }
#endif
