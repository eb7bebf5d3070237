import Client

/// What a command has to say on success.
enum Outcome {
    /// A value of the server or of a function.
    case value(JSON)
    /// A list that people see as a table.
    case table(Table, JSON)
    /// A page of such a list, and what the next one begins before; nil: it is the last one.
    case page(Table, JSON, next: String?)
    /// A text for people, and what `--json` shows instead.
    case text(String, json: JSON)

    /// Bytes for a terminal or a pipe; with `--json` the text that they are.
    case bytes([UInt8])
    /// Nothing: all was said while the command worked.
    case silence

    /// A sentence that says what was done.
    static func message(_ text: String) -> Outcome { .text(text, json: ["message": .string(text)]) }

    func print(asJSON: Bool) {
        switch self {
        case .value(let value), .table(_, let value), .text(_, let value), .page(_, let value, _):
            Console.out(asJSON ? value.pretty : text)
            if case .page(_, _, let next?) = self { Console.error("There is more; the next page: --before \(next)") }
        case .bytes(let bytes) where asJSON: Console.out(JSON.string(String(decoding: bytes, as: UTF8.self)).pretty)
        case .bytes(let bytes): Console.out(bytes)
        case .silence: break
        }
    }

    private var text: String {
        switch self {
        case .value(let value): value.string ?? value.pretty
        case .table(let table, _), .page(let table, _, _): table.text
        case .text(let text, _): text
        case .bytes, .silence: ""
        }
    }
}
