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

extension WasmtimeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .failure(let text), .trap(_, let text), .unexpectedLibrary(let text): text
        }
    }
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

/// Throws what a C function returned, and frees it; where it happened, if in a guest, goes into `notes`.
func check(_ error: OpaquePointer?, _ notes: StoreNotes? = nil) throws(WasmtimeError) {
    guard let error else { return }
    defer { wasmtime_error_delete(error) }
    if let notes {
        var frames = wasm_frame_vec_t()
        wasmtime_error_wasm_trace(error, &frames)
        notes.backtrace = backtrace(&frames)
    }
    var message = wasm_byte_vec_t()
    wasmtime_error_message(error, &message)
    throw .failure(takeString(&message))
}

/// Throws the trap that a call returned, and frees it; where it happened goes into `notes`.
func checkTrap(_ trap: OpaquePointer?, _ notes: StoreNotes? = nil) throws(WasmtimeError) {
    guard let trap else { return }
    defer { wasm_trap_delete(trap) }
    if let notes {
        var frames = wasm_frame_vec_t()
        wasm_trap_trace(trap, &frames)
        notes.backtrace = backtrace(&frames)
    }
    var message = wasm_byte_vec_t()
    wasm_trap_message(trap, &message)
    // The library puts a backtrace of addresses first, which says nothing without the module at hand; then numbered causes.
    let cause = takeString(&message).split(separator: "\n").last ?? ""
    let text = cause.drop { $0 == " " || $0 == ":" || $0.isNumber }
    var code: UInt8 = 0
    throw .trap(wasmtime_trap_code(trap, &code) ? TrapCode(raw: code) : .host, String(text))
}

/// How many frames of a back-trace are told.
private let maximumFrames = 24

/// The functions that were under way, innermost first: their names or numbers, and places in the module.
private func backtrace(_ frames: inout wasm_frame_vec_t) -> [String] {
    defer { wasm_frame_vec_delete(&frames) }
    return UnsafeBufferPointer(start: frames.data, count: frames.size).prefix(maximumFrames).map { frame in
        let name = wasmtime_frame_func_name(frame).map { text($0.pointee) }
        return "\(name ?? "function \(wasm_frame_func_index(frame))") at byte \(wasm_frame_module_offset(frame))"
    }
}

/// A text that the library keeps.
func text(_ bytes: wasm_byte_vec_t) -> String {
    String(decoding: UnsafeRawBufferPointer(start: bytes.data, count: bytes.size), as: UTF8.self)
}

private func takeString(_ bytes: inout wasm_byte_vec_t) -> String {
    defer { wasm_byte_vec_delete(&bytes) }
    var result = text(bytes)
    while result.last == "\0" { result.removeLast() }
    return result
}
