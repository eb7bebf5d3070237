import Labels
public import Model

/// What runs when a gate is called.
public struct GateFunction: Hashable, Sendable, Codable {
    public enum Runtime: Hashable, Sendable, Codable {
        /// A runtime of the server.
        case name(String)
        case blob(BlobHash)
        /// A part of the server itself.
        case builtIn(String)
    }

    /// In MB, as users write it.
    public var memoryMegabytes: Int
    /// The package; none for what is built in.
    public var app: BlobHash?
    public var runtime: Runtime
    /// Accepted for old programs' sake; means nothing.
    public var kernel: BlobHash?

    public init(memoryMegabytes: Int, app: BlobHash?, runtime: Runtime, kernel: BlobHash? = nil) {
        self.memoryMegabytes = memoryMegabytes
        self.app = app
        self.runtime = runtime
        self.kernel = kernel
    }
}

/// How a gate's function is called; nil: the usual way.
public struct GateSettings: Hashable, Sendable, Codable {
    public enum API: String, Hashable, Sendable, Codable { case auto, g1, g2 }
    public enum Event: String, Hashable, Sendable, Codable { case auto, wrapped, raw }

    public var api: API?
    public var event: Event?
    /// The HTTP status of uncaught exceptions: 200 or 500.
    public var errors: Int?
    /// Whether refusals are raised as exceptions.
    public var strict: Bool?
    /// In seconds.
    public var timeout: Double?
    public var concurrency: Int?

    public init() {}

    var isSound: Bool {
        (errors.map { $0 == 200 || $0 == 500 } ?? true) && (timeout.map { $0 > 0 && $0 <= 86_400 } ?? true)
            && (concurrency.map { 1...100_000 ~= $0 } ?? true)
    }
}

/// A gate as it is stored. Where it has no function it is a redirect, and the object's target says where to.
struct Gate: Hashable, Sendable, Codable {
    var privilege: Component
    var clearance: Component
    var declassify: Component
    var function: GateFunction?
    var settings: GateSettings
}

/// A service as it is stored. It is never shown to anybody: its headers may hold secrets.
struct Service: Hashable, Sendable, Codable {
    var privilege: Component
    var clearance: Component
    var taint: Label
    var url: String
    var verb: HTTPVerb
    var headers: [String: String]
}

/// The methods of services; the numbers are those that functions use.
public enum HTTPVerb: Int, Hashable, Sendable, Codable, CaseIterable {
    case head = 0
    case get, post, put, delete

    private static let names = ["HEAD", "GET", "POST", "PUT", "DELETE"]

    /// As HTTP writes it.
    public var name: String { Self.names[rawValue] }

    /// Reads a number or a name in any case.
    public init?(_ text: String) {
        guard let number = Int(text) ?? Self.names.firstIndex(of: text.uppercased()) else { return nil }
        self.init(rawValue: number)
    }
}
