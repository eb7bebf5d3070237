import HTTPTypes
import Model
import Platform
import TestSupport
import Testing

/// Every row of the table of errors in the specification (section 6).
struct ErrorTableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var method: HTTPRequest.Method
        var path: String
        var body: String?
        var status: Int
        var message: String
        var code: String?
        var traceback: String?

        var testDescription: String { "\(method) \(path) \(body ?? "")" }

        init(
            _ method: HTTPRequest.Method, _ path: String, _ body: String?, _ status: Int, _ message: String,
            code: String? = nil, traceback: String? = nil
        ) {
            self.method = method
            self.path = path
            self.body = body
            self.status = status
            self.message = message
            self.code = code
            self.traceback = traceback
        }
    }

    private static let provided = PlatformConfiguration().providedPackages.keys.sorted().joined(separator: ", ")
    private static let illegal = "illegal_execution_parameters_error"
    private static let unknown = "01900000-0000-7000-8000-000000000000"

    static let rows = [
        // Malformed JSON, bad name, context or worker bounds, missing field.
        Row(.put, "/v1/functions/", "{", 400, "Malformed JSON: a key in double quotes is expected (line 1, column 2)."),
        Row(.put, "/v1/functions/", #"{"code": "x"}"#, 400, "`name` is missing."),
        Row(.put, "/v1/functions/", #"{"name": "x"}"#, 400, "`code` is missing."),
        Row(
            .put, "/v1/functions/", #"{"name": "a b", "code": "x"}"#, 400,
            "Invalid name: `a b`. Allowed only letters and numbers"),
        Row(
            .patch, "/v1/functions/hello", #"{"context": "nonsense"}"#, 400,
            "Line 1 of the context has no `=`; each line must be `KEY=Value`."),
        Row(
            .patch, "/v1/functions/hello", #"{"requirements": "no-such-package"}"#, 400,
            "`no-such-package` (line 1 of the requirements) is not in the sandbox, and packages are not installed: it has "
                + "Python's standard library and: \(provided). Put pure Python code into the function's own file."),
        Row(
            .patch, "/v1/spots/", #"{"min_workers": 2, "max_workers": 1}"#, 400,
            "`min_workers` and `max_workers` must be numbers with 1 <= min_workers <= max_workers <= 1024."),
        // Arguments not an object, bulk body not a non-empty list of objects.
        Row(
            .post, "/v1/functions/hello/rpc/", "[]", 400,
            "The arguments must be a JSON object, such as {\"name\": \"value\"}.", code: illegal),
        Row(
            .post, "/v1/functions/hello/bulk_rpc/", "[]", 400,
            "The body must be a list of one or more JSON objects, one for each call.", code: illegal),
        // Unknown function, execution, spot, path; a method that is not there.
        Row(.get, "/v1/functions/none", nil, 404, "Not found."),
        Row(.get, "/v1/sync/functions/none/rpc/", nil, 404, "Not found."),
        Row(.get, "/v1/executions/\(unknown)", nil, 404, "Not found."),
        Row(.delete, "/v1/executions/nonsense", nil, 404, "Not found."),
        Row(.get, "/v1/spots/127.0.1.9", nil, 404, "Not found."),
        Row(.delete, "/v1/spots/nonsense", nil, 404, "Not found."),
        Row(.get, "/v1/spots/replace/127.0.1.9", nil, 404, "Not found."),
        Row(.get, "/v1/nothing", nil, 404, "Not found."),
        Row(.post, "/v1/functions/hello", "{}", 405, "Method not allowed."),
        Row(.put, "/v1/executions/", "{}", 405, "Method not allowed."),
        // Onto an existing name.
        Row(
            .put, "/v1/functions/", #"{"name": "hello", "code": "def main(args, context): pass"}"#, 409,
            "Function `hello` already exists."),
        Row(.patch, "/v1/functions/hello", #"{"name": "other"}"#, 409, "Function `other` already exists."),
        // Blocking runs.
        Row(
            .get, "/v1/sync/functions/hello/rpc/?do=raise", nil, 500, "ValueError: no", code: "execution_failed",
            traceback: "Traceback"),
        Row(
            .get, "/v1/sync/functions/hello/rpc/?do=cancel", nil, 500, "Cancelled: it was cancelled",
            code: "execution_failed"),
        Row(.get, "/v1/sync/functions/hello/rpc/?do=nothing", nil, 503, "No spots available.", code: "no_spots"),
        Row(
            .get, "/v1/sync/functions/hello/rpc/?do=wait", nil, 504, "Run time limit exceeded.",
            code: "execution_timeout"),
    ]

    @Test(arguments: rows)
    func `every row of the table of errors is as specified`(_ row: Row) async throws {
        let fixture = try await FaceFixture()
        try await fixture.platform.deploy("hello")
        try await fixture.platform.deploy("other")
        fixture.platform.sandbox.onCall { request in
            switch String(decoding: request.input, as: UTF8.self) {
            case #"{"do":"raise"}"#: .success(.fault(.raised, "ValueError", "no", traceback: "Traceback"))
            case #"{"do":"cancel"}"#: .success(.fault(.cancelled, "Cancelled", "it was cancelled"))
            case #"{"do":"wait"}"#: .success(.fault(.timedOut, "TimeoutError", "too long"))
            default: .failure(.noSpots)
            }
        }
        try await fixture.platform.platform.spots.restore(
            first: SpotSize(minimumWorkers: 1, maximumWorkers: 1), count: 1)
        try await fixture.test { ask in
            let answer = try await ask(row.method, row.path, row.body)
            #expect(answer.status == row.status)
            #expect(answer.body == failure(row.message, code: row.code, traceback: row.traceback))
        }
    }

    @Test(arguments: [nil, "Token wrong", "Basic d3Jvbmc6d3Jvbmc="] as [String?])
    func `missing and wrong authentication are one row`(_ header: String?) async throws {
        let fixture = try await FaceFixture()
        var headers = HTTPFields()
        headers[.authorization] = header
        try await fixture.test(headers: headers) { ask in
            let answer = try await ask(.get, "/v1/functions/", nil)
            #expect(answer.status == 401 && answer.body == failure("Invalid token."))
        }
    }
}
