internal import CWasmtime

/// Finds out which functions are under way where a host function was called. The library tells that of traps only: so a module
/// of our own traps on top of them.
public final class StackProbe<State: AnyObject>: Sendable {
    private static var entry: String { "here" }

    private let module: PreparedModule<State>

    public init(_ linker: Linker<State>) throws(WasmtimeError) {
        let bytes = try Engine.assemble("(module (func (export \"\(Self.entry)\") unreachable))")
        module = try linker.prepare(Module(compiling: bytes, in: linker.engine))
    }

    /// The functions that are under way, innermost first; empty where that cannot be found out.
    public func frames(under arguments: borrowing HostArguments) -> [String] {
        let context = wasmtime_caller_context(arguments.caller)!
        let notes = StoreNotes()
        var instance = wasmtime_instance_t()
        var item = wasmtime_extern_t()
        var trap: OpaquePointer?
        do throws(WasmtimeError) {
            try check(wasmtime_instance_pre_instantiate(module.pointer, context, &instance, &trap))
            try checkTrap(trap)
            guard wasmtime_instance_export_get(context, &instance, Self.entry, Self.entry.utf8.count, &item) else {
                return []
            }
            _ = try callFunction(item.of.func, [], context, notes)
            return []
        } catch {
            // The first one is the probe's own.
            return Array(notes.backtrace.dropFirst())
        }
    }
}
