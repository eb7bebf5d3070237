extension JSON {
    /// The value on one line, without white space between its parts.
    public var compact: String {
        var text = ""
        write(to: &text, indent: nil, level: 0)
        return text
    }

    /// The value over several lines, each level indented by four spaces, as Python's `json.dumps(value, indent=4)`
    /// lays it out; characters beyond ASCII stay as they are.
    public var pretty: String {
        var text = ""
        write(to: &text, indent: "    ", level: 0)
        return text
    }

    private func write(to text: inout String, indent: String?, level: Int) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let digits): text += digits
        case .string(let string): Self.write(string, to: &text)
        case .array(let elements):
            Self.write(elements, between: ("[", "]"), to: &text, indent: indent, level: level) { element, text in
                element.write(to: &text, indent: indent, level: level + 1)
            }
        case .object(let members):
            Self.write(members, between: ("{", "}"), to: &text, indent: indent, level: level) { member, text in
                Self.write(member.name, to: &text)
                text += indent == nil ? ":" : ": "
                member.value.write(to: &text, indent: indent, level: level + 1)
            }
        }
    }

    private static func write<Part>(
        _ parts: [Part], between ends: (String, String), to text: inout String, indent: String?, level: Int,
        part: (Part, inout String) -> Void
    ) {
        func newLine(_ level: Int) {
            guard let indent, !parts.isEmpty else { return }
            text += "\n"
            for _ in 0..<level { text += indent }
        }
        text += ends.0
        for (index, element) in parts.enumerated() {
            if index > 0 { text += "," }
            newLine(level + 1)
            part(element, &text)
        }
        newLine(level)
        text += ends.1
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{8}": text += "\\b"
            case "\u{C}": text += "\\f"
            // U+007F to U+009F could steer a terminal, so they are escaped like the other control characters.
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
