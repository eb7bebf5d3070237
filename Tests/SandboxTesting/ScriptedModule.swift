/// A hand-written module that calls what a script in its memory says, with whatever arguments.
///
/// A script is a list of 96-byte records: which function (32 bits), its result (written by the module, 64 bits from
/// byte 8), its arguments (64 bits each from byte 16). A function number of -1 ends it.
enum ScriptedModule {
    static let recordBytes = 96
    static let scriptAddress = 1024
    static let functions = HostFunction.all + HostFunction.own

    static func text(memoryPages: Int) -> String {
        let imports = HostFunction.all.map { function in
            "(import \"\(function.module)\" \"\(function.name)\" (func $\(function.name) \(signature(function))))"
        }
        let thunks = functions.map(thunk)
        let elements = functions.map { "$do_\($0.name)" }.joined(separator: " ")
        return """
            (module
              \(imports.joined(separator: "\n  "))
              (memory (export "memory") \(memoryPages))
              (type $thunk (func (param $p i32)))
              (table \(functions.count) funcref)
              (elem (i32.const 0) \(elements))
              \(own)
              \(thunks.joined(separator: "\n  "))
              (func $run (result i32) (local $p i32)
                (local.set $p (i32.const \(scriptAddress)))
                (loop $next
                  (if (i32.eq (i32.load (local.get $p)) (i32.const -1)) (then (return (i32.const 0))))
                  (call_indirect (type $thunk) (local.get $p) (i32.load (local.get $p)))
                  (local.set $p (i32.add (local.get $p) (i32.const \(recordBytes))))
                  (br $next))
                (i32.const 1))
              (export "swiftlet_boot" (func $run))
              (export "swiftlet_prepare" (func $run))
              (export "swiftlet_call" (func $run)))
            """
    }

    private static func signature(_ function: HostFunction.Signature) -> String {
        let parameters = function.parameters.map { "(param \($0.rawValue))" }.joined()
        return parameters + (function.result.map { "(result \($0.rawValue))" } ?? "")
    }

    private static func thunk(_ function: HostFunction.Signature) -> String {
        let arguments = function.parameters.enumerated().map { index, width in
            "(\(width.rawValue).load offset=\(16 + 8 * index) (local.get $p))"
        }
        let call = "(call $\(function.name) \(arguments.joined(separator: " ")))"
        let body =
            switch function.result {
            case .i32: "(i64.store offset=8 (local.get $p) (i64.extend_i32_s \(call)))"
            case .i64: "(i64.store offset=8 (local.get $p) \(call))"
            case nil: call
            }
        return "(func $do_\(function.name) (type $thunk) (param $p i32) \(body))"
    }

    private static let own = """
        (func $grow (param i32) (result i32) (memory.grow (local.get 0)))
        (func $recurse (param i32) (result i32)
          (if (result i32) (i32.eqz (local.get 0)) (then (i32.const 0))
            (else (i32.add (i32.const 1) (call $recurse (i32.sub (local.get 0) (i32.const 1)))))))
        (func $load (param i32) (result i32) (i32.load (local.get 0)))
        (func $store (param i32 i32) (result i32) (i32.store (local.get 0) (local.get 1)) (i32.const 0))
        (func $trap (result i32) unreachable)
        (func $loop (result i32) (loop (i32.store (i32.const 8) (i32.const 1)) (br 0)) (i32.const 0))
        (func $fill (param i32 i32) (result i32)
          (loop (memory.fill (local.get 0) (i32.const 7) (local.get 1)) (drop (i32.load (i32.const 8))) (br 0)) (i32.const 0))
        (func $copy (param i32 i32 i32) (result i32)
          (loop (memory.copy (local.get 0) (local.get 1) (local.get 2)) (drop (i32.load (i32.const 8))) (br 0)) (i32.const 0))
        (func $count (param $needle i64) (result i32) (local $at i32) (local $end i32) (local $found i32)
          (local.set $end (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 8)))
          (loop $next
            (if (i64.eq (i64.load (local.get $at)) (local.get $needle))
              (then (local.set $found (i32.add (local.get $found) (i32.const 1)))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br_if $next (i32.le_u (local.get $at) (local.get $end))))
          (local.get $found))
        """
}
