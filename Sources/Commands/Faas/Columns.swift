/// Texts that stand in columns.
enum Columns {
    /// Rows under headings.
    static func text(_ headings: [String], _ rows: [[String]]) -> String {
        let all = [headings] + rows
        let widths = headings.indices.map { index in all.reduce(0) { max($0, $1[index].count) } }
        return all.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }

    /// Titles, each before its value; the further lines of a value stand below its first one.
    static func rows(_ rows: [(title: String, value: String)]) -> String {
        let width = rows.reduce(0) { max($0, $1.title.count) } + 2
        return rows.map { title, value in
            let lines = value.split(separator: "\n").map(String.init)
            let first = "\(title):" + String(repeating: " ", count: width - title.count) + (lines.first ?? "<none>")
            let rest = lines.dropFirst().map { String(repeating: " ", count: width + 1) + $0 }
            return ([first] + rest).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
