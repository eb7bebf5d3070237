internal import Wasmtime

/// The functions of module `env` that Faasm gives to raw WebAssembly functions, over a ``Session``.
///
/// What a module imports beyond them traps by its name when it is called.
enum FaasmFunctions {
    static let module = "env"

    static func define(in linker: Linker<SlotState>) throws(WasmtimeError) {
        try defineInputAndOutput(linker)
        try defineChaining(linker)
        try defineState(linker)
        try defineStateViews(linker)
        try defineMemory(linker)
        try defineFiles(linker)
        try defineIdentity(linker)
        try defineThreads(linker)
    }

    typealias Body = @Sendable (Session, borrowing HostArguments) throws(HostTrap) -> Void
    typealias Number = @Sendable (Session, borrowing HostArguments) throws(HostTrap) -> UInt32

    /// Defines a function of so many 32-bit numbers that returns nothing.
    static func action(
        _ linker: Linker<SlotState>, _ name: String, _ parameters: Int, _ body: @escaping Body
    ) throws(WasmtimeError) {
        try linker.define(module, name, Array(repeating: .i32, count: parameters), []) {
            state, arguments throws(HostTrap) in try body(try state.session(), arguments)
        }
    }

    /// Defines a function of 32-bit numbers that returns one.
    static func function(
        _ linker: Linker<SlotState>, _ name: String, _ parameters: Int, _ body: @escaping Number
    ) throws(WasmtimeError) {
        try linker.define(module, name, Array(repeating: .i32, count: parameters), [.i32]) {
            state, arguments throws(HostTrap) in
            arguments.returns(i32: Int32(bitPattern: try body(try state.session(), arguments)))
        }
    }
}
