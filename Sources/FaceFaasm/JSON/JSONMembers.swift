import Platform

/// The members of a JSON object of Faasm's, whose clients write one thing under several names. Unknown ones are ignored.
struct JSONMembers {
    private let scanner: JSONScanner
    private let bytes: [UInt8]
    private let members: [String: (kind: JSONScanner.Kind, range: Range<Int>)]

    /// Takes an object; nil where the bytes are something else.
    init?(_ bytes: [UInt8], range: Range<Int>? = nil) {
        var scanner = JSONScanner(bytes, range: range)
        var members: [String: (kind: JSONScanner.Kind, range: Range<Int>)] = [:]
        do {
            try scanner.object { key, kind, range throws(JSONFault) in members[key] = (kind, range) }
        } catch { return nil }
        self.scanner = scanner
        self.bytes = bytes
        self.members = members
    }

    func has(_ names: String...) -> Bool { names.contains { member([$0]) != nil } }

    /// A string; nil where it is missing or something else.
    func text(_ names: String...) -> String? { text(names) }

    func text(_ names: [String]) -> String? { member(names).flatMap { scanner.string(in: $0.range) } }

    /// A whole number, or one written as a string as the protobuf mapping does with 64 bits.
    func number(_ names: String...) -> Int64? { number(names) }

    func number(_ names: [String]) -> Int64? {
        guard let (kind, range) = member(names) else { return nil }
        if kind == .string { return scanner.string(in: range).flatMap { Int64($0) } }
        return Int64(String(decoding: bytes[range], as: UTF8.self))
    }

    func flag(_ names: String...) -> Bool { flag(names) }

    func flag(_ names: [String]) -> Bool {
        guard let (_, range) = member(names) else { return false }
        return bytes[range].elementsEqual("true".utf8)
    }

    /// Whether a member is missing, `null`, or true or false.
    func isFlag(_ names: [String]) -> Bool {
        guard let (_, range) = member(names) else { return true }
        return bytes[range].elementsEqual("true".utf8) || bytes[range].elementsEqual("false".utf8)
    }

    /// The objects of an array; nil where it is no array of objects.
    func objects(_ name: String) -> [JSONMembers]? {
        guard let (kind, range) = member([name]) else { return [] }
        guard kind == .array else { return nil }
        var list = JSONScanner(bytes, range: range)
        var objects: [JSONMembers?] = []
        do {
            try list.array { _, range throws(JSONFault) in objects.append(JSONMembers(bytes, range: range)) }
        } catch { return nil }
        let known = objects.compactMap { $0 }
        return known.count == objects.count ? known : nil
    }

    /// The strings of an array; others in it are left out.
    func texts(_ name: String) -> [String] {
        guard let (kind, range) = member([name]), kind == .array else { return [] }
        var list = JSONScanner(bytes, range: range)
        let reader = list
        var texts: [String] = []
        do {
            try list.array { _, range throws(JSONFault) in
                if let text = reader.string(in: range) { texts.append(text) }
            }
        } catch { return [] }
        return texts
    }

    private func member(_ names: [String]) -> (kind: JSONScanner.Kind, range: Range<Int>)? {
        for name in names {
            if let member = members[name], !scanner.isNull(in: member.range) { return member }
        }
        return nil
    }
}
