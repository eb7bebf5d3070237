import FoundationEssentials
import Labels
import Model

/// Takes the fields of a request one by one; whatever is not as it must be is `malformed`.
struct FieldReader {
    private var fields: ArraySlice<ArraySlice<UInt8>>

    init(_ fields: [ArraySlice<UInt8>]) { self.fields = fields[...] }

    /// Every field must have been taken.
    func end() throws(FileRefusal) {
        guard fields.isEmpty else { throw FileRefusal(.malformed) }
    }

    var isAtEnd: Bool { fields.isEmpty }

    mutating func bytes() throws(FileRefusal) -> [UInt8] { Array(try slice()) }

    /// The bytes of a field, which share the memory of the whole request.
    mutating func slice() throws(FileRefusal) -> ArraySlice<UInt8> {
        guard let field = fields.popFirst() else { throw FileRefusal(.malformed) }
        return field
    }

    mutating func text() throws(FileRefusal) -> String {
        guard let text = String(validating: try slice(), as: UTF8.self) else { throw FileRefusal(.malformed) }
        return text
    }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type) throws(FileRefusal) -> Number {
        let field = try slice()
        guard let number = HostFields.number(field, as: Number.self) else { throw FileRefusal(.malformed) }
        return number
    }

    mutating func handle() throws(FileRefusal) -> UInt32 { try number(UInt32.self) }

    mutating func path() throws(FileRefusal) -> FilePath {
        let field = try slice()
        guard field.first == Self.structured else {
            guard let text = String(validating: field, as: UTF8.self) else { throw FileRefusal(.badPath) }
            return try FilePath(parsing: text)
        }
        return try FilePath(Self.json([WirePathItem].self, field.dropFirst()).map(\.item))
    }

    mutating func label() throws(FileRefusal) -> Label {
        guard let label = try optionalLabel() else { throw FileRefusal(.malformed) }
        return label
    }

    /// Nothing stands for none.
    mutating func optionalLabel() throws(FileRefusal) -> Label? {
        let field = try slice()
        if field.isEmpty { return nil }
        if field.first == Self.structured { return try Self.json(Label.self, field.dropFirst()) }
        guard let text = String(validating: field, as: UTF8.self), let label = try? Label(parsing: text) else {
            throw FileRefusal(.malformed)
        }
        return label
    }

    mutating func component() throws(FileRefusal) -> Component {
        guard let component = try optionalComponent() else { throw FileRefusal(.malformed) }
        return component
    }

    mutating func optionalComponent() throws(FileRefusal) -> Component? {
        let field = try slice()
        if field.isEmpty { return nil }
        if field.first == Self.structured { return try Self.json(Component.self, field.dropFirst()) }
        guard let text = String(validating: field, as: UTF8.self), let component = try? Component(parsing: text)
        else { throw FileRefusal(.malformed) }
        return component
    }

    mutating func policy() throws(FileRefusal) -> Policy {
        let label = try label()
        return Policy(privilege: label.secrecy, clearance: label.integrity)
    }

    mutating func hash() throws(FileRefusal) -> BlobHash {
        guard let hash = BlobHash(try text()) else { throw FileRefusal(.malformed) }
        return hash
    }

    /// Nothing stands for an empty object.
    mutating func json<Value: Decodable>(_ type: Value.Type) throws(FileRefusal) -> Value {
        let field = try slice()
        return try Self.json(type, field.isEmpty ? Array("{}".utf8)[...] : field)
    }

    /// Before the JSON of a label, a component or a path, which could not be told from their texts otherwise.
    private static let structured: UInt8 = 0

    static func json<Value: Decodable>(
        _ type: Value.Type, _ bytes: ArraySlice<UInt8>
    ) throws(FileRefusal) -> Value {
        guard bytes.count <= maximumJSONBytes, let value = try? JSONDecoder().decode(type, from: Data(bytes)) else {
            throw FileRefusal(.malformed)
        }
        return value
    }

    private static let maximumJSONBytes = 1 << 20
}

/// A label, a component or a path where it stands in JSON: as text, or as the object that its type has.
struct WireLabel: Decodable {
    let label: Label

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            label = try Label(parsing: text)
        } else {
            label = try Label(from: decoder)
        }
    }
}

struct WireComponent: Decodable {
    let component: Component

    /// `"DCFalse"` is not read as a name here: it is what functions have for false.
    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self), text != "DCFalse" {
            component = try Component(parsing: text)
        } else {
            component = try Component(from: decoder)
        }
    }
}

struct WirePathItem: Decodable {
    let item: FilePath.Item

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            item = .text(text)
        } else {
            item = .facet(try Label(from: decoder))
        }
    }
}

struct WirePath: Decodable {
    let path: FilePath

    init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            path = try FilePath(parsing: text)
        } else {
            path = try FilePath(try [WirePathItem](from: decoder).map(\.item))
        }
    }
}
