internal import CWasmtime

/// One instance of a module in a store of its own. To be used by one thread at a time.
public struct Instance<State: AnyObject>: ~Copyable {
    private let store: OpaquePointer
    private let instance: wasmtime_instance_t
    private let module: PreparedModule<State>
    private let data: StoreData<State>

    /// Instantiates a module; its memory comes from the engine's source.
    public init(_ module: PreparedModule<State>, state: State) throws(WasmtimeError) {
        let data = StoreData(state)
        let address = Unmanaged.passUnretained(data).toOpaque()
        guard let store = wasmtime_store_new(module.module.engine.pointer, address, nil) else {
            throw .failure("no memory for a store")
        }
        var instance = wasmtime_instance_t()
        do throws(WasmtimeError) {
            var trap: OpaquePointer?
            try check(
                wasmtime_instance_pre_instantiate(module.pointer, wasmtime_store_context(store), &instance, &trap))
            try checkTrap(trap)
        } catch {
            wasmtime_store_delete(store)
            throw error
        }
        self.store = store
        self.instance = instance
        self.module = module
        self.data = data
    }

    deinit { wasmtime_store_delete(store) }

    /// Finds an exported function that takes nothing and returns nothing or one 32-bit number.
    public func function(_ name: String) throws(WasmtimeError) -> ExportedFunction {
        var item = wasmtime_extern_t()
        guard wasmtime_instance_export_get(wasmtime_store_context(store), [instance], name, name.utf8.count, &item),
            item.kind == WASMTIME_EXTERN_FUNC
        else { throw .failure("the module exports no function `\(name)`") }
        return ExportedFunction(handle: item.of.func)
    }

    /// Finds the exported memory.
    public func memory(_ name: String) throws(WasmtimeError) -> ExportedMemory {
        var item = wasmtime_extern_t()
        guard wasmtime_instance_export_get(wasmtime_store_context(store), [instance], name, name.utf8.count, &item),
            item.kind == WASMTIME_EXTERN_MEMORY
        else { throw .failure("the module exports no memory `\(name)`") }
        return ExportedMemory(handle: item.of.memory)
    }

    /// Calls an exported function on this thread and returns its first result, if it has one.
    @discardableResult
    public func call(_ function: ExportedFunction) throws(WasmtimeError) -> Int32 {
        var value = wasmtime_val_raw_t()
        var trap: OpaquePointer?
        var handle = function.handle
        data.hostTrap = nil
        let error = wasmtime_func_call_unchecked(wasmtime_store_context(store), &handle, &value, 1, &trap)
        do throws(WasmtimeError) {
            try check(error)
            try checkTrap(trap)
        } catch {
            if let trap = data.hostTrap { throw .trap(.host, trap.message) }
            throw error
        }
        return value.i32
    }

    /// Grows a memory by whole 64 KiB pages, as the guest's own `memory.grow` would.
    public func grow(_ memory: ExportedMemory, byPages pages: Int) throws(WasmtimeError) {
        var handle = memory.handle
        var previous: UInt64 = 0
        try check(wasmtime_memory_grow(wasmtime_store_context(store), &handle, UInt64(pages), &previous))
    }
}

/// A function of one instance.
public struct ExportedFunction {
    let handle: wasmtime_func_t
}

/// A memory of one instance.
public struct ExportedMemory {
    let handle: wasmtime_memory_t
}
