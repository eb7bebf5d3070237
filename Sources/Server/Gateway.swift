import FaceFaaSpot
import FaceOpenFaaS
import Platform
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Makes the gateway's face from a configuration.
enum Gateway {
    static func make(_ platform: Platform, _ configuration: ServerConfiguration) async throws -> OpenFaaSFace {
        var face = OpenFaaSFace.Configuration()
        face.maximumRequestBodyBytes = configuration.maximumRequestBodyBytes
        face.timeout = configuration.gatewayTimeout
        face.showsInfoToAll = configuration.opensSystemInfo
        face.payloadSecret = try configuration.payloadSecretFile.map { path throws(ConfigurationError) in
            try secret(path, of: "--payload-secret-file")
        }
        let other = FaaSpotFace(platform: platform, configuration: FaaSpotFace.Configuration())
        face.otherMetrics = { try await other.metricsText() }
        let gateway = OpenFaaSFace(platform: platform, configuration: face)
        try await gateway.metrics.restore()
        return gateway
    }

    /// The secret in a file that a setting names, without the white space around it: clients take that off too.
    static func secret(_ path: String, of key: String) throws(ConfigurationError) -> [UInt8] {
        guard let bytes = try? Data(contentsOf: URL(filePath: path)) else {
            throw ConfigurationError(key: key, message: "`\(path)` cannot be read")
        }
        let secret = Array(bytes.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed())
        guard !secret.isEmpty else {
            throw ConfigurationError(key: key, message: "`\(path)` is empty")
        }
        return secret
    }
}

extension Server.Place {
    /// Where the server reaches itself, also where it listens at every address.
    var homeURL: String {
        url.replacing("//0.0.0.0:", with: "//127.0.0.1:").replacing("//[::]:", with: "//[::1]:")
            .replacing("//localhost:", with: "//127.0.0.1:")
    }
}

/// Where the server reaches itself, once it listens.
final class HomeAddress: Sendable {
    private let state = Mutex<String?>(nil)

    var url: String? { state.withLock { $0 } }
    func set(_ url: String) { state.withLock { $0 = url } }
}
