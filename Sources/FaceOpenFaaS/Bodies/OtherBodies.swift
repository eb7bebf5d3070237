import HTTPTypes
import Model
import Platform

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A secret that is sent: its value as text, or in base64, which wins.
struct SecretBody: Codable {
    var name: String
    var namespace: String?
    var value: String?
    var rawValue: String?

    func bytes() throws -> [UInt8] {
        guard let rawValue, !rawValue.isEmpty else { return Array((value ?? "").utf8) }
        guard let bytes = Data(base64Encoded: rawValue) else {
            throw Refusal(.badRequest, "`rawValue` is not base64.")
        }
        return Array(bytes)
    }
}

/// A namespace with what is noted about it.
struct NamespaceBody: Codable {
    var name: String
    var labels: [String: String]?
    var annotations: [String: String]?
}

/// What the server is.
struct InformationBody: Encodable {
    struct Version: Encodable {
        var commitMessage = ""
        var sha = ""
        var release = Product.version

        private enum CodingKeys: String, CodingKey {
            case commitMessage = "commit_message"
            case sha, release
        }
    }

    struct Provider: Encodable {
        var provider = "swiftlet"
        var version = Version()
        var orchestration = "swiftlet"
    }

    var provider = Provider()
    var version = Version()
    /// As Python's `platform.machine()` spells it: clients compare the two.
    var arch = Self.architecture

    static var architecture: String {
        #if arch(arm64)
            "aarch64"
        #else
            "x86_64"
        #endif
    }
}

/// One printed line.
struct LogBody: Encodable {
    var name: String
    var namespace: String
    /// Every call has a sandbox of its own: the id of the call.
    var instance: String
    var timestamp: String
    var text: String

    init(_ line: FunctionLogLine, of key: FunctionKey) {
        name = key.name.rawValue
        namespace = GatewayName.text(key.namespace)
        instance = line.execution.description
        timestamp = TimestampText.rfc3339(line.line.time)
        text = line.line.text
    }
}

/// What is to be built; all but the image's name stands for itself.
struct BuildConfiguration: Decodable {
    var image: String
    var buildArgs: [String: String]?
}

/// A step of a build.
struct BuildProgress: Encodable {
    enum Status: String, Encodable {
        case inProgress = "in_progress"
        case success, failed
    }

    var log: [String]
    var image: String
    var status: Status
    var error = ""
}
