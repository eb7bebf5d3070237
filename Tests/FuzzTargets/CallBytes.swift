#if DEBUG
    import Model

    /// Host calls as bytes: for each its operation, the length of its fields (16 bits), and those.
    enum CallBytes {
        static func encode(_ operation: UInt32, _ fields: [[UInt8]]) -> [UInt8] {
            let encoded = HostFields.encode(fields)
            return [UInt8(operation), UInt8(encoded.count & 255), UInt8(encoded.count >> 8)] + encoded
        }

        /// At most 64 calls. Of bytes that end too early, the last call has the fields that are there.
        static func decode(_ input: [UInt8]) -> [(operation: UInt32, fields: [UInt8])] {
            var calls: [(operation: UInt32, fields: [UInt8])] = []
            var rest = input[...]
            while calls.count < 64, rest.count >= 3 {
                let head = Array(rest.prefix(3))
                rest = rest.dropFirst(3)
                let fields = Array(rest.prefix(Int(head[1]) | Int(head[2]) << 8))
                rest = rest.dropFirst(fields.count)
                calls.append((UInt32(head[0]), fields))
            }
            return calls
        }
    }
#endif
