import FoundationEssentials
import GRDB
import Model

/// How our nouns look in columns.
extension UUID7 {
    /// 16 bytes, most significant first, so that they sort as ids do.
    var data: Data {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Data($0) }
    }

    init(_ data: Data) throws {
        guard data.count == 16 else { throw UnreadableValue("an id of \(data.count) bytes") }
        let (high, low) = data.withUnsafeBytes {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self.init(high: UInt64(bigEndian: high), low: UInt64(bigEndian: low))
    }

    /// Comes after every id that can be made.
    static let last = UUID7(high: .max, low: .max)
}

extension ExecutionStatus {
    /// Its number in the database; never reuse one.
    var code: Int {
        switch self {
        case .queued: 0
        case .running: 1
        case .succeeded: 2
        case .failed: 3
        case .cancelled: 4
        case .timedOut: 5
        }
    }

    init(code: Int) throws {
        guard let status = Self.allCases.first(where: { $0.code == code }) else {
            throw UnreadableValue("the status \(code)")
        }
        self = status
    }
}

extension FunctionKey {
    /// Unambiguous, as names have no slash.
    var text: String { "\(namespace)/\(name)" }

    init(text: String) throws {
        guard let slash = text.firstIndex(of: "/") else { throw UnreadableValue("the function `\(text)`") }
        self.init(
            namespace: try Namespace(String(text[..<slash])),
            name: try FunctionName(String(text[text.index(after: slash)...])))
    }
}

extension FunctionLimits {
    /// A JSON object of every limit by its name.
    func json() throws -> String {
        let values = Self.named.map { ($0.name, self[keyPath: $0.path]) }
        return try JSONText.encode(Dictionary(uniqueKeysWithValues: values))
    }

    /// Limits that a later version added have their usual value.
    init(json: String) throws {
        let values = try JSONText.decode([String: Int].self, json)
        self = .standard
        for (name, _, path) in Self.named { self[keyPath: path] = values[name] ?? self[keyPath: path] }
    }
}

extension FunctionPolicy {
    /// A JSON object; nil where nothing is unusual.
    func json() throws -> String? { self == .standard ? nil : try JSONText.encode(self) }

    init(json: String?) throws { self = try json.map { try JSONText.decode(Self.self, $0) } ?? .standard }
}

/// Values that are stored as JSON.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}

/// Something in the database that no version of this program wrote.
struct UnreadableValue: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension RawRepresentable where RawValue == String {
    init(column: String) throws {
        guard let value = Self(rawValue: column) else { throw UnreadableValue("`\(column)` as a \(Self.self)") }
        self = value
    }
}
