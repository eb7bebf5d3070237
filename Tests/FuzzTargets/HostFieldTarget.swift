#if DEBUG
    import Model

    extension FuzzTarget {
        /// Requests of guests: fields that are accepted must be encoded to the same bytes, and keys be what was sent.
        static let hostFields = FuzzTarget("host-fields", corpus: hostFieldCorpus) {
            { input in
                guard let fields = try? HostFields.decode(input) else { return }
                precondition(HostFields.encode(fields.map { Array($0) }) == input, "another encoding of \(input)")
                for field in fields {
                    precondition((HostFields.number(field, as: UInt64.self) != nil) == (field.count == 8))
                    guard let key = try? StateKey(tenant: .default, utf8: field) else { continue }
                    precondition(Array(key.name.utf8) == Array(field), "another key than \(field)")
                }
            }
        }

        private static var hostFieldCorpus: [[UInt8]] {
            let requests: [[[UInt8]]] = [
                [], [[]], [Array("key".utf8), HostFields.bytes(UInt64(3)), HostFields.bytes(UInt64.max), [1, 2, 3]],
                [Array("é\u{301}".utf8), [1], [], [UInt8](repeating: 9, count: 600)],
            ]
            return requests.map { HostFields.encode($0) }
        }
    }
#endif
