import Logging
import Platform
import Testing

@testable import Server

struct ServerConfigurationTests {
    @Test func `flags win over the environment, which wins over defaults`() throws {
        let configuration = try ServerConfiguration(
            flags: ["listen": "[::1]:9000", "async-concurrency": "3", "drain-seconds": "1"],
            environment: [
                "SWIFTLET_LISTEN": "0.0.0.0:1", "SWIFTLET_WORKERS": "2", "SWIFTLET_QUEUE_LIMIT": "0",
                "SWIFTLET_LOG_LEVEL": "debug", "SWIFTLET_OTHER": "x",
            ], dataFolder: "/data")
        #expect(configuration.host == "::1" && configuration.port == 9000 && configuration.dataFolder == "/data")
        #expect(configuration.workers == 2 && configuration.queueLimit == 0 && configuration.logLevel == .debug)
        #expect(configuration.platform.asynchronousConcurrency == 3 && configuration.drainLimit == .seconds(1))
    }

    @Test(arguments: [
        ("workers", "0", "`--workers`: must be a number from 1 to 256, but is `0`"),
        ("workers", "many", "`--workers`: must be a number from 1 to 256, but is `many`"),
        ("listen", "8080", "`--listen`: must be HOST:PORT such as 127.0.0.1:8080, but is `8080`"),
        ("listen", "h:99999", "`--listen`: must be HOST:PORT such as 127.0.0.1:8080, but is `h:99999`"),
        ("public-url", "example.org", "`--public-url`: must begin with http:// or https://, but is `example.org`"),
        (
            "log-level", "loud",
            "`--log-level`: must be one of trace, debug, info, notice, warning, error, critical"
        ),
        ("data", "", "`--data`: must be the path of a folder"),
    ])
    func `an impossible value names its key`(name: String, value: String, message: String) {
        #expect { _ = try ServerConfiguration(flags: [name: value], environment: [:], dataFolder: "/") } throws: {
            "\($0)" == message
        }
    }

    @Test(arguments: ["none", "loopback"])
    func `only where nobody else listens does Faasm's face do without tokens`(guarding: String) throws {
        for flags in [
            ["listen": "0.0.0.0:80"], ["listen": "192.0.2.1:80"], ["faasm-upload": "[::]:8002"],
            ["faasm-invoke": "example.org:1"],
        ] {
            let all = flags.merging(["faasm-auth": guarding]) { $1 }
            #expect(throws: ConfigurationError.self, "\(flags)") {
                try ServerConfiguration(flags: all, environment: [:], dataFolder: "/")
            }
        }
        let flags = ["faasm-auth": guarding, "faasm-upload": "[::1]:8002", "faasm-invoke": "9000"]
        _ = try ServerConfiguration(flags: flags, environment: [:], dataFolder: "/")
        let open = ["faasm-auth": "token", "listen": "0.0.0.0:80"]
        _ = try ServerConfiguration(flags: open, environment: [:], dataFolder: "/")
    }

    @Test func `an unknown flag and a wrong variable name themselves`() {
        #expect { _ = try ServerConfiguration(flags: ["x": "1"], environment: [:], dataFolder: "/") } throws: {
            "\($0)".hasPrefix("`--x`: is not known; there are --data, --listen, ")
        }
        #expect {
            _ = try ServerConfiguration(environment: ["SWIFTLET_QUEUE_LIMIT": "-1"], dataFolder: "/")
        } throws: {
            "\($0)".hasPrefix("`SWIFTLET_QUEUE_LIMIT`: must be a number")
        }
    }
}
