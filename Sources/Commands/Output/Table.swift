import Client

/// A list of objects as a bordered table.
struct Table {
    var title: String
    var columns: [String]
    var rows: [[String]]

    /// Cells beyond this are cut; `--json` shows them whole.
    static let maximumCellCharacters = 200

    /// A row for each of `items`, which gives its members of the columns' names.
    init(title: String, columns: [String], items: [JSON]) {
        self.title = title
        self.columns = columns
        rows = items.map { item in columns.map { Self.cell(item[$0] ?? .null) } }
    }

    private static func cell(_ value: JSON) -> String {
        let text = value == .null ? "" : value.string ?? value.compact
        // A line break or an escape sequence would tear the borders.
        let line = String(
            text.map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? " " : $0 })
        return line.count > maximumCellCharacters ? line.prefix(maximumCellCharacters - 1) + "…" : line
    }

    /// The title, the borders and the rows, without a last line end.
    var text: String {
        let widths = columns.indices.map { index in
            ([columns[index]] + rows.map { $0[index] }).reduce(0) { max($0, $1.count) }
        }
        func line(_ cells: [String]) -> String {
            "| " + zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: " | ")
                + " |"
        }
        let border = "+" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "+") + "+"
        return ([title, border, line(columns), border] + rows.map(line) + [border]).joined(separator: "\n")
    }
}
