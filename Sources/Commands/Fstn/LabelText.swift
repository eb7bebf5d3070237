import Client
import FoundationEssentials
import Labels

/// Labels between their text, which people write, and their JSON, which servers do.
enum LabelText {
    /// Nil where it is no label.
    static func label(_ json: JSON) -> String? {
        if let text = json.string { return text }
        return (try? JSONDecoder().decode(Label.self, from: Data(json.compact.utf8)))?.description
    }

    static func json(_ label: Label) throws(ClientError) -> JSON {
        do { return try JSON(parsing: Array(try JSONEncoder().encode(label))) } catch {
            throw .local("The label cannot be written as JSON: \(error)")
        }
    }
}
