/// The functions that a guest can call, and a few of its own that a script may want.
public enum HostFunction {
    /// A parameter's type: 32 or 64 bits.
    public enum Width: String, Sendable { case i32, i64 }

    public struct Signature: Sendable {
        public let module: String
        public let name: String
        public let parameters: [Width]
        public let result: Width?

        init(_ module: String, _ name: String, _ parameters: String, result: Width?) {
            self.module = module
            self.name = name
            self.parameters = parameters.map { $0 == "L" ? .i64 : .i32 }
            self.result = result
        }
    }

    /// Every import there is; parameters as letters, `i` for 32 bits and `L` for 64.
    public static let all: [Signature] =
        wasi.map { Signature("wasi_snapshot_preview1", $0.0, $0.1, result: .i32) } + [
            Signature("wasi_snapshot_preview1", "proc_exit", "i", result: nil),
            Signature("swiftlet", "call", "iiiii", result: .i64),
        ]

    /// Functions of the scripted module itself.
    static let own: [Signature] = [
        Signature("", "grow", "i", result: .i32),
        Signature("", "recurse", "i", result: .i32),
        Signature("", "load", "i", result: .i32),
        Signature("", "store", "ii", result: .i32),
        Signature("", "trap", "", result: .i32),
        Signature("", "loop", "", result: .i32),
        Signature("", "count", "L", result: .i32),
        Signature("", "fill", "ii", result: .i32),
        Signature("", "copy", "iii", result: .i32),
    ]

    private static let wasi: [(String, String)] = [
        ("args_get", "ii"), ("args_sizes_get", "ii"), ("environ_get", "ii"), ("environ_sizes_get", "ii"),
        ("clock_res_get", "ii"), ("clock_time_get", "iLi"), ("fd_advise", "iLLi"), ("fd_allocate", "iLL"),
        ("fd_close", "i"), ("fd_datasync", "i"), ("fd_fdstat_get", "ii"), ("fd_fdstat_set_flags", "ii"),
        ("fd_fdstat_set_rights", "iLL"), ("fd_filestat_get", "ii"), ("fd_filestat_set_size", "iL"),
        ("fd_filestat_set_times", "iLLi"), ("fd_pread", "iiiLi"), ("fd_prestat_get", "ii"),
        ("fd_prestat_dir_name", "iii"),
        ("fd_pwrite", "iiiLi"), ("fd_read", "iiii"), ("fd_readdir", "iiiLi"), ("fd_renumber", "ii"),
        ("fd_seek", "iLii"),
        ("fd_sync", "i"), ("fd_tell", "ii"), ("fd_write", "iiii"), ("path_create_directory", "iii"),
        ("path_filestat_get", "iiiii"), ("path_filestat_set_times", "iiiiLLi"), ("path_link", "iiiiiii"),
        ("path_open", "iiiiiLLii"), ("path_readlink", "iiiiii"), ("path_remove_directory", "iii"),
        ("path_rename", "iiiiii"), ("path_symlink", "iiiii"), ("path_unlink_file", "iii"), ("poll_oneoff", "iiii"),
        ("proc_raise", "i"), ("random_get", "ii"), ("sched_yield", ""), ("sock_accept", "iii"), ("sock_recv", "iiiiii"),
        ("sock_send", "iiiii"), ("sock_shutdown", "ii"),
    ]
}
