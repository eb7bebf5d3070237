import HTTPTypes
import Model
import Platform
import Storage

/// The OpenAPI 3.1 document of this surface, made from ``Route/all``.
enum Document {
    /// The document's bytes; they are the same for everybody.
    static let bytes = Reply.written { writer in
        writer.object { writer in
            writer.member("openapi", "3.1.0")
            writer.key("info")
            writer.object { writer in
                writer.member("title", "Swiftlet: FaaSpot")
                writer.member("version", Product.version)
                writer.member("description", description)
            }
            writer.key("security")
            writer.array { writer in for name in ["token", "bearer", "basic"] { requirement(name, &writer) } }
            writer.key("paths")
            writer.object(paths)
            writer.key("components")
            writer.object(components)
        }
    }

    private static let description = """
        `/api` is the same as `/v1`, `deployments` the same as `functions`, and `nodes/APP` the same as `spots`. A function NAME of an \
        application is APP/NAME wherever a path has NAME; `functions/APP/` lists and creates in an application. A slash at the end \
        makes no other difference. Success is always 200.
        """

    private static let common: [(status: Int, description: String)] = [
        (400, "The request is malformed."), (401, "No valid token or password."),
        (403, "The token's scopes or functions do not allow this."), (413, "The body is too large."),
        (429, "Too many requests, or too much waits; see Retry-After."), (500, "The run or the server failed."),
        (503, "Nothing can run or be stored for now."),
    ]

    private static let special: [Int: String] = [
        404: "There is no such thing.", 409: "It exists already, or is being changed.",
        504: "The run reached its time limit.",
    ]

    private static func paths(_ writer: inout JSONWriter) {
        var done: Set<String> = []
        for route in Route.all where done.insert(route.path).inserted {
            writer.key(path(route))
            writer.object { writer in
                for each in Route.all where each.path == route.path {
                    writer.key(each.method.rawValue.lowercased())
                    writer.object { writer in operation(each, &writer) }
                }
            }
        }
    }

    /// The whole path, with its prefix where it has one.
    static func path(_ route: Route) -> String {
        route.path.hasPrefix("//") ? String(route.path.dropFirst()) : "/v1" + route.path
    }

    private static func operation(_ route: Route, _ writer: inout JSONWriter) {
        writer.member("summary", route.summary)
        writer.member("operationId", identifier(route))
        switch route.need {
        case .nothing:
            writer.key("security")
            writer.array { _ in }
        case .scope(let scopes):
            writer.member(
                "description", "Needs the scope \(scopes.map { "`\($0.rawValue)`" }.joined(separator: " or ")).")
            writer.key("x-scopes")
            writer.array { writer in for scope in scopes { writer.string(scope.rawValue) } }
        }
        if !route.variables.isEmpty || !route.parameters.isEmpty {
            writer.key("parameters")
            writer.array { writer in
                for name in route.variables { parameter("path", name, .string(), isRequired: true, &writer) }
                for each in route.parameters {
                    parameter(each.place.rawValue, each.name, each.schema, isRequired: false, &writer)
                }
            }
        }
        if let body = route.body {
            writer.key("requestBody")
            writer.object { writer in
                writer.key("required")
                writer.bool(!route.isBodyOptional)
                content(body, &writer)
            }
        }
        writer.key("responses")
        writer.object { writer in
            answer(200, "Success.", route.answer, &writer)
            guard route.need != .nothing else { return }
            let errors = common + route.errors.map { ($0, special[$0] ?? "") }
            for (status, text) in errors.sorted(by: { $0.status < $1.status }) {
                answer(status, text, .named("Error"), &writer)
            }
        }
    }

    /// Such as `get_functions_name_rpc`.
    private static func identifier(_ route: Route) -> String {
        let words = route.path.split { !$0.isLetter }.map(String.init)
        return ([route.method.rawValue.lowercased()] + words).joined(separator: "_")
    }

    private static func parameter(
        _ place: String, _ name: String, _ schema: Schema, isRequired: Bool, _ writer: inout JSONWriter
    ) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("in", place)
            writer.key("required")
            writer.bool(isRequired)
            writer.key("schema")
            schema.write(into: &writer)
        }
    }

    private static func answer(_ status: Int, _ text: String, _ schema: Schema, _ writer: inout JSONWriter) {
        writer.key("\(status)")
        writer.object { writer in
            writer.member("description", text)
            content(schema, &writer)
        }
    }

    private static func content(_ schema: Schema, _ writer: inout JSONWriter) {
        writer.key("content")
        writer.object { writer in
            writer.key("application/json")
            writer.object { writer in
                writer.key("schema")
                schema.write(into: &writer)
            }
        }
    }

    private static func components(_ writer: inout JSONWriter) {
        writer.key("schemas")
        writer.object { writer in
            for (name, schema) in Schema.named {
                writer.key(name)
                schema.write(into: &writer)
            }
        }
        writer.key("securitySchemes")
        writer.object { writer in
            writer.key("token")
            writer.object { writer in
                writer.member("type", "apiKey")
                writer.member("in", "header")
                writer.member("name", "Authorization")
                writer.member("description", "`Token TOKEN`")
            }
            for scheme in ["bearer", "basic"] {
                writer.key(scheme)
                writer.object { writer in
                    writer.member("type", "http")
                    writer.member("scheme", scheme)
                }
            }
        }
    }

    private static func requirement(_ name: String, _ writer: inout JSONWriter) {
        writer.object { writer in
            writer.key(name)
            writer.array { _ in }
        }
    }
}
