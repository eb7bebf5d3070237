internal import CWasmtime

/// The value of a variable of a module: a number or a vector.
public struct GlobalValue: Sendable {
    /// As the library numbers kinds of values.
    public let kind: UInt8
    public let bits: (UInt64, UInt64)

    /// Nil where it is of another kind.
    public init?(kind: some BinaryInteger, bits: (UInt64, UInt64)) {
        guard kind >= 0, kind <= SWIFTLET_WASMTIME_V128 else { return nil }
        self.kind = UInt8(kind)
        self.bits = bits
    }
}

extension Instance {
    /// What an exported variable holds; nil where there is none, or it is a reference.
    public func global(_ name: String) -> GlobalValue? {
        guard var global = item(name, WASMTIME_EXTERN_GLOBAL)?.of.global else { return nil }
        var value = wasmtime_val_t()
        wasmtime_global_get(context, &global, &value)
        return GlobalValue(kind: value.kind, bits: (value.of.other.0, value.of.other.1))
    }

    /// Sets an exported variable, which must be of the value's kind and changeable.
    public func setGlobal(_ name: String, to new: GlobalValue) throws(WasmtimeError) {
        guard var global = item(name, WASMTIME_EXTERN_GLOBAL)?.of.global else {
            throw .failure("the module exports no variable `\(name)`")
        }
        var value = wasmtime_val_t()
        value.kind = new.kind
        (value.of.other.0, value.of.other.1) = new.bits
        try check(wasmtime_global_set(context, &global, &value))
    }

    /// Numbers that are the same again as long as an exported table of functions is; nil where it is none.
    public func elements(ofTable name: String) -> [UInt64]? {
        guard var table = item(name, WASMTIME_EXTERN_TABLE)?.of.table else { return nil }
        var elements: [UInt64] = []
        for index in 0..<wasmtime_table_size(context, &table) {
            var value = wasmtime_val_t()
            guard wasmtime_table_get(context, &table, index, &value), Int(value.kind) == SWIFTLET_WASMTIME_FUNCREF
            else { return nil }
            let function = value.of.funcref
            elements.append(function.store_id == 0 ? 0 : UInt64(UInt(bitPattern: function.private_1)))
        }
        return elements
    }
}
