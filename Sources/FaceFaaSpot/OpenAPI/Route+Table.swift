import HTTPTypes
import Model
import Storage

/// Every operation. A new one is one entry here; tests ask the router for each, and for what is not here.
extension Route {
    static let all = functions + runs + executions + deadLetters + spots + accounts + documents

    private static let functions = [
        Route(
            .get, "/functions/", "List the functions.", .scope([.read]), answer: .list(.named("FunctionSummary"))),
        Route(
            .put, "/functions/", "Deploy a function.", .scope([.deploy]),
            body: .object(
                [
                    .init("name", .string("Letters, digits and `-_.`"), required: true),
                    .init(
                        "code", .string("Python with a `main(args, context)`, percent-encoded or not")),
                    .init(
                        "package",
                        .string("Instead of `code`: a zip, tar or SquashFS archive with a `main.py`, in base 64")),
                    .init("context", .string("`KEY=Value` lines; secret")),
                    .init("requirements", .string("In pip's format")),
                    .init("limits", .named("Limits")), .init("retry", .named("Retry")),
                    .init("concurrency", concurrency),
                ], isOpen: true), answer: .named("UUID"), errors: [409]),
        Route(
            .get, "/functions/{name}", "Show a function with its code.", .scope([.read]), isAboutFunction: true,
            answer: .named("Function"), errors: [404]),
        Route(
            .patch, "/functions/{name}", "Change a function.", .scope([.deploy]), isAboutFunction: true,
            body: .object(
                [
                    .init("name", .string("The new name")), .init("code", .string()),
                    .init("package", .string("In base 64")), .init("context", .string()),
                    .init("requirements", .string()), .init("limits", .named("Limits")),
                    .init("retry", .named("Retry")), .init("concurrency", concurrency),
                ], isOpen: true), answer: .named("UUIDObject"), errors: [404, 409]),
        Route(
            .delete, "/functions/{name}", "Delete a function.", .scope([.deploy]), isAboutFunction: true,
            answer: .named("UUIDObject"), errors: [404]),
    ]

    private static let concurrency = Schema.optional(.integer("Queued runs at one time", least: 1, most: 10_000))

    private static let arguments = Schema.object([], isOpen: true)

    /// How a queued run is to be treated.
    private static let runHeaders: [Parameter] = [
        .header("Idempotency-Key", .string("The same key with the same arguments gives the same execution")),
        .header("X-Swiftlet-Delay", .number("Seconds that it waits at least")),
        .header("X-Swiftlet-Priority", .integer("The higher, the sooner", least: -100, most: 100)),
        .header("X-Swiftlet-Max-Age", .number("Seconds after which it is not started any more")),
        .header("X-Callback-Url", .string("Where its end is sent", format: "uri")),
    ]

    private static let runs =
        [
            Route(
                .get, "/functions/{name}/rpc/", "Queue a run; the query holds the arguments.", .scope([.run]),
                isAboutFunction: true, parameters: runHeaders, answer: .named("UUID"), errors: [404, 409]),
            Route(
                .post, "/functions/{name}/rpc/", "Queue a run; the body holds the arguments.", .scope([.run]),
                isAboutFunction: true, parameters: runHeaders, body: arguments, isBodyOptional: true,
                answer: .named("UUID"), errors: [404, 409]),
            Route(
                .post, "/functions/{name}/bulk_rpc/", "Queue a run for each group of arguments, all or none.",
                .scope([.run]), isAboutFunction: true, parameters: runHeaders, body: .list(arguments),
                answer: .list(.named("UUID")), errors: [404, 409]),
        ]
        + [HTTPRequest.Method.get, .post, .put, .patch, .delete].flatMap { method in
            [
                Route(
                    method, "/sync/functions/{name}/rpc/", "Run and wait; answers with what the function returns.",
                    .scope([.run]), isAboutFunction: true, body: method == .get ? nil : arguments, isBodyOptional: true,
                    answer: .any("What the function returned"), errors: [404, 504]),
                Route(
                    method, "//sync/deployments/{name}/rpc/", "Run and wait; answers with an envelope.",
                    .scope([.run]), isAboutFunction: true, body: method == .get ? nil : arguments, isBodyOptional: true,
                    answer: .object([
                        .init("status", .boolean("Whether it succeeded"), required: true),
                        .init("output", .any("What the function returned")), .init("error", .string()),
                    ]), errors: [404]),
            ]
        }

    private static let executions = [
        Route(
            .get, "/executions/", "List executions, newest first.", .scope([.read]),
            parameters: [
                .query("include_completed", .oneOf(["True", "False"], "Whether to list those that have ended")),
                .query("deployment", .string("Those of this function only")),
                .query("status", .string("Those with one of these, such as `Failure,Cancelled`")),
                .query("created_after", .string("A time", format: "date-time")),
                .query("created_before", .string("A time", format: "date-time")),
            ] + pages, answer: .list(.named("Execution"))),
        Route(
            .post, "/executions/bulk", "Show several executions; unknown ones are left out.", .scope([.read, .run]),
            body: .list(.named("UUID")), answer: .list(.named("Execution"))),
        Route(
            .get, "/executions/{uuid}", "Show an execution with its attempts.", .scope([.read, .run]),
            isAboutFunction: true,
            parameters: [.query("wait", .number("Seconds to wait for its end, at most 60"))],
            answer: .named("Execution"), errors: [404]),
        Route(
            .get, "/executions/{uuid}/logs", "Show what it printed; as server-sent events where they are asked for.",
            .scope([.read, .run]), isAboutFunction: true,
            parameters: [.query("follow", .oneOf(["true", "false"], "Whether to send lines until it has ended"))],
            answer: .list(
                .object([
                    .init("time", .string(), required: true),
                    .init("stream", .oneOf(["stdout", "stderr"]), required: true),
                    .init("text", .string(), required: true), .init("attempt", .integer(), required: true),
                ])), errors: [404]),
        Route(
            .get, "/executions/{uuid}/graph", "Show it with the calls that it chained, as a tree.",
            .scope([.read, .run]), isAboutFunction: true, answer: .named("CallGraph"), errors: [404]),
        Route(
            .get, "/executions/batch/{uuid}", "Show how far the runs of one bulk request are.", .scope([.read, .run]),
            answer: .object(
                [.init("uuid", .named("UUID"), required: true), .init("total", .integer(), required: true)],
                isOpen: true), errors: [404]),
        Route(
            .delete, "/executions/{uuid}", "Cancel an execution; one that has ended stays as it is.", .scope([.run]),
            isAboutFunction: true, answer: .named("Execution"), errors: [404]),
    ]

    private static let pages: [Parameter] = [
        .query("limit", .integer(least: 1, most: 1000)),
        .query("before", .string("Those before this one", format: "uuid")),
    ]

    private static let ofFunction = [Parameter.query("function", .string("Those of this function only"))]

    private static let deadLetters = [
        Route(
            .get, "/dead_letters/", "List runs that failed for good, newest first.", .scope([.read]),
            parameters: ofFunction + pages, answer: .list(.named("Execution"))),
        Route(
            .post, "/dead_letters/{uuid}/redrive", "Queue a run once more, as a new execution.", .scope([.run]),
            isAboutFunction: true, answer: .named("UUIDObject"), errors: [404]),
        Route(
            .post, "/dead_letters/redrive", "Queue all those runs once more.", .scope([.run]), parameters: ofFunction,
            answer: .object([.init("redriven", .integer(), required: true)])),
        Route(
            .delete, "/dead_letters/{uuid}", "Delete a dead letter.", .scope([.admin]),
            answer: .object([.init("purged", .integer(), required: true)]), errors: [404]),
        Route(
            .delete, "/dead_letters/", "Delete all those.", .scope([.admin]), parameters: ofFunction,
            answer: .object([.init("purged", .integer(), required: true)])),
    ]

    private static let spots = [
        Route(.get, "/spots/", "List the spots.", .scope([.read]), answer: .list(.named("SpotSummary"))),
        Route(
            .put, "/spots/", "Add a spot.", .scope([.admin]), body: .object([], isOpen: true), isBodyOptional: true,
            answer: .named("UUID")),
        Route(
            .patch, "/spots/", "Set the workers of all spots, or give one or all a new address.", .scope([.admin]),
            body: .object(
                [
                    .init("min_workers", .integer(least: 1)), .init("max_workers", .integer(least: 1)),
                    .init("refresh_ip", .string("An address, or `all`")),
                ], isOpen: true), answer: .any("The numbers of workers, or the uuid of the change of addresses")),
        Route(
            .delete, "/spots/", "Remove the newest spot once its calls have ended.", .scope([.admin]),
            answer: .named("UUID"), errors: [404]),
        Route(.get, "/spots/{ip}", "Show a spot.", .scope([.read]), answer: .named("Spot"), errors: [404]),
        Route(
            .delete, "/spots/{ip}", "Remove a spot once its calls have ended.", .scope([.admin]),
            answer: .named("UUID"), errors: [404, 409]),
        Route(
            .get, "/spots/replace/{ip}", "Add a spot, then remove this one.", .scope([.admin]),
            answer: .named("UUID"), errors: [404, 409]),
    ]

    private static let accounts = [
        Route(
            .get, "/tokens/", "List the tokens, oldest first.", .scope([.admin]),
            parameters: [
                .query("limit", .integer(least: 1, most: 1000)),
                .query("after", .string("Those after this one", format: "uuid")),
            ], answer: .list(.named("Token"))),
        Route(
            .put, "/tokens/", "Make a token.", .scope([.admin]),
            body: .object([
                .init("name", .string(), required: true), .init("scopes", .named("Scopes")),
                .init("functions", .named("Functions")),
                .init("principal", .string("Whom it acts as on labelled objects; without it `scopes` are needed")),
                .init("expires_in", .integer("Seconds", least: 1)),
                .init("rate_per_minute", .integer("Requests", least: 1)),
                .init("max_body_bytes", .integer(least: 2)),
            ]), answer: .any("The token, with its secret as `token`, this once")),
        Route(
            .delete, "/tokens/{id}", "Revoke a token, at once.", .scope([.admin]),
            answer: .object([.init("id", .named("UUID"), required: true)]), errors: [404]),
        Route(.get, "/users/", "List the users.", .scope([.admin]), answer: .list(.named("User"))),
        Route(
            .put, "/users/", "Make a user.", .scope([.admin]),
            body: .object([
                .init("name", .string(), required: true), .init("password", .string(), required: true),
                .init("scopes", .named("Scopes"), required: true), .init("functions", .named("Functions")),
                .init("rate_per_minute", .integer("Requests", least: 1)), .init("max_body_bytes", .integer(least: 2)),
            ]), answer: .named("User"), errors: [409]),
        Route(
            .patch, "/users/{user}", "Change a user, at once.", .scope([.admin]),
            body: .object([
                .init("password", .string()), .init("scopes", .named("Scopes")),
                .init("functions", .optional(.named("Functions"))),
                .init("rate_per_minute", .optional(.integer("Requests", least: 1))),
                .init("max_body_bytes", .optional(.integer(least: 2))),
            ]), answer: .named("User"), errors: [404]),
        Route(
            .delete, "/users/{user}", "Delete a user, at once.", .scope([.admin]),
            answer: .object([.init("name", .string(), required: true)]), errors: [404]),
        Route(
            .get, "/audit/", "List who changed what, newest first.", .scope([.admin]),
            parameters: [
                .query("limit", .integer(least: 1, most: 1000)),
                .query("before", .string("Those before this one", format: "uuid")),
            ], answer: .list(.named("AuditEntry"))),
        Route(
            .post, "/keys/rotate", "Encrypt all contexts with a new key.", .scope([.admin]),
            answer: .object([.init("contexts", .integer("Those encrypted anew"), required: true)]), errors: [409]),
    ]

    private static let documents = [
        Route(.get, "/openapi.json", "This document.", .nothing, answer: .object([], isOpen: true))
    ]
}
