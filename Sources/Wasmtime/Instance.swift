internal import CWasmtime

/// One instance of a module in a store of its own. To be used by one thread at a time.
public struct Instance<State: AnyObject>: ~Copyable {
    private let store: OpaquePointer
    private let instance: wasmtime_instance_t
    private let module: PreparedModule<State>
    private let data: StoreData<State>
    private let options: StoreOptions?

    /// Instantiates a module, which runs its start function; its memory comes from the engine's source.
    public init(_ module: PreparedModule<State>, state: State, _ options: StoreOptions? = nil) throws(WasmtimeError) {
        let data = StoreData(state)
        let address = Unmanaged.passUnretained(data).toOpaque()
        guard let store = wasmtime_store_new(module.module.engine.pointer, address, nil) else {
            throw .failure("no memory for a store")
        }
        options?.apply(to: store)
        var instance = wasmtime_instance_t()
        do throws(WasmtimeError) {
            var trap: OpaquePointer?
            try check(
                wasmtime_instance_pre_instantiate(module.pointer, wasmtime_store_context(store), &instance, &trap))
            try checkTrap(trap, data)
        } catch {
            wasmtime_store_delete(store)
            options?.backtrace.lines = data.backtrace
            if let trap = data.hostTrap { throw .trap(.host, trap.message) }
            throw error
        }
        self.options = options
        self.store = store
        self.instance = instance
        self.module = module
        self.data = data
    }

    deinit { wasmtime_store_delete(store) }

    var context: OpaquePointer { wasmtime_store_context(store)! }

    /// Finds what is exported under a name; nil where it is of another kind.
    func item(_ name: String, _ kind: Int) -> wasmtime_extern_t? {
        var item = wasmtime_extern_t()
        let isThere = wasmtime_instance_export_get(context, [instance], name, name.utf8.count, &item)
        return isThere && Int(item.kind) == kind ? item : nil
    }

    /// Finds an exported function; its type must be known.
    public func function(_ name: String) throws(WasmtimeError) -> ExportedFunction {
        guard let item = item(name, WASMTIME_EXTERN_FUNC) else {
            throw .failure("the module exports no function `\(name)`")
        }
        return ExportedFunction(handle: item.of.func)
    }

    /// Finds an exported function that takes nothing and returns nothing or one 32-bit number; nil where there is none.
    public func plainFunction(_ name: String) -> ExportedFunction? {
        guard let function = try? function(name), let type = functionType(function.handle, context), type.takes(0)
        else {
            return nil
        }
        return function
    }

    /// Finds the exported memory.
    public func memory(_ name: String) throws(WasmtimeError) -> ExportedMemory {
        guard let item = item(name, WASMTIME_EXTERN_MEMORY) else {
            throw .failure("the module exports no memory `\(name)`")
        }
        return ExportedMemory(handle: item.of.memory)
    }

    /// Finds a function of the table that the module exports, which takes nothing and returns nothing or one 32-bit number;
    /// nil where there is none.
    public func tableFunction(_ index: UInt32) -> ExportedFunction? {
        guard let item = item(functionTable, WASMTIME_EXTERN_TABLE),
            let function = Wasmtime.tableFunction(item, index, context),
            let type = functionType(function, context), type.takes(0)
        else { return nil }
        return ExportedFunction(handle: function)
    }

    /// Calls an exported function on this thread and returns its first result, if it has one. Arguments must be as many as it
    /// takes, and all of them 32-bit numbers.
    @discardableResult
    public func call(_ function: ExportedFunction, _ arguments: [UInt32] = []) throws(WasmtimeError) -> Int32 {
        do throws(WasmtimeError) {
            return try callFunction(function.handle, arguments, wasmtime_store_context(store), data)
        } catch {
            options?.backtrace.lines = data.backtrace
            throw error
        }
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
