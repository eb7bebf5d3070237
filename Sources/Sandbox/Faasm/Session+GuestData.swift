internal import Model
internal import Wasmtime

/// Reading from and writing to the guest's memory, for host functions that do more than that between.
extension Session {
    /// The most of a text with a NUL behind it: a path, a key, a name.
    static let maximumTextBytes = 4096

    func bytes(_ address: UInt32, _ length: UInt32) throws(HostTrap) -> [UInt8] {
        try memory.access { view throws(HostTrap) in Array(try view.bytes(address, length)) }
    }

    /// Ends the run where the guest's memory has no such range.
    func check(_ address: UInt32, _ length: Int) throws(HostTrap) {
        guard let count = UInt32(exactly: length) else {
            throw HostTrap("a range of \(length) bytes is longer than any memory")
        }
        try memory.access { view throws(HostTrap) in _ = try view.bytes(address, count) }
    }

    /// Makes a range of the guest's memory zero.
    func clear(_ address: UInt32, _ length: Int) throws(HostTrap) {
        guard let count = UInt32(exactly: length) else {
            throw HostTrap("a range of \(length) bytes is longer than any memory")
        }
        try memory.access { view throws(HostTrap) in
            _ = try view.bytes(address, count).initializeMemory(as: UInt8.self, repeating: 0)
        }
    }

    /// Copies inside the guest's memory.
    func copy(_ count: Int, from source: UInt32, to target: UInt32) throws(HostTrap) {
        try memory.access { view throws(HostTrap) in
            try view.bytes(target, UInt32(count)).copyMemory(
                from: UnsafeRawBufferPointer(view.bytes(source, UInt32(count))))
        }
    }

    /// Bytes that are to be handed over, at most so many: more end the run.
    func bytes(_ address: UInt32, _ length: UInt32, atMost limit: Int) throws(HostTrap) -> [UInt8] {
        guard Int(length) <= limit else {
            throw HostTrap("\(length) bytes were handed over, but the limit is \(limit)")
        }
        return try bytes(address, length)
    }

    /// A text with a NUL behind it.
    func text(_ address: UInt32) throws(HostTrap) -> String {
        let bytes = try memory.access { view throws(HostTrap) -> [UInt8] in
            _ = try view.bytes(address, 1)
            let rest = UnsafeRawBufferPointer(start: view.base + Int(address), count: view.count - Int(address))
            guard let end = rest.prefix(Self.maximumTextBytes + 1).firstIndex(of: 0) else {
                throw HostTrap("a text at \(address) does not end within \(Self.maximumTextBytes) bytes")
            }
            return Array(rest[..<end])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw HostTrap("a text at \(address) is not UTF-8")
        }
        return text
    }

    func put(_ bytes: some Collection<UInt8>, at address: UInt32) throws(HostTrap) {
        guard let count = UInt32(exactly: bytes.count) else { throw HostTrap("too many bytes for the sandbox") }
        try memory.access { view throws(HostTrap) in try view.bytes(address, count).copyBytes(from: bytes) }
    }

    func put(_ value: some FixedWidthInteger, at address: UInt32) throws(HostTrap) {
        try memory.access { view throws(HostTrap) in try view.store(value, address) }
    }

    /// Writes a text with a NUL behind it into room of `count` bytes, cut to it.
    func put(_ text: String, at address: UInt32, cutTo count: UInt32) throws(HostTrap) {
        guard count > 0 else { return }
        try put(Array(text.utf8.prefix(Int(count) - 1)) + [0], at: address)
    }

    /// New room in the guest's memory, zero, for the rest of the run: whole pages that the guest's allocator knows nothing of.
    func newPages(_ byteCount: Int, _ arguments: borrowing HostArguments) throws(HostTrap) -> UInt32 {
        let pages = max(1, (byteCount + 65_535) / 65_536)
        guard let previous = arguments.growMemory(byPages: pages) else {
            throw HostTrap("there is no room for \(byteCount) bytes in the sandbox's memory")
        }
        return UInt32(previous * 65_536)
    }

    /// As ``newPages(_:_:)``, for a few bytes: many such share a page.
    func newRoom(_ byteCount: Int, _ arguments: borrowing HostArguments) throws(HostTrap) -> UInt32 {
        let program = try program.orTrap()
        let aligned = (byteCount + 15) & ~15
        if program.room.count < aligned {
            let start = try newPages(aligned, arguments)
            let length = UInt32((aligned + 65_535) & ~65_535)
            // The last page's end may be the end of all addresses.
            program.room = start..<(start &+ length == 0 ? UInt32.max : start + length)
        }
        defer { program.room = (program.room.lowerBound + UInt32(aligned))..<program.room.upperBound }
        return program.room.lowerBound
    }
}

extension ProgramState? {
    func orTrap() throws(HostTrap) -> ProgramState {
        guard let self else { throw HostTrap("this is no raw WebAssembly function") }
        return self
    }
}
