#if DEBUG
    import SandboxTesting

    /// Makes inputs of those it was given: changed, cut, joined, with numbers that are often wrong.
    struct Mutator {
        private var random: SeededGenerator
        private var corpus: [[UInt8]]
        private static let maximumBytes = 1 << 14

        init(seed: UInt64, corpus: [[UInt8]]) {
            random = SeededGenerator(seed: seed)
            self.corpus = corpus
        }

        mutating func next() -> [UInt8] {
            var input = corpus.randomElement(using: &random)!
            for _ in 0...Int.random(in: 0..<6, using: &random) { change(&input) }
            if input.count > Self.maximumBytes { input.removeLast(input.count - Self.maximumBytes) }
            return input
        }

        private mutating func change(_ input: inout [UInt8]) {
            guard !input.isEmpty else {
                input = random.bytes(Int.random(in: 1...64, using: &random))
                return
            }
            let position = Int.random(in: input.indices, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0: input[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: input[position] = UInt8.random(in: .min ... .max, using: &random)
            case 2: overwrite(&input, position)
            case 3: input.removeSubrange(position..<min(input.count, position + Int.random(in: 1...16, using: &random)))
            case 4: input.insert(contentsOf: random.bytes(Int.random(in: 1...16, using: &random)), at: position)
            case 5:
                let other = corpus.randomElement(using: &random)!
                input = Array(input.prefix(position)) + other.suffix(Int.random(in: 0...other.count, using: &random))
            case 6:
                let end = min(input.count, position + Int.random(in: 1...64, using: &random))
                input.insert(contentsOf: input[position..<end], at: Int.random(in: 0...input.count, using: &random))
            default: input.removeLast(input.count - position)
            }
        }

        private mutating func overwrite(_ input: inout [UInt8], _ position: Int) {
            let value = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, .max]
                .randomElement(using: &random)!
            let width = [1, 2, 4, 8].randomElement(using: &random)!
            withUnsafeBytes(of: UInt64(value)) { bytes in
                for (index, byte) in bytes.prefix(width).enumerated() where position + index < input.count {
                    input[position + index] = byte
                }
            }
        }
    }
#endif
