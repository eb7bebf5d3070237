import Blobs
import Callbacks
import FaceFaasten
import Gatehouse
import Identity
import LabelledFiles
import Labels
import Logging
import Platform
import ServiceLifecycle
import StorageSQLite

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Labelled files, the engine of gates and their face, made from a configuration.
struct Faasten {
    let face: FaastenFace
    /// What must run beside the platform.
    let services: [any Service]

    static func make(
        _ platform: Platform, _ store: SQLiteStore, _ outbound: any OutboundSender,
        _ configuration: ServerConfiguration,
        _ logger: Logger
    ) async throws -> Faasten {
        let settings = configuration.faasten
        var face = FaastenFace.Configuration()
        face.maximumRequestBodyBytes = configuration.maximumRequestBodyBytes
        face.maximumUploadBytes = settings.maximumUploadBytes
        face.signInLifetime = .seconds(settings.signInDays * 86_400)
        face.publicURL = configuration.publicURL
        face.openers = settings.openers
        face.provider = try provider(settings)
        let key = try SigningKey(folder: configuration.dataFolder)
        let blobs = try BlobFolder(path: "\(configuration.dataFolder)/blobs")
        let functions = GateFunctions(platform: platform, blobs: blobs, logger: logger)
        let files = try await LabelledFiles.open(
            store: store, blobs: blobs, maximumBytesPerOwner: settings.maximumBytesPerOwner,
            objection: { await functions.objection(to: $0, $1) }, now: { platform.now })
        let keys = SigningKeys(publicPEM: Array(key.verifyingKey.pem.utf8), privatePEM: Array(key.pem.utf8))
        var gates = GatehouseConfiguration(keys: keys)
        gates.resultLifetime = .seconds(settings.resultSeconds)
        gates.asynchronousConcurrency = configuration.platform.asynchronousConcurrency
        let gatehouse = try await Gatehouse.open(
            platform: platform, files: files, functions: functions, sender: outbound, configuration: gates,
            logger: logger)
        // Operators sign in with the administrator's token, so nothing else makes their home.
        try await files.prepareHome(of: try Component(parsing: Principal.operatorName))
        return Faasten(
            face: FaastenFace(
                platform: platform, gatehouse: gatehouse, key: key,
                // The provider is one that the operator named, wherever it is.
                sender: HTTPSender(allowsPrivate: true), configuration: face),
            services: gatehouse.services)
    }

    private static func provider(_ settings: FaastenSettings) throws(ConfigurationError) -> SignInProvider? {
        guard let issuer = settings.issuer else {
            guard settings.clientID == nil, settings.clientSecretFile == nil else {
                throw ConfigurationError(key: "--oidc-issuer", message: "is missing beside the other OIDC settings")
            }
            return nil
        }
        guard let client = settings.clientID else {
            throw ConfigurationError(key: "--oidc-client-id", message: "is missing beside --oidc-issuer")
        }
        guard let file = settings.clientSecretFile else {
            throw ConfigurationError(key: "--oidc-client-secret-file", message: "is missing beside --oidc-issuer")
        }
        guard let name = settings.providerName else {
            throw ConfigurationError(key: "--oidc-name", message: "is missing beside --oidc-issuer")
        }
        let secret = try Gateway.secret(file, of: "--oidc-client-secret-file")
        var provider = SignInProvider(
            name: name, issuer: issuer, clientID: client, clientSecret: String(decoding: secret, as: UTF8.self))
        provider.claim = settings.claim
        return provider
    }
}
