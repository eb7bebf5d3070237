internal import CWasmtime

/// A compiled module.
public final class Module: Sendable {
    // SAFETY: wasmtime_module_t is reference-counted and may be used from any thread; it is freed once, here.
    nonisolated(unsafe) let pointer: OpaquePointer
    let engine: Engine

    private init(_ pointer: OpaquePointer?, _ engine: Engine) throws(WasmtimeError) {
        guard let pointer else { throw .failure("no module was returned") }
        self.pointer = pointer
        self.engine = engine
    }

    /// Compiles a binary module, which takes seconds for a large one.
    public convenience init(compiling bytes: [UInt8], in engine: Engine) throws(WasmtimeError) {
        var pointer: OpaquePointer?
        try check(wasmtime_module_new(engine.pointer, bytes, bytes.count, &pointer))
        try self.init(pointer, engine)
    }

    /// Maps code that ``withCompiledCode(_:)`` gave out and this program stored where nobody else can write: it is trusted.
    public convenience init(compiledCodeAt path: String, in engine: Engine) throws(WasmtimeError) {
        var pointer: OpaquePointer?
        try check(wasmtime_module_deserialize_file(engine.pointer, path, &pointer))
        try self.init(pointer, engine)
    }

    /// As ``init(compiledCodeAt:in:)``, from a copy in memory. The library refuses what another version of it or an engine of
    /// other settings compiled, or what is for other processors.
    public convenience init(compiledCode bytes: UnsafeRawBufferPointer, in engine: Engine) throws(WasmtimeError) {
        var pointer: OpaquePointer?
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        try check(wasmtime_module_deserialize(engine.pointer, start, bytes.count, &pointer))
        try self.init(pointer, engine)
    }

    deinit { wasmtime_module_delete(pointer) }

    /// Gives the compiled code to `body`, to be stored.
    public func withCompiledCode<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        var code = wasm_byte_vec_t()
        try check(wasmtime_module_serialize(pointer, &code))
        defer { wasm_byte_vec_delete(&code) }
        return try body(UnsafeRawBufferPointer(start: code.data, count: code.size))
    }
}
