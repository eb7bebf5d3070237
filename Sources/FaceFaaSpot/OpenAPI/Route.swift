import HTTPTypes
import Storage

/// One operation of this surface: the one place where its method, address, scope, body and answers are written down.
struct Route: Sendable {
    /// Who may use it.
    enum Need: Sendable, Equatable {
        /// Anybody, without a token.
        case nothing
        /// Any of these scopes; an administrator has all.
        case scope([TokenScope])
    }

    /// A value beside the body.
    struct Parameter: Sendable {
        enum Place: String, Sendable { case query, header }

        var place: Place
        var name: String
        var schema: Schema

        static func query(_ name: String, _ schema: Schema) -> Self { Self(place: .query, name: name, schema: schema) }
        static func header(_ name: String, _ schema: Schema) -> Self {
            Self(place: .header, name: name, schema: schema)
        }
    }

    var method: HTTPRequest.Method
    /// After `/v1`, with `{name}` for what varies; the envelope's begins with `//`, which stands for no prefix at all.
    var path: String
    var summary: String
    var need: Need
    /// Whether a token that is bound to functions may use it only on those.
    var isAboutFunction = false
    var parameters: [Parameter] = []
    var body: Schema?
    /// Whether the body may be left out.
    var isBodyOptional = false
    /// The body of an answer of status 200.
    var answer: Schema
    /// Statuses of errors beside 400, 401, 403, 413, 429, 500 and 503, which any operation may answer with.
    var errors: [Int] = []

    init(
        _ method: HTTPRequest.Method, _ path: String, _ summary: String, _ need: Need, isAboutFunction: Bool = false,
        parameters: [Parameter] = [], body: Schema? = nil, isBodyOptional: Bool = false, answer: Schema,
        errors: [Int] = []
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.need = need
        self.isAboutFunction = isAboutFunction
        self.parameters = parameters
        self.body = body
        self.isBodyOptional = isBodyOptional
        self.answer = answer
        self.errors = errors
    }

    /// The names in the path, in order.
    var variables: [String] {
        path.split(separator: "/").compactMap { part in
            part.hasPrefix("{") ? String(part.dropFirst().dropLast()) : nil
        }
    }
}
