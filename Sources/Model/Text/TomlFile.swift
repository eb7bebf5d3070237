/// A small part of TOML 1.0: tables of strings on one line each. A change leaves all other lines as they are.
///
/// Other values, arrays of tables and strings over several lines are refused.
public struct TomlFile: Hashable, Sendable {
    /// What a line says.
    enum Content: Hashable, Sendable {
        /// Blanks and a comment.
        case nothing
        case table([String])
        /// A value at the end of a path that includes the table.
        case value([String], String)
    }

    struct Line: Hashable, Sendable {
        var text: String
        var content: Content
    }

    private(set) var lines: [Line] = []

    /// Why a text is not taken, with the line.
    public struct Failure: Error, Hashable, Sendable {
        /// Counted from 1.
        public var line: Int
        /// What is wrong there, without a full stop.
        public var message: String
    }

    /// A file without anything.
    public init() {}

    /// Reads a whole text.
    public init(parsing text: String) throws(Failure) {
        var table: [String] = []
        var tables: Set<[String]> = []
        var values: Set<[String]> = []
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            let line = rest.prefix { $0 != "\n" }
            rest = rest[line.endIndex...].dropFirst()
            let scalars = line.last == "\r" ? line.dropLast() : line
            var content = Content.nothing
            do throws(TomlLine.Failure) { content = try TomlLine.content(of: scalars, in: table) } catch {
                throw Failure(line: lines.count + 1, message: error.message)
            }
            switch content {
            case .table(let path):
                guard tables.insert(path).inserted else { throw twice(path) }
                table = path
            case .value(let path, _): guard values.insert(path).inserted else { throw twice(path) }
            case .nothing: break
            }
            lines.append(Line(text: String(scalars), content: content))
        }
    }

    private func twice(_ path: [String]) -> Failure {
        Failure(line: lines.count + 1, message: "`\(Self.key(path))` is there twice")
    }

    /// The file, each line with its end.
    public var text: String { lines.map { $0.text + "\n" }.joined() }

    /// The value at a path of tables and a key; nil where there is none.
    public subscript(_ path: String...) -> String? {
        for case .value(path, let value) in lines.map(\.content) { return value }
        return nil
    }

    /// The keys of values directly in a table, in the order of the file.
    public func keys(of table: [String]) -> [String] {
        lines.compactMap {
            guard case .value(let path, _) = $0.content, Array(path.dropLast()) == table else { return nil }
            return path.last
        }
    }

    /// The tables that have a line of their own, in the order of the file.
    public var tables: [[String]] {
        lines.compactMap { if case .table(let path) = $0.content { path } else { nil } }
    }

    /// Sets one value, and makes its table at the end where there is none.
    public mutating func set(_ table: [String], _ key: String, to value: String) {
        let path = table + [key]
        let line = Line(
            text: "\(Self.key([key])) = \(Self.quoted(value))", content: .value(path, value))
        if let index = lines.firstIndex(where: { if case .value(path, _) = $0.content { true } else { false } }) {
            // In a table above its own, its key is longer.
            let above = self.table(at: index)
            lines[index] = Line(
                text: "\(Self.key(Array(path.dropFirst(above.count)))) = \(Self.quoted(value))", content: line.content)
            return
        }
        if let header = lines.firstIndex(where: { $0.content == .table(table) }) {
            return insert(line, after: header)
        }
        guard !table.isEmpty else { return insert(line, after: -1) }
        if let last = lines.last, last.text != "" { lines.append(Line(text: "", content: .nothing)) }
        lines += [Line(text: "[\(Self.key(table))]", content: .table(table)), line]
    }

    /// Behind the last value of the table that begins at `header`.
    private mutating func insert(_ line: Line, after header: Int) {
        var place = header + 1
        for index in (header + 1)..<max(lines.count, header + 1) {
            if case .table = lines[index].content { break }
            if case .value = lines[index].content { place = index + 1 }
        }
        lines.insert(line, at: place)
    }

    private func table(at index: Int) -> [String] {
        for line in lines[..<index].reversed() { if case .table(let path) = line.content { return path } }
        return []
    }

    /// A key as it is written.
    private static func key(_ path: [String]) -> String {
        path.map { part in
            !part.isEmpty && part.unicodeScalars.allSatisfy(TomlLine.isBare) ? part : quoted(part)
        }.joined(separator: ".")
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                result += "\\"
                result.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
