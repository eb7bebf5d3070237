internal import Wasmtime

extension WasiFunctions {
    /// What is done by path. All paths are below the root that the guest sees.
    static func definePaths(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(
            linker, "path_open", [.i32, .i32, .i32, .i32, .i32, .i64, .i64, .i32, .i32]
        ) { session, view, arguments throws(WasiFailure) in
            let path = try view.text(arguments.u32(2), arguments.u32(3))
            let (below, flags, rights) = (arguments.u32(0), arguments.u32(4), arguments.u64(5))
            let follows = arguments.u32(1) & OpenFlags.follow != 0
            let appends = UInt16(truncatingIfNeeded: arguments.u32(7)) & OpenFlags.append != 0
            // A directory is asked for with every right; only what is to be a file can be opened to be written.
            let mayWrite = rights & OpenFlags.rightToWrite != 0 && flags & OpenFlags.directory == 0
            let descriptor = try wasi { () throws(Errno) in
                try session.files.open(
                    path, below: below, flags: flags, mayWrite: mayWrite, appends: appends, follows: follows)
            }
            try view.put(descriptor, arguments.u32(8))
        }
        try function(
            linker, "path_filestat_get", [.i32, .i32, .i32, .i32, .i32]
        ) { session, view, arguments throws(WasiFailure) in
            let path = try view.text(arguments.u32(2), arguments.u32(3))
            let (below, follows) = (arguments.u32(0), arguments.u32(1) & OpenFlags.follow != 0)
            let status = try wasi { () throws(Errno) in
                session.files.status(of: try session.files.place(path, below: below, follows: follows))
            }
            do throws(HostTrap) { try status.store(view, arguments.u32(4)) } catch { throw .trap(error) }
        }
        try function(
            linker, "path_filestat_set_times", [.i32, .i32, .i32, .i32, .i64, .i64, .i32]
        ) { session, view, arguments throws(WasiFailure) in
            let path = try view.text(arguments.u32(2), arguments.u32(3))
            let (below, follows) = (arguments.u32(0), arguments.u32(1) & OpenFlags.follow != 0)
            let (modified, flags) = (arguments.u64(5), arguments.u32(6))
            try wasi { () throws(Errno) in
                let place = try session.files.place(path, below: below, follows: follows)
                try session.files.setTimes(of: place, flags, modified: modified)
            }
        }
        try function(linker, "path_create_directory", [.i32, .i32, .i32]) {
            session, view, arguments throws(WasiFailure) in
            let path = try view.text(arguments.u32(1), arguments.u32(2))
            let below = arguments.u32(0)
            try wasi { () throws(Errno) in try session.files.makeDirectory(path, below: below) }
        }
        for (name, directory) in [("path_unlink_file", false), ("path_remove_directory", true)] {
            try function(linker, name, [.i32, .i32, .i32]) { session, view, arguments throws(WasiFailure) in
                let path = try view.text(arguments.u32(1), arguments.u32(2))
                let below = arguments.u32(0)
                try wasi { () throws(Errno) in try session.files.remove(path, below: below, directory: directory) }
            }
        }
        try function(
            linker, "path_rename", [.i32, .i32, .i32, .i32, .i32, .i32]
        ) { session, view, arguments throws(WasiFailure) in
            let path = try view.text(arguments.u32(1), arguments.u32(2))
            let newPath = try view.text(arguments.u32(4), arguments.u32(5))
            let (below, newBelow) = (arguments.u32(0), arguments.u32(3))
            try wasi { () throws(Errno) in try session.files.rename(path, below: below, to: newPath, below: newBelow) }
        }
        try defineLinks(linker)
    }

    private static func defineLinks(_ linker: Linker<SlotState>) throws(WasmtimeError) {
        try function(
            linker, "path_readlink", [.i32, .i32, .i32, .i32, .i32, .i32]
        ) { session, view, arguments throws(WasiFailure) in
            let path = try view.text(arguments.u32(1), arguments.u32(2))
            let below = arguments.u32(0)
            let target = try wasi { () throws(Errno) in try session.files.target(of: path, below: below) }
            let kept = target.prefix(Int(arguments.u32(4)))
            try view.range(arguments.u32(3), UInt32(kept.count)).copyBytes(from: kept)
            try view.put(UInt32(kept.count), arguments.u32(5))
        }
        try function(linker, "path_symlink", [.i32, .i32, .i32, .i32, .i32]) {
            session, view, arguments throws(WasiFailure) in
            let target = try view.text(arguments.u32(0), arguments.u32(1))
            let path = try view.text(arguments.u32(3), arguments.u32(4))
            let below = arguments.u32(2)
            try wasi { () throws(Errno) in try session.files.makeLink(to: target, at: path, below: below) }
        }
        try function(
            linker, "path_link", [.i32, .i32, .i32, .i32, .i32, .i32, .i32]
        ) { session, view, arguments throws(WasiFailure) in
            let (path, newPath) = (
                try view.text(arguments.u32(2), arguments.u32(3)), try view.text(arguments.u32(5), arguments.u32(6))
            )
            let (below, newBelow) = (arguments.u32(0), arguments.u32(4))
            let follows = arguments.u32(1) & OpenFlags.follow != 0
            try wasi { () throws(Errno) in
                try session.files.addName(newPath, below: newBelow, to: path, below: below, follows: follows)
            }
        }
    }
}
