/// A graph of calls as a picture: a box for each call, one below the other, children to the right of their parent.
struct CallDrawing {
    private struct Box {
        var node: CallNode
        var column: Int
        /// The box of its parent.
        var parent: Int?
    }

    private static let (width, height, gap, indent, margin) = (280, 40, 10, 40, 20)

    private var boxes: [Box] = []

    init(_ tree: CallNode) { add(tree, 0, nil) }

    private mutating func add(_ node: CallNode, _ column: Int, _ parent: Int?) {
        boxes.append(Box(node: node, column: column, parent: parent))
        let own = boxes.count - 1
        for call in node.calls { add(call, column + 1, own) }
    }

    /// The picture as SVG.
    var svg: String {
        let columns = (boxes.map(\.column).max() ?? 0)
        let width = 2 * Self.margin + columns * Self.indent + Self.width
        let height = 2 * Self.margin + boxes.count * (Self.height + Self.gap) - Self.gap
        let parts = boxes.indices.map { line(to: $0) + box($0) }.joined()
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
            font-family="sans-serif" font-size="13">
            <rect width="100%" height="100%" fill="white"/>
            \(parts)</svg>

            """
    }

    private func left(_ index: Int) -> Int { Self.margin + boxes[index].column * Self.indent }
    private func top(_ index: Int) -> Int { Self.margin + index * (Self.height + Self.gap) }

    private func line(to index: Int) -> String {
        guard let parent = boxes[index].parent else { return "" }
        let (x, y) = (left(parent) + Self.indent / 2, top(index) + Self.height / 2)
        return "<path d=\"M\(x) \(top(parent) + Self.height)V\(y)H\(left(index))\" fill=\"none\" stroke=\"#888\"/>\n"
    }

    private func box(_ index: Int) -> String {
        let node = boxes[index].node
        let color = ["Success": "#dff0d8", "Failure": "#f2dede", "Cancelled": "#eeeeee"][node.status] ?? "#d9edf7"
        let (x, y) = (left(index), top(index))
        return """
            <rect x="\(x)" y="\(y)" width="\(Self.width)" height="\(Self.height)" rx="4" fill="\(color)" stroke="#555"/>
            <text x="\(x + 8)" y="\(y + 17)">\(Self.escaped(node.name))</text>
            <text x="\(x + 8)" y="\(y + 33)" fill="#555">\(Self.escaped(node.summary))</text>

            """
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
