import Model
import Platform

/// One call as Faasm's clients send it, and as they get it back with its result: the fields that were given, by their names in
/// JSON. What has its usual value, zero or nothing, is not kept.
struct Message: Hashable, Sendable {
    private enum Value: Hashable, Sendable {
        case number(Int64)
        case text(String)
        case flag
    }

    private enum Kind { case number, text, flag }

    /// The fields that are echoed: name in JSON, the field's own name, kind. In the order in which they are written.
    private static let fields: [(key: String, alias: String, kind: Kind)] = [
        ("id", "id", .number), ("appId", "app_id", .number), ("appIdx", "app_idx", .number),
        ("mainHost", "main_host", .text), ("type", "type", .number), ("user", "user", .text),
        ("function", "function", .text), ("funcPtr", "func_ptr", .number), ("snapshotKey", "snapshot_key", .text),
        ("resultKey", "result_key", .text), ("executesLocally", "executes_locally", .flag),
        ("statusKey", "status_key", .text), ("python", "isPython", .flag), ("py_user", "pythonUser", .text),
        ("py_func", "pythonFunction", .text), ("pythonEntry", "python_entry", .text),
        ("groupId", "group_id", .number), ("groupIdx", "group_idx", .number), ("groupSize", "group_size", .number),
        ("mpi", "isMpi", .flag), ("mpiWorldId", "mpi_world_id", .number), ("mpiRank", "mpi_rank", .number),
        ("mpi_world_size", "mpiWorldSize", .number), ("cmdline", "commandLine", .text),
        ("record_exec_graph", "recordExecGraph", .flag), ("isOmp", "is_omp", .flag),
        ("ompNumThreads", "omp_num_threads", .number),
    ]

    private var values: [String: Value] = [:]
    /// The call's input. It is not among what is written: the call's record has it.
    var input: [UInt8] = []

    /// Reads a call, but for its input.
    init(withoutInput members: JSONMembers) {
        for (key, alias, kind) in Self.fields {
            switch kind {
            case .number:
                if let number = members.number([key, alias]), number != 0 { values[key] = .number(number) }
            case .text: if let text = members.text([key, alias]), !text.isEmpty { values[key] = .text(text) }
            case .flag: if members.flag([key, alias]) { values[key] = .flag }
            }
        }
    }

    /// What is wrong with the first field that is of another kind than it must be; nil: nothing. `type` may be a name, too.
    static func misfit(_ members: JSONMembers) -> String? {
        for (key, alias, kind) in fields where key != "type" {
            let names = [key, alias]
            switch kind {
            case .number where members.has(key, alias) && members.number(names) == nil:
                return "`\(key)` must be a whole number"
            case .text where members.has(key, alias) && members.text(names) == nil:
                return "`\(key)` must be a string"
            case .flag where !members.isFlag(names): return "`\(key)` must be true or false"
            default: continue
            }
        }
        return nil
    }

    /// Reads a call. Nil: the input is no base64, or a field is of another kind than it must be.
    init?(_ members: JSONMembers) {
        guard Self.misfit(members) == nil else { return nil }
        self.init(withoutInput: members)
        if members.has("input_data", "inputData"), members.text("input_data", "inputData") == nil { return nil }
        if let text = members.text("input_data", "inputData") {
            guard let bytes = Base64.decode(text) else { return nil }
            input = bytes
        }
    }

    /// A call as what was recorded of it tells; nil: it is none of a function.
    init?(_ call: Execution, _ number: Int64) {
        guard let key = call.function else { return nil }
        self.init(call.detail)
        self[text: "user"] = key.namespace.rawValue
        self[text: "function"] = key.name.rawValue
        self.number = number
    }

    /// What a call is told beside its input.
    init(_ detail: CallDetail?) {
        self[text: "pythonEntry"] = detail?.entry ?? ""
        self[text: "cmdline"] = detail?.commandLine ?? ""
    }

    /// The id of a call that is an app of its own, and so that app's.
    var number: Int64 {
        get { id }
        set {
            self[number: "id"] = newValue
            self[number: "appId"] = newValue
        }
    }

    subscript(number name: String) -> Int64 {
        get { if case .number(let number) = values[name] { number } else { 0 } }
        set { values[name] = newValue == 0 ? nil : .number(newValue) }
    }

    subscript(text name: String) -> String {
        get { if case .text(let text) = values[name] { text } else { "" } }
        set { values[name] = newValue.isEmpty ? nil : .text(newValue) }
    }

    subscript(flag name: String) -> Bool {
        get { values[name] == .flag }
        set { values[name] = newValue ? .flag : nil }
    }

    var id: Int64 { self[number: "id"] }

    /// Writes the fields as members of an object.
    func write(into writer: inout JSONWriter) {
        for (key, _, _) in Self.fields {
            guard let value = values[key] else { continue }
            switch value {
            case .number(let number): writer.member(key, number)
            case .text(let text): writer.member(key, text)
            case .flag:
                writer.key(key)
                writer.bool(true)
            }
        }
    }

    /// The function that is called.
    func function() throws -> FunctionKey {
        guard self[flag: "python"] else { return try FaasmFace.key(self[text: "user"], self[text: "function"]) }
        let user = self[text: "py_user"]
        return try FaasmFace.key(user.isEmpty ? FaasmFace.usualUser : user, self[text: "py_func"])
    }

    /// What the call is told beside its input.
    var detail: CallDetail? {
        let (entry, words) = (self[text: "pythonEntry"], self[text: "cmdline"])
        let detail = CallDetail(entry: entry.isEmpty ? nil : entry, commandLine: words.isEmpty ? nil : words)
        return detail.isEmpty ? nil : detail
    }

    /// The call that another one of this message's app chained.
    func chained(_ id: Int64, _ execution: Execution) -> Message {
        var message = self
        message[number: "id"] = id
        message[text: "cmdline"] = execution.detail?.commandLine ?? ""
        message[text: "pythonEntry"] = execution.detail?.entry ?? ""
        guard let key = execution.function else { return message }
        if message[flag: "python"] {
            message[text: "py_user"] = key.namespace.rawValue
            message[text: "py_func"] = key.name.rawValue
        } else {
            message[text: "user"] = key.namespace.rawValue
            message[text: "function"] = key.name.rawValue
        }
        return message
    }
}
