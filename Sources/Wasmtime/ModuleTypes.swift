internal import CWasmtime

/// What a function takes and returns, where all of it is plain numbers.
public struct FunctionType: Hashable, Sendable {
    public var parameters: [ValueType]
    public var results: [ValueType]

    public init(parameters: [ValueType], results: [ValueType]) {
        self.parameters = parameters
        self.results = results
    }

    /// Nil where a value is neither an integer nor a floating-point number.
    init?(_ type: OpaquePointer) {
        guard let parameters = Self.types(wasm_functype_params(type)),
            let results = Self.types(wasm_functype_results(type))
        else { return nil }
        self.init(parameters: parameters, results: results)
    }

    private static func types(_ vector: UnsafePointer<wasm_valtype_vec_t>) -> [ValueType]? {
        var result: [ValueType] = []
        for type in UnsafeBufferPointer(start: vector.pointee.data, count: vector.pointee.size) {
            guard let type = ValueType.allCases.first(where: { $0.raw == wasm_valtype_kind(type) }) else { return nil }
            result.append(type)
        }
        return result
    }
}

/// What a module imports or exports under a name.
public enum ExternType: Hashable, Sendable {
    /// The type is nil where it is made of other things than numbers.
    case function(FunctionType?)
    case global, table, memory, other

    init(_ type: OpaquePointer) {
        switch Int(wasm_externtype_kind(type)) {
        case WASMTIME_EXTERN_FUNC: self = .function(wasm_externtype_as_functype_const(type).flatMap(FunctionType.init))
        case WASMTIME_EXTERN_GLOBAL: self = .global
        case WASMTIME_EXTERN_TABLE: self = .table
        case WASMTIME_EXTERN_MEMORY: self = .memory
        default: self = .other
        }
    }
}

extension Module {
    /// What the module needs of its host, in its order.
    public var imports: [(module: String, name: String, type: ExternType)] {
        var vector = wasm_importtype_vec_t()
        wasmtime_module_imports(pointer, &vector)
        defer { wasm_importtype_vec_delete(&vector) }
        return UnsafeBufferPointer(start: vector.data, count: vector.size).map { item in
            (
                text(wasm_importtype_module(item).pointee), text(wasm_importtype_name(item).pointee),
                ExternType(wasm_importtype_type(item))
            )
        }
    }

    /// What the module shows, by name.
    public var exports: [String: ExternType] {
        var vector = wasm_exporttype_vec_t()
        wasmtime_module_exports(pointer, &vector)
        defer { wasm_exporttype_vec_delete(&vector) }
        var result: [String: ExternType] = [:]
        for item in UnsafeBufferPointer(start: vector.data, count: vector.size) {
            result[text(wasm_exporttype_name(item).pointee)] = ExternType(wasm_exporttype_type(item))
        }
        return result
    }
}
