import Model
import Storage

/// The schemas that have names.
extension Schema {
    private static let time = Schema.string("Such as `2017-07-21 15:10:52.537686+00:00`")

    static let named: [(name: String, schema: Schema)] = [
        ("UUID", .string(format: "uuid")),
        ("UUIDObject", .object([.init("uuid", .named("UUID"), required: true)])),
        (
            "Error",
            .object([
                .init("message", .string("What is wrong and what to do"), required: true),
                .init("detail", .string("The same"), required: true),
                .init("error_code", .optional(.string()), required: true),
                .init("server_traceback", .optional(.string("Python's own")), required: true),
            ])
        ),
        ("Limits", .object(FunctionLimits.named.map { .init($0.name, .integer("In \($0.unit)")) })),
        (
            "Retry",
            .object([
                .init("attempts", .integer(least: 1, most: 20)), .init("backoff_ms", .integer(least: 0)),
                .init("backoff_max_ms", .integer(least: 0)),
                .init("on", .list(.oneOf(["error", "timeout", "crash"]))),
            ])
        ),
        (
            "FunctionSummary",
            .object(
                [
                    .init("name", .string(), required: true), .init("runner_url", .string(), required: true),
                    .init("requirements", .string()),
                ], isOpen: true)
        ),
        (
            "Function",
            .object(
                [
                    .init("code", .string("Percent-encoded"), required: true), .init("name", .string(), required: true),
                    .init("runner_url", .string(), required: true), .init("requirements", .string()),
                    .init("package", .string("The hash of the package's files")),
                    .init(
                        "locked",
                        .list(
                            .object([
                                .init("name", .string(), required: true), .init("version", .string(), required: true),
                                .init("sha256", .string(), required: true),
                            ]))),
                    .init("limits", .named("Limits")),
                ], isOpen: true)
        ),
        (
            "Execution",
            .object(
                [
                    .init("uuid", .named("UUID"), required: true),
                    .init("name", .oneOf(ExecutionTask.allCases.map { "tasks." + $0.rawValue }), required: true),
                    .init("status", .oneOf(["Pending", "Started", "Success", "Failure", "Cancelled"]), required: true),
                    .init("output", .any("What the function returned; null until the end"), required: true),
                    .init("created", time, required: true), .init("started", time), .init("finished", time),
                    .init("error", .string()), .init("traceback", .string()), .init("attempts", .integer()),
                    .init("cpu_ms", .number()), .init("wall_ms", .number()), .init("peak_memory_bytes", .integer()),
                    .init("parent", .named("UUID")), .init("function", .string()),
                ], isOpen: true)
        ),
        (
            "CallGraph",
            .object(
                [
                    .init("uuid", .named("UUID"), required: true),
                    .init("function", .optional(.string()), required: true),
                    .init("entry", .string()), .init("number", .integer()),
                    .init("status", .oneOf(ExecutionBody.statuses), required: true),
                    .init("return_code", .integer()), .init("created", time, required: true),
                    .init("started", time), .init("finished", time), .init("wall_us", .integer()),
                    .init("calls", .list(.named("CallGraph")), required: true),
                ], isOpen: true)
        ),
        (
            "SpotSummary",
            .object([
                .init("ip", .string(format: "ipv4"), required: true), .init("created", time, required: true),
                .init("state", .oneOf(["creating", "ready", "draining"]), required: true),
            ])
        ),
        (
            "Spot",
            .object([
                .init("ip", .string(format: "ipv4"), required: true), .init("created", time, required: true),
                .init("state", .oneOf(["creating", "ready", "draining"]), required: true),
                .init("min_workers", .integer(), required: true), .init("max_workers", .integer(), required: true),
            ])
        ),
        ("Scopes", .list(.oneOf(TokenScope.allCases.map(\.rawValue)))),
        ("Functions", .list(.string("NAME or APP/NAME, with `*` at the end for any rest"))),
        (
            "Token",
            .object([
                .init("id", .named("UUID"), required: true), .init("name", .string(), required: true),
                .init("scopes", .named("Scopes"), required: true),
                .init("functions", .optional(.named("Functions")), required: true),
                .init("principal", .optional(.string("Whom it acts as on labelled objects")), required: true),
                .init("created", time, required: true), .init("expires", .optional(time), required: true),
                .init("last_used", .optional(time), required: true),
                .init("rate_per_minute", .optional(.integer()), required: true),
                .init("max_body_bytes", .optional(.integer()), required: true),
            ])
        ),
        (
            "User",
            .object([
                .init("name", .string(), required: true), .init("scopes", .named("Scopes"), required: true),
                .init("functions", .optional(.named("Functions")), required: true),
                .init("created", time, required: true), .init("updated", time, required: true),
                .init("rate_per_minute", .optional(.integer()), required: true),
                .init("max_body_bytes", .optional(.integer()), required: true),
            ])
        ),
        (
            "AuditEntry",
            .object([
                .init("id", .named("UUID"), required: true), .init("time", time, required: true),
                .init("actor", .string(), required: true), .init("action", .string(), required: true),
                .init("subject", .string(), required: true), .init("detail", .string()),
            ])
        ),
    ]
}
