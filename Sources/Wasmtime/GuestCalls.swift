internal import CWasmtime

/// What a host function may do in the instance that called it. The guest's own functions run on top of it, on its stack:
/// nothing that the host holds of the guest's memory may outlive that.
extension HostArguments {
    /// Calls a function that the guest exports, with 32-bit numbers, and returns its number (0 where it returns none). Nil:
    /// there is no such function with so many parameters.
    public func call(_ name: String, _ arguments: [UInt32]) throws(HostTrap) -> UInt32? {
        var item = wasmtime_extern_t()
        guard wasmtime_caller_export_get(caller, name, name.utf8.count, &item), Int(item.kind) == WASMTIME_EXTERN_FUNC
        else { return nil }
        return try call(item.of.func, arguments)
    }

    /// As ``call(_:_:)``, for a function in the table that the guest exports as `__indirect_function_table`.
    public func call(tableElement index: UInt32, _ arguments: [UInt32]) throws(HostTrap) -> UInt32? {
        var item = wasmtime_extern_t()
        guard wasmtime_caller_export_get(caller, functionTable, functionTable.utf8.count, &item),
            let function = tableFunction(item, index, wasmtime_caller_context(caller))
        else { return nil }
        return try call(function, arguments)
    }

    private func call(_ function: wasmtime_func_t, _ arguments: [UInt32]) throws(HostTrap) -> UInt32? {
        let context = wasmtime_caller_context(caller)!
        let address = wasmtime_context_get_data(context)!
        let notes = Unmanaged<StoreNotes>.fromOpaque(address).takeUnretainedValue()
        guard let type = functionType(function, context), type.takes(arguments.count) else { return nil }
        do throws(WasmtimeError) {
            return UInt32(bitPattern: try callFunction(function, arguments, context, notes))
        } catch {
            switch error {
            case .trap(_, let message), .failure(let message), .unexpectedLibrary(let message): throw HostTrap(message)
            }
        }
    }

    /// Grows the guest's memory by whole 64 KiB pages; returns how many it had. Nil: it may not be so long.
    public func growMemory(byPages pages: Int) -> Int? {
        var item = wasmtime_extern_t()
        guard wasmtime_caller_export_get(caller, "memory", 6, &item), Int(item.kind) == WASMTIME_EXTERN_MEMORY else {
            return nil
        }
        var previous: UInt64 = 0
        let error = wasmtime_memory_grow(
            wasmtime_caller_context(caller), &item.of.memory, UInt64(pages), &previous)
        guard let error else { return Int(previous) }
        wasmtime_error_delete(error)
        return nil
    }
}

extension FunctionType {
    /// Whether it takes so many 32-bit numbers and returns one or nothing.
    func takes(_ count: Int) -> Bool {
        parameters == Array(repeating: .i32, count: count) && (results.isEmpty || results == [.i32])
    }
}

/// What compilers call the table of functions that pointers are indices of.
let functionTable = "__indirect_function_table"

/// An element of a table; nil where there is none, or no function.
func tableFunction(_ item: wasmtime_extern_t, _ index: UInt32, _ context: OpaquePointer) -> wasmtime_func_t? {
    guard Int(item.kind) == WASMTIME_EXTERN_TABLE else { return nil }
    var table = item.of.table
    var value = wasmtime_val_t()
    guard wasmtime_table_get(context, &table, UInt64(index), &value),
        Int(value.kind) == SWIFTLET_WASMTIME_FUNCREF, value.of.funcref.store_id != 0
    else { return nil }
    return value.of.funcref
}

func functionType(_ function: wasmtime_func_t, _ context: OpaquePointer) -> FunctionType? {
    guard let type = withUnsafePointer(to: function, { wasmtime_func_type(context, $0) }) else { return nil }
    defer { wasm_functype_delete(type) }
    return FunctionType(type)
}

/// Calls a function whose parameters are known to be 32-bit numbers; returns its first result, if it has one.
func callFunction(
    _ function: wasmtime_func_t, _ arguments: [UInt32], _ context: OpaquePointer, _ notes: StoreNotes
) throws(WasmtimeError) -> Int32 {
    let result = withUnsafeTemporaryAllocation(of: wasmtime_val_raw_t.self, capacity: max(1, arguments.count)) {
        values -> Result<Int32, WasmtimeError> in
        values[0].i64 = 0
        for (index, argument) in arguments.enumerated() { values[index].i64 = Int64(argument) }
        var trap: OpaquePointer?
        var handle = function
        notes.hostTrap = nil
        let error = wasmtime_func_call_unchecked(context, &handle, values.baseAddress, values.count, &trap)
        do throws(WasmtimeError) {
            try check(error, notes)
            try checkTrap(trap, notes)
            return .success(values[0].i32)
        } catch {
            return .failure(notes.hostTrap.map { .trap(.host, $0.message) } ?? error)
        }
    }
    return try result.get()
}
