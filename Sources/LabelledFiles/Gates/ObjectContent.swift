import FoundationEssentials
import Storage

/// How gates and services lie in the store: as JSON.
enum ObjectContent {
    static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ content: [UInt8]) throws -> Value {
        do { return try JSONDecoder().decode(type, from: Data(content)) } catch {
            throw StorageError(.corrupt, "A stored \(type) cannot be read: \(error).")
        }
    }
}
