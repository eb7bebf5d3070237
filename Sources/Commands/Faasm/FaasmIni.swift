import ArgumentParser
import Client

struct FaasmIni: LocalCommand {
    static let configuration = CommandConfiguration(
        commandName: "ini", abstract: "Write the configuration that an unmodified `faasmctl` finds this server by.",
        discussion: "Set FAASM_INI_FILE to the file's path for `faasmctl`.")

    @Argument(help: "The file.", completion: .file()) var file = "./faasm.ini"
    @Option(help: "The host of the server. (default: that of the profile, or of the server on this machine)")
    var host: String?
    @Option(help: "The port of uploads.") var uploadPort = 8002
    @Option(help: "The port of calls. (default: the server's own)") var plannerPort: Int?
    @OptionGroup var common: CommonOptions

    func perform() throws(ClientError) -> Outcome {
        let connection = try Connection.resolve()
        let host = host ?? connection.host
        let port = plannerPort ?? connection.port
        let settings: [(String, String)] = [
            ("backend", "compose"), ("cluster_name", "swiftlet"), ("working_dir", "."), ("mount_source", "False"),
            ("last_restart", "0"), ("upload_host", host), ("upload_port", "\(uploadPort)"),
            ("upload_host_in_docker", host), ("upload_port_in_docker", "\(uploadPort)"), ("planner_host", host),
            ("planner_port", "\(port)"), ("planner_host_in_docker", host), ("planner_port_in_docker", "\(port)"),
            ("minio_port", "0"), ("minio_port_in_docker", "0"), ("worker_names", "swiftlet"), ("worker_ips", host),
        ]
        let text = "[Faasm]\n" + settings.map { "\($0) = \($1)\n" }.joined()
        try SourceFile.write(Array(text.utf8), to: file)
        return .message("The configuration is in \(file); use it with: export FAASM_INI_FILE=\(file)")
    }
}
