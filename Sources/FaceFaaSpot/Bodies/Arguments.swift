import Model
import Platform

/// The arguments of calls. JSON is checked and then passed on as the bytes that came.
enum Arguments {
    private static let none = Array("{}".utf8)

    /// The arguments in a body: a JSON object, or nothing.
    static func body(_ bytes: [UInt8]) throws -> [UInt8] {
        if bytes.isEmpty { return none }
        var scanner = JSONScanner(bytes)
        guard try scanner.document().kind == .object else {
            throw Failure.illegalArguments("The arguments must be a JSON object, such as {\"name\": \"value\"}.")
        }
        return bytes
    }

    /// The arguments of many calls: a list of objects, or the oldest clients' `{"values": "[...]"}`.
    static func bulk(_ bytes: [UInt8]) throws -> [[UInt8]] {
        let list = try unwrapped(bytes, key: "values")
        var scanner = JSONScanner(list)
        let text = scanner
        var calls: [[UInt8]] = []
        var strangers = 0
        guard try scanner.kind() == .array else { throw notAList }
        try scanner.array { kind, range throws(JSONFault) in
            if kind == .object { calls.append(text.bytes(in: range)) } else { strangers += 1 }
        }
        guard strangers == 0, !calls.isEmpty else { throw notAList }
        return calls
    }

    /// The arguments in a query: strings, and lists of strings where a key comes more than once.
    static func query(_ query: String) throws -> [UInt8] {
        let pairs = try Query(query).pairs
        if pairs.isEmpty { return none }
        var order: [String] = []
        var values: [String: [String]] = [:]
        for (key, value) in pairs {
            if values[key] == nil { order.append(key) }
            values[key, default: []].append(value)
        }
        return Reply.written { writer in
            writer.object { writer in
                for key in order {
                    let values = values[key] ?? []
                    writer.key(key)
                    if values.count == 1 {
                        writer.string(values[0])
                    } else {
                        writer.array { writer in for value in values { writer.string(value) } }
                    }
                }
            }
        }
    }

    /// A list of uuids, or the oldest clients' `{"tasks": "[...]"}`. What is no uuid names no execution.
    static func ids(_ bytes: [UInt8]) throws -> [ExecutionID] {
        let list = try unwrapped(bytes, key: "tasks")
        var scanner = JSONScanner(list)
        let text = scanner
        var ids: [ExecutionID] = []
        try scanner.array { kind, range throws(JSONFault) in
            guard kind == .string, let id = text.string(in: range) else {
                throw text.fault("The body must be a list of uuid strings", at: range.lowerBound)
            }
            if let id = ExecutionID(id) { ids.append(id) }
        }
        return ids
    }

    private static let notAList = Failure.illegalArguments(
        "The body must be a list of one or more JSON objects, one for each call.")

    /// The list inside a body that wraps it as JSON text under a key; else the body.
    private static func unwrapped(_ bytes: [UInt8], key wanted: String) throws -> [UInt8] {
        var scanner = JSONScanner(bytes)
        let text = scanner
        guard try scanner.kind() == .object else { return bytes }
        var list: String?
        try scanner.object { key, kind, range throws(JSONFault) in
            if key == wanted, kind == .string { list = text.string(in: range) }
        }
        return list.map { Array($0.utf8) } ?? bytes
    }
}
