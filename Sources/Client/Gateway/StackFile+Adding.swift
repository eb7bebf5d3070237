import Yams

extension StackFile {
    /// The text of a file with one more function, after those that it has: what stands after its functions stays there. The lines
    /// of the new one begin at its name.
    public static func adding(_ lines: [String], to yaml: String, path: String) throws(ClientError) -> String {
        let root: Node?
        do { root = try Yams.compose(yaml: yaml) } catch { throw .local("`\(path)` is not YAML: \(error).") }
        let entry = root?.mapping?.first { $0.key.string == "functions" }
        guard let start = entry?.key.mark?.line, let first = entry?.value.mapping?.first?.key.mark, first.line > start,
            case let column = first.column, column > 1
        else { throw .local("`\(path)` has no list of functions with a line for each: add this one by hand.") }
        var rows = yaml.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        // The functions end before the next thing that is not indented; blank lines and comments there belong to that.
        var end = rows[start...].firstIndex { $0.first.map { !$0.isWhitespace && $0 != "#" } ?? false } ?? rows.count
        while end > start, rows[end - 1].first.map({ $0 == "#" }) ?? true { end -= 1 }
        let indent = String(repeating: " ", count: column - 1)
        rows.insert(contentsOf: lines.map { indent + $0 }, at: end)
        if rows.last != "" { rows.append("") }
        let whole = rows.joined(separator: "\n")
        // What is written as one value over many lines cannot be told by its place.
        _ = try StackFile(yaml: whole, path: path)
        return whole
    }
}
