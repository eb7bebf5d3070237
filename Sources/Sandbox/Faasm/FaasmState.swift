internal import Model
internal import Wasmtime

extension FaasmFunctions {
    // MARK: Values

    static func defineState(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(linker, "__faasm_read_state", 3) { session, arguments throws(HostTrap) in
            let key = try session.text(arguments.u32(0))
            let length = Int(arguments.u32(2))
            guard length > 0 else { return UInt32(clamping: try session.stateSize(key)) }
            // The value may be shorter than what the guest says that its buffer is, which then need not all be there.
            let room = min(length, max(0, session.memory.byteCount - Int(arguments.u32(1))))
            let (size, count) = try session.readState(key, 0..<room, to: arguments.u32(1))
            if count < min(size, length) { try session.check(arguments.u32(1), min(size, length)) }
            return UInt32(clamping: size)
        }
        try action(linker, "__faasm_read_state_offset", 5) { session, arguments throws(HostTrap) in
            let key = try session.text(arguments.u32(0))
            let (offset, length) = (Int(arguments.u32(2)), Int(arguments.u32(4)))
            guard length > 0 else { return }
            let count = try session.readState(key, offset..<offset + length, to: arguments.u32(3)).count
            try session.clear(arguments.u32(3) + UInt32(count), length - count)
        }
        try action(linker, "__faasm_write_state", 3) { session, arguments throws(HostTrap) in
            let key = try session.text(arguments.u32(0))
            try session.writeState(key, arguments.u32(1), arguments.u32(2))
            try session.updateView(key, at: 0, arguments.u32(1), arguments.u32(2))
        }
        try action(linker, "__faasm_write_state_offset", 5) { session, arguments throws(HostTrap) in
            let key = try session.text(arguments.u32(0))
            let (total, offset) = (Int(arguments.u32(1)), Int(arguments.u32(2)))
            let length = arguments.u32(4)
            try session.writeState(key, total: total, at: offset, arguments.u32(3), Int(length))
            try session.updateView(key, at: offset, arguments.u32(3), length)
        }
        try function(linker, "__faasm_write_state_from_file", 2) { session, arguments throws(HostTrap) in
            let (key, path) = (try session.text(arguments.u32(0)), try session.text(arguments.u32(1)))
            let value: [UInt8]
            switch try session.withFiles({ () throws(Errno) in try session.files.contents(of: path) }) {
            case .success(let bytes): value = bytes
            case .failure(let error): throw HostTrap("the file \(path) cannot be read (\(error))")
            }
            // By way of the guest's memory, like every other value: what it holds is what its limit counts.
            let address = try session.newPages(value.count, arguments)
            try session.put(value, at: address)
            try session.writeState(key, address, UInt32(value.count))
            try session.updateView(key, at: 0, address, UInt32(value.count))
            return UInt32(value.count)
        }
        try defineLog(linker)
        try defineLocks(linker)
    }

    private static func defineLog(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try action(linker, "__faasm_append_state", 3) { session, arguments throws(HostTrap) in
            let key = Array(try session.text(arguments.u32(0)).utf8)
            let value = try session.bytes(arguments.u32(1), arguments.u32(2), atMost: session.limits.inputBytes)
            try session.request(.stateAppend, key, value)
        }
        try action(linker, "__faasm_read_appended_state", 4) { session, arguments throws(HostTrap) in
            let key = Array(try session.text(arguments.u32(0)).utf8)
            let count = HostFields.bytes(UInt64(arguments.u32(3)))
            let entries = try session.request(.stateReadAppended, key, count)
            try session.put(entries.joined().prefix(Int(arguments.u32(2))).map { $0 }, at: arguments.u32(1))
        }
        try action(linker, "__faasm_clear_appended_state", 1) { session, arguments throws(HostTrap) in
            try session.request(.stateClearAppended, Array(try session.text(arguments.u32(0)).utf8))
        }
    }

    private static func defineLocks(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        for (name, kind) in [("read", 0), ("write", 1)] as [(String, UInt8)] {
            try action(linker, "__faasm_lock_state_\(name)", 1) { session, arguments throws(HostTrap) in
                try session.request(.stateLock, Array(try session.text(arguments.u32(0)).utf8), [kind])
            }
            try action(linker, "__faasm_unlock_state_\(name)", 1) { session, arguments throws(HostTrap) in
                try session.request(.stateUnlock, Array(try session.text(arguments.u32(0)).utf8), [kind])
            }
        }
        // A call has one thread.
        for (name, parameters) in [
            ("__faasm_sm_critical_local", 0), ("__faasm_sm_critical_local_end", 0), ("__faasm_sm_reduce", 4),
            ("__faasm_sm_array", 3), ("__faasm_sm_raw", 2), ("__faasm_sm_var", 2),
        ] {
            try action(linker, name, parameters) { _, _ throws(HostTrap) in }
        }
    }

    // MARK: Pointers to values

    static func defineStateViews(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(linker, "__faasm_read_state_ptr", 2) { session, arguments throws(HostTrap) in
            let key = try session.text(arguments.u32(0))
            let total = Int(arguments.u32(1))
            return try session.viewState(key, total: total, 0..<total, arguments)
        }
        try function(linker, "__faasm_read_state_offset_ptr", 4) { session, arguments throws(HostTrap) in
            let key = try session.text(arguments.u32(0))
            let (total, offset, length) = (Int(arguments.u32(1)), Int(arguments.u32(2)), Int(arguments.u32(3)))
            let start = try session.viewState(key, total: total, offset..<offset + length, arguments)
            return start + UInt32(offset)
        }
        try action(linker, "__faasm_flag_state_dirty", 2) { session, arguments throws(HostTrap) in
            try session.flagDirty(try session.text(arguments.u32(0)), 0..<Int(arguments.u32(1)))
        }
        try action(linker, "__faasm_flag_state_offset_dirty", 4) { session, arguments throws(HostTrap) in
            let (offset, length) = (Int(arguments.u32(2)), Int(arguments.u32(3)))
            try session.flagDirty(try session.text(arguments.u32(0)), offset..<offset + length)
        }
        for name in ["__faasm_push_state", "__faasm_push_state_partial"] {
            try action(linker, name, 1) { session, arguments throws(HostTrap) in
                let key = try session.text(arguments.u32(0))
                try session.flushView(key)
                try session.request(.statePush, Array(key.utf8))
            }
        }
        try action(linker, "__faasm_push_state_partial_mask", 2) { session, arguments throws(HostTrap) in
            let (key, maskKey) = (try session.text(arguments.u32(0)), try session.text(arguments.u32(1)))
            try session.flushView(key, mask: try mask(session, maskKey, arguments))
            try session.request(.statePush, Array(key.utf8))
        }
        try action(linker, "__faasm_pull_state", 2) { session, arguments throws(HostTrap) in
            let key = try session.text(arguments.u32(0))
            try session.request(.statePull, Array(key.utf8))
            try session.refreshView(key)
        }
    }

    /// A mask as the guest sees it: through its pointer where it has one.
    private static func mask(
        _ session: Session, _ key: String, _ arguments: borrowing HostArguments
    ) throws(HostTrap) -> StateMask {
        if let view = try session.program.orTrap().views.views[key] {
            return StateMask(address: view.address, count: view.total)
        }
        let size = try session.stateSize(key)
        return StateMask(address: try session.viewState(key, total: size, 0..<size, arguments), count: size)
    }
}
