/// Reads one line of a ``TomlFile``.
struct TomlLine {
    struct Failure: Error {
        var message: String
    }

    private var rest: Substring.UnicodeScalarView

    static func content(
        of line: Substring.UnicodeScalarView, in table: [String]
    ) throws(Failure) -> TomlFile.Content {
        var reader = TomlLine(rest: line)
        reader.skipBlanks()
        var content = TomlFile.Content.nothing
        if reader.take("[") {
            guard reader.rest.first != "[" else { throw Failure(message: "arrays of tables are not taken") }
            content = .table(try reader.path())
            guard reader.take("]") else { throw Failure(message: "`]` is missing after the name of a table") }
        } else if let first = reader.rest.first, first != "#" {
            let path = try reader.path()
            guard reader.take("=") else { throw Failure(message: "`=` is missing after a key") }
            reader.skipBlanks()
            content = .value(table + path, try reader.string())
        }
        try reader.end()
        return content
    }

    static func isBare(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }

    private mutating func skipBlanks() { rest = rest.drop { $0 == " " || $0 == "\t" } }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    /// Parts with dots between them, and the blanks around.
    private mutating func path() throws(Failure) -> [String] {
        var parts: [String] = []
        repeat {
            skipBlanks()
            parts.append(try part())
            skipBlanks()
        } while take(".")
        return parts
    }

    private mutating func part() throws(Failure) -> String {
        if rest.first == "\"" || rest.first == "'" { return try string() }
        let bare = rest.prefix(while: Self.isBare)
        guard !bare.isEmpty else { throw Failure(message: "a key is missing, or must be in quotes") }
        rest = rest[bare.endIndex...]
        return String(bare)
    }

    private mutating func string() throws(Failure) -> String {
        guard let quote = rest.first, quote == "\"" || quote == "'" else {
            throw Failure(message: "a value must be a string in quotes")
        }
        guard !rest.starts(with: [quote, quote, quote]) else {
            throw Failure(message: "strings over several lines are not taken")
        }
        rest.removeFirst()
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == quote { return String(text) }
            guard Self.mayStand(scalar) else { throw Failure(message: "a control character must be escaped") }
            text.append(scalar == "\\" && quote == "\"" ? try escaped() : scalar)
        }
        throw Failure(message: "a quote is missing at the end of a string")
    }

    private static func mayStand(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\t" || (scalar.value >= 0x20 && scalar.value != 0x7F)
    }

    /// What follows a backslash.
    private mutating func escaped() throws(Failure) -> Unicode.Scalar {
        guard let scalar = rest.popFirst() else { throw Failure(message: "nothing follows a backslash") }
        switch scalar {
        case "\"", "\\": return scalar
        case "b": return "\u{8}"
        case "t": return "\t"
        case "n": return "\n"
        case "f": return "\u{C}"
        case "r": return "\r"
        case "u": return try code(4)
        case "U": return try code(8)
        default: throw Failure(message: "`\\\(scalar)` has no meaning")
        }
    }

    private mutating func code(_ count: Int) throws(Failure) -> Unicode.Scalar {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy(\.properties.isASCIIHexDigit),
            let number = UInt32(String(digits), radix: 16), let scalar = Unicode.Scalar(number)
        else { throw Failure(message: "an escape names no character") }
        rest = rest[digits.endIndex...]
        return scalar
    }

    private mutating func end() throws(Failure) {
        skipBlanks()
        guard rest.isEmpty || rest.first == "#" else { throw Failure(message: "something stands behind the value") }
        guard rest.allSatisfy(Self.mayStand) else { throw Failure(message: "a comment has a control character") }
    }
}
