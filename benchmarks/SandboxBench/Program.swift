import Model
import Sandbox

/// A raw WebAssembly function that does nothing.
enum NoOperation {
    /// `(module (memory (export "memory") 1) (func (export "_start")))`, as a binary.
    static let module: [UInt8] =
        [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0] + [1, 4, 1, 0x60, 0, 0] + [3, 2, 1, 0] + [5, 3, 1, 0, 1]
        + [7, 19, 2, 6] + Array("memory".utf8) + [2, 0, 6] + Array("_start".utf8) + [0, 0] + [10, 4, 1, 2, 0, 0x0B]
}
