internal import CWasmtime

/// A linear memory that the host owns. Its address never changes.
public protocol HostMemory: AnyObject, Sendable {
    var base: UnsafeMutableRawPointer { get }
    var byteCount: Int { get }
    /// Makes the memory `byteCount` long; false where it may not be that long.
    func grow(to byteCount: Int) -> Bool
}

/// Gives a memory to each new instance.
public protocol MemorySource: Sendable {
    /// A memory of `minimum` zero bytes with the reserve and guard of ``EngineSettings``; nil where there is none.
    func makeMemory(minimum: Int) -> (any HostMemory)?
}

private final class SourceBox {
    let source: any MemorySource
    init(_ source: any MemorySource) { self.source = source }
}

private final class MemoryBox {
    let memory: any HostMemory
    init(_ memory: any HostMemory) { self.memory = memory }
}

func memoryCreator(_ source: any MemorySource) -> wasmtime_memory_creator_t {
    wasmtime_memory_creator_t(
        env: Unmanaged.passRetained(SourceBox(source)).toOpaque(),
        new_memory: { environment, _, minimum, _, reserved, guardBytes, result in
            let box = Unmanaged<SourceBox>.fromOpaque(environment!).takeUnretainedValue()
            guard reserved <= EngineSettings.reservedMemoryBytes, guardBytes <= EngineSettings.guardBytes else {
                return wasmtime_error_new("the engine asks for more address space than was agreed")
            }
            guard let memory = box.source.makeMemory(minimum: minimum) else {
                return wasmtime_error_new(
                    "no memory for another instance: each reserves 4 GiB of addresses (`ulimit -v`, vm.overcommit_memory)"
                )
            }
            result!.pointee = wasmtime_linear_memory_t(
                env: Unmanaged.passRetained(MemoryBox(memory)).toOpaque(),
                get_memory: { environment, byteSize, maximumByteSize in
                    let memory = Unmanaged<MemoryBox>.fromOpaque(environment!).takeUnretainedValue().memory
                    byteSize!.pointee = memory.byteCount
                    maximumByteSize!.pointee = EngineSettings.reservedMemoryBytes
                    return memory.base.assumingMemoryBound(to: UInt8.self)
                },
                grow_memory: { environment, newSize in
                    let memory = Unmanaged<MemoryBox>.fromOpaque(environment!).takeUnretainedValue().memory
                    return memory.grow(to: newSize) ? nil : wasmtime_error_new("the memory limit is reached")
                },
                finalizer: { Unmanaged<MemoryBox>.fromOpaque($0!).release() })
            return nil
        },
        finalizer: { Unmanaged<SourceBox>.fromOpaque($0!).release() })
}
