import Labels

/// A gate that is to be made.
struct GateDraft: Sendable {
    /// Where its function, or another gate, is.
    enum Content: Sendable {
        case function(FunctionDraft)
        case redirect(Node)
    }

    var privilege: Component
    var clearance: Component
    /// Nil: equal to the privilege.
    var declassify: Component?
    var content: Content
    var settings = GateSettings()
}

struct FunctionDraft: Sendable {
    enum Runtime: Sendable {
        case name(String)
        case blob(BlobSource)
        case builtIn(String)
    }

    var memoryMegabytes: Int
    var app: BlobSource?
    var runtime: Runtime
    var kernel: BlobSource?
}

/// What is to change of a gate; nil: it stays.
struct GateChange: Sendable {
    var privilege: Component?
    var clearance: Component?
    var declassify: Component?
    var memoryMegabytes: Int?
    var app: BlobSource?
    var runtime: FunctionDraft.Runtime?
    var kernel: BlobSource?
    var redirect: Node?
    var settings: GateSettings?

    var isOfFunction: Bool { memoryMegabytes != nil || app != nil || runtime != nil || kernel != nil }
}

extension GateChange {
    /// Everything as it would be of a new gate.
    init(_ draft: GateDraft) {
        self.init(
            privilege: draft.privilege, clearance: draft.clearance, declassify: draft.declassify ?? draft.privilege,
            settings: draft.settings)
        switch draft.content {
        case .redirect(let node): redirect = node
        case .function(let function):
            memoryMegabytes = function.memoryMegabytes
            app = function.app
            runtime = function.runtime
            kernel = function.kernel
        }
    }
}
