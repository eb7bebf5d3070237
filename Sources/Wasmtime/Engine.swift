internal import CLinux
internal import CWasmtime

/// The settings that decide how modules are compiled. A module runs only in an engine of the same settings.
public struct EngineSettings: Sendable {
    /// The stack that guest code may use on a host thread; the thread's own stack must be larger.
    public var maximumGuestStackBytes: Int
    /// Where the memories of instances come from.
    public var memory: any MemorySource
    /// Compile on all cores.
    public var parallelCompilation: Bool

    /// For modules that users wrote: loops and functions look whether they are to end (see ``Engine/lookAtRuns()``), because
    /// what touches no memory is not ended by taking that away; one memory of 32-bit addresses, no threads, no collector.
    public var runsForeignModules: Bool

    public init(
        maximumGuestStackBytes: Int = 4 << 20, memory: any MemorySource, parallelCompilation: Bool = true,
        runsForeignModules: Bool = false
    ) {
        self.maximumGuestStackBytes = maximumGuestStackBytes
        self.memory = memory
        self.parallelCompilation = parallelCompilation
        self.runsForeignModules = runsForeignModules
    }

    /// Address space that each memory keeps free, so that compiled code needs no bounds checks.
    public static let reservedMemoryBytes = 4 << 30
    /// Address space behind it that must trap.
    public static let guardBytes = 32 << 20
}

/// Compiles modules and runs them: what all stores share.
public final class Engine: Sendable {
    // SAFETY: wasm_engine_t may be used from any thread (its documentation says so); it is freed once, here.
    nonisolated(unsafe) let pointer: OpaquePointer

    /// Makes an engine. Without ``EngineSettings/runsForeignModules``, calls are ended by taking their memory away.
    public init(_ settings: EngineSettings) throws(WasmtimeError) {
        linux_catch_faults()
        guard let config = wasm_config_new() else { throw .failure("no memory for a configuration") }
        wasmtime_config_cranelift_opt_level_set(config, UInt8(SWIFTLET_WASMTIME_OPT_SPEED))
        wasmtime_config_max_wasm_stack_set(config, settings.maximumGuestStackBytes)
        // Unused, but it must be larger than the guest's stack or the engine aborts the process.
        wasmtime_config_async_stack_size_set(config, settings.maximumGuestStackBytes + (2 << 20))
        wasmtime_config_memory_reservation_set(config, UInt64(EngineSettings.reservedMemoryBytes))
        wasmtime_config_memory_guard_size_set(config, UInt64(EngineSettings.guardBytes))
        wasmtime_config_memory_may_move_set(config, false)
        wasmtime_config_memory_init_cow_set(config, false)  // the library aborts when it meets a host's own memory
        wasmtime_config_native_unwind_info_set(config, false)
        wasmtime_config_parallel_compilation_set(config, settings.parallelCompilation)
        wasmtime_config_wasm_exceptions_set(config, true)
        if settings.runsForeignModules {
            wasmtime_config_epoch_interruption_set(config, true)
            wasmtime_config_wasm_gc_set(config, false)
            wasmtime_config_wasm_memory64_set(config, false)
            wasmtime_config_wasm_multi_memory_set(config, false)
            wasmtime_config_wasm_threads_set(config, false)
        }
        var creator = memoryCreator(settings.memory)
        wasmtime_config_host_memory_creator_set(config, &creator)
        guard let pointer = wasm_engine_new_with_config(config) else {
            throw .failure("the engine refused its settings")
        }
        self.pointer = pointer
    }

    deinit { wasm_engine_delete(pointer) }

    /// Has each run of foreign modules ask soon whether it is to end; see ``StoreOptions/shouldEnd``.
    public func lookAtRuns() { wasmtime_engine_increment_epoch(pointer) }

    /// Assembles a module from its text form; what tests are written in.
    public static func assemble(_ text: String) throws(WasmtimeError) -> [UInt8] {
        var text = text
        var result = wasm_byte_vec_t()
        try check(
            text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { wasmtime_wat2wasm($0.baseAddress, $0.count, &result) }
            })
        defer { wasm_byte_vec_delete(&result) }
        return Array(UnsafeRawBufferPointer(start: result.data, count: result.size))
    }
}
