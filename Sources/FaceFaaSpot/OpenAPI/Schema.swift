import Platform

/// The form of a JSON value, as OpenAPI describes it.
indirect enum Schema: Sendable {
    case string(String = "", format: String? = nil)
    case oneOf([String], String = "")
    case integer(String = "", least: Int? = nil, most: Int? = nil)
    case number(String = "")
    case boolean(String = "")
    case list(Schema)
    case object([Field], isOpen: Bool = false)
    /// Anything that JSON can say.
    case any(String = "")
    /// This, or null.
    case optional(Schema)
    /// One of the document's named schemas.
    case named(String)

    /// A member of an object.
    struct Field: Sendable {
        var name: String
        var schema: Schema
        var isRequired: Bool

        init(_ name: String, _ schema: Schema, required: Bool = false) {
            self.name = name
            self.schema = schema
            isRequired = required
        }
    }

    func write(into writer: inout JSONWriter) {
        writer.object { writer in members(&writer) }
    }

    private func members(_ writer: inout JSONWriter) {
        switch self {
        case .string(let description, let format):
            writer.member("type", "string")
            if let format { writer.member("format", format) }
            Self.describe(description, &writer)
        case .oneOf(let values, let description):
            writer.member("type", "string")
            writer.key("enum")
            writer.array { writer in for value in values { writer.string(value) } }
            Self.describe(description, &writer)
        case .integer(let description, let least, let most):
            writer.member("type", "integer")
            if let least { writer.member("minimum", Int64(least)) }
            if let most { writer.member("maximum", Int64(most)) }
            Self.describe(description, &writer)
        case .number(let description):
            writer.member("type", "number")
            Self.describe(description, &writer)
        case .boolean(let description):
            writer.member("type", "boolean")
            Self.describe(description, &writer)
        case .list(let element):
            writer.member("type", "array")
            writer.key("items")
            element.write(into: &writer)
        case .object(let fields, let isOpen):
            writer.member("type", "object")
            if !fields.isEmpty {
                writer.key("properties")
                writer.object { writer in
                    for field in fields {
                        writer.key(field.name)
                        field.schema.write(into: &writer)
                    }
                }
            }
            let required = fields.filter(\.isRequired)
            if !required.isEmpty {
                writer.key("required")
                writer.array { writer in for field in required { writer.string(field.name) } }
            }
            writer.key("additionalProperties")
            writer.bool(isOpen)
        case .any(let description): Self.describe(description, &writer)
        case .optional(let schema):
            writer.key("anyOf")
            writer.array { writer in
                schema.write(into: &writer)
                writer.object { $0.member("type", "null") }
            }
        case .named(let name): writer.member("$ref", "#/components/schemas/\(name)")
        }
    }

    private static func describe(_ text: String, _ writer: inout JSONWriter) {
        if !text.isEmpty { writer.member("description", text) }
    }
}
