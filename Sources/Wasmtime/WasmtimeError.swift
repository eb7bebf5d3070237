internal import CWasmtime

/// What libwasmtime refused or what ended a call.
public enum WasmtimeError: Error, Sendable, Equatable {
    /// The library's own words.
    case failure(String)
    /// The guest trapped.
    case trap(TrapCode, String)
    /// The library at hand is not the one that this program was written for.
    case unexpectedLibrary(String)
}

/// Why a guest trapped, as far as it matters to a host.
public enum TrapCode: Sendable, Equatable {
    case stackOverflow, memoryOutOfBounds, unreachable, badSignature, uncaughtException
    /// A host function ended the call.
    case host
    case other(UInt8)

    init(raw: UInt8) {
        self =
            switch raw {
            case 0: .stackOverflow
            case 1: .memoryOutOfBounds
            case 5: .badSignature
            case 9: .unreachable
            case 49: .uncaughtException
            default: .other(raw)
            }
    }
}

/// Throws what a C function returned, and frees it.
func check(_ error: OpaquePointer?) throws(WasmtimeError) {
    guard let error else { return }
    defer { wasmtime_error_delete(error) }
    var message = wasm_byte_vec_t()
    wasmtime_error_message(error, &message)
    throw .failure(takeString(&message))
}

/// Throws the trap that a call returned, and frees it.
func checkTrap(_ trap: OpaquePointer?) throws(WasmtimeError) {
    guard let trap else { return }
    defer { wasm_trap_delete(trap) }
    var message = wasm_byte_vec_t()
    wasm_trap_message(trap, &message)
    // The library puts a backtrace of addresses first, which says nothing without the module at hand; then numbered causes.
    let cause = takeString(&message).split(separator: "\n").last ?? ""
    let text = cause.drop { $0 == " " || $0 == ":" || $0.isNumber }
    var code: UInt8 = 0
    throw .trap(wasmtime_trap_code(trap, &code) ? TrapCode(raw: code) : .host, String(text))
}

private func takeString(_ bytes: inout wasm_byte_vec_t) -> String {
    defer { wasm_byte_vec_delete(&bytes) }
    var text = String(decoding: UnsafeRawBufferPointer(start: bytes.data, count: bytes.size), as: UTF8.self)
    while text.last == "\0" { text.removeLast() }
    return text
}
