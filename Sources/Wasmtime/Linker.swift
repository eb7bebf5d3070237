internal import CWasmtime

/// The type of a value that functions take and return.
public enum ValueType: Sendable, CaseIterable {
    case i32, i64, f32, f64

    var raw: UInt8 {
        switch self {
        case .i32: UInt8(SWIFTLET_WASM_I32)
        case .i64: UInt8(SWIFTLET_WASM_I64)
        case .f32: UInt8(SWIFTLET_WASM_F32)
        case .f64: UInt8(SWIFTLET_WASM_F64)
        }
    }
}

/// Ends the call that a host function serves.
public struct HostTrap: Error, Sendable {
    public let message: String
    public init(_ message: String) { self.message = message }
}

/// The arguments of a host function, and where its result goes. Reading one as another type than declared reads its bits.
public struct HostArguments: ~Copyable {
    let values: UnsafeMutablePointer<wasmtime_val_raw_t>
    /// Whose call it is, for as long as it lasts.
    let caller: OpaquePointer

    /// Argument `index` as an unsigned 32-bit number: an address, a length, a handle.
    public func u32(_ index: Int) -> UInt32 { UInt32(bitPattern: values[index].i32) }
    public func u64(_ index: Int) -> UInt64 { UInt64(bitPattern: values[index].i64) }
    public func i64(_ index: Int) -> Int64 { values[index].i64 }

    public func returns(i32 value: Int32) { values[0].i64 = Int64(UInt32(bitPattern: value)) }
    public func returns(i64 value: Int64) { values[0].i64 = value }
}

/// The functions that a module may import. `State` is what each store carries for them.
public final class Linker<State: AnyObject>: Sendable {
    public typealias Body = @Sendable (State, borrowing HostArguments) throws(HostTrap) -> Void

    // SAFETY: defined once by its maker before it is shared; instantiating from it afterwards only reads.
    nonisolated(unsafe) private let pointer: OpaquePointer
    // SAFETY: as above.
    nonisolated(unsafe) private var defined: [String: FunctionType] = [:]

    /// The types of all that is defined, by module and name with a space between.
    public var definitions: [String: FunctionType] { defined }
    let engine: Engine

    public init(_ engine: Engine) throws(WasmtimeError) {
        guard let pointer = wasmtime_linker_new(engine.pointer) else { throw .failure("no memory for a linker") }
        self.pointer = pointer
        self.engine = engine
    }

    deinit { wasmtime_linker_delete(pointer) }

    /// Defines what `module` `name` is when imported. `body` runs on the thread of the guest.
    public func define(
        _ module: String, _ name: String, _ parameters: [ValueType], _ results: [ValueType], _ body: @escaping Body
    ) throws(WasmtimeError) {
        var parameterTypes = Self.vector(parameters)
        var resultTypes = Self.vector(results)
        guard let type = wasm_functype_new(&parameterTypes, &resultTypes) else {
            throw .failure("no memory for a type")
        }
        defer { wasm_functype_delete(type) }
        let box = Unmanaged.passRetained(
            FunctionBox { caller, values in
                let address = wasmtime_context_get_data(wasmtime_caller_context(caller))!
                let data = Unmanaged<StoreData<State>>.fromOpaque(address).takeUnretainedValue()
                do throws(HostTrap) {
                    try body(data.state, HostArguments(values: values, caller: caller))
                    return nil
                } catch {
                    data.hostTrap = error
                    var message = error.message
                    return message.withUTF8 { bytes in
                        bytes.withMemoryRebound(to: CChar.self) { wasmtime_trap_new($0.baseAddress, $0.count) }
                    }
                }
            })
        try check(
            wasmtime_linker_define_func_unchecked(
                pointer, module, module.utf8.count, name, name.utf8.count, type,
                { environment, caller, values, _ in
                    let box = Unmanaged<FunctionBox>.fromOpaque(environment!).takeUnretainedValue()
                    return box.run(caller!, values!)
                },
                box.toOpaque(), { Unmanaged<FunctionBox>.fromOpaque($0!).release() }))
        defined["\(module) \(name)"] = FunctionType(parameters: parameters, results: results)
    }

    /// Whether what is defined under this name is a function of this type. Nil: nothing is.
    public func defines(_ module: String, _ name: String, as type: FunctionType?) -> Bool? {
        defined["\(module) \(name)"].map { $0 == type }
    }

    /// As ``prepare(_:)``, where functions that nobody defined trap when they are called, and the trap names them.
    public func prepareWithUnknownFunctions(_ module: Module) throws(WasmtimeError) -> PreparedModule<State> {
        guard let copy = wasmtime_linker_clone(pointer) else { throw .failure("no memory for a linker") }
        defer { wasmtime_linker_delete(copy) }
        try check(wasmtime_linker_define_unknown_imports_as_traps(copy, module.pointer))
        return try prepare(module, from: copy)
    }

    /// Resolves a module's imports once, so that each instantiation need not.
    public func prepare(_ module: Module) throws(WasmtimeError) -> PreparedModule<State> {
        try prepare(module, from: pointer)
    }

    private func prepare(_ module: Module, from pointer: OpaquePointer) throws(WasmtimeError) -> PreparedModule<State> {
        var prepared: OpaquePointer?
        try check(wasmtime_linker_instantiate_pre(pointer, module.pointer, &prepared))
        guard let prepared else { throw .failure("no prepared module was returned") }
        return PreparedModule(prepared, module, self)
    }

    private static func vector(_ types: [ValueType]) -> wasm_valtype_vec_t {
        var vector = wasm_valtype_vec_t()
        let pointers: [OpaquePointer?] = types.map { wasm_valtype_new($0.raw) }
        pointers.withUnsafeBufferPointer { wasm_valtype_vec_new(&vector, $0.count, $0.baseAddress) }
        return vector
    }
}

/// How a run in a store ended. The library tells of a host's trap only in words of its own: so it is kept here.
class StoreNotes {
    var hostTrap: HostTrap?
    var backtrace: [String] = []
}

/// What a store carries for its host functions.
final class StoreData<State: AnyObject>: StoreNotes {
    let state: State

    init(_ state: State) { self.state = state }
}

private final class FunctionBox {
    typealias Run = (_ caller: OpaquePointer, UnsafeMutablePointer<wasmtime_val_raw_t>) -> OpaquePointer?
    let run: Run

    init(_ run: @escaping Run) { self.run = run }
}

/// A module whose imports are resolved.
public final class PreparedModule<State: AnyObject>: Sendable {
    // SAFETY: immutable after it was made; instantiating from it only reads; freed once, here.
    nonisolated(unsafe) let pointer: OpaquePointer
    let module: Module
    private let linker: Linker<State>

    init(_ pointer: OpaquePointer, _ module: Module, _ linker: Linker<State>) {
        self.pointer = pointer
        self.module = module
        self.linker = linker
    }

    deinit { wasmtime_instance_pre_delete(pointer) }
}
