import Model
import Synchronization

/// All that a call of a function needs, ready in memory. Immutable: a new version is a new object, and calls in flight
/// keep the one that they began with.
final class ResolvedFunction: Sendable {
    let function: Function
    let image: ImageUse
    /// The packages that the image was taken with.
    let mounts: [PackageMount]
    /// The context as a JSON object; empty where there is none.
    let context: [UInt8]
    let entry: String?
    let deployment: Deployment?
    /// The environment variables as a JSON object; empty where there are none.
    let environment: [UInt8]

    init(
        function: Function, image: ImageUse, mounts: [PackageMount], context: [UInt8], entry: String?,
        deployment: Deployment?
    ) {
        self.function = function
        self.image = image
        self.mounts = mounts
        self.context = context
        self.entry = entry
        self.deployment = deployment
        var writer = JSONWriter()
        let variables = deployment?.environment ?? [:]
        if !variables.isEmpty {
            writer.object { writer in
                for (name, value) in variables.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
            }
        }
        environment = writer.bytes
    }
}

/// An image in use. Once retired it is forgotten when the last holder, a call in flight perhaps, lets it go.
final class ImageUse: Sendable {
    let id: ImageID?
    private let sandbox: any SandboxService
    private let isRetired = Atomic(false)

    init(_ id: ImageID?, sandbox: any SandboxService) {
        self.id = id
        self.sandbox = sandbox
    }

    /// No new call will start from this image.
    func retire() { isRetired.store(true, ordering: .relaxed) }

    deinit {
        if let id, isRetired.load(ordering: .relaxed) { sandbox.forget(id) }
    }
}
