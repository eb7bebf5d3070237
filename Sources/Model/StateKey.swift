/// What names a value of the shared state: its tenant, and 1 to 512 bytes of UTF-8 without NUL. Two keys are the same where
/// their bytes are, however they look.
public struct StateKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    public static let maximumNameBytes = 512

    public let tenant: Namespace
    public let name: String

    public init(tenant: Namespace, name: String) throws(InvalidStateKey) {
        guard !name.isEmpty, name.utf8.count <= Self.maximumNameBytes else {
            throw InvalidStateKey(
                "A state key has 1 to \(Self.maximumNameBytes) bytes, but this one has \(name.utf8.count).")
        }
        guard !name.utf8.contains(0) else { throw InvalidStateKey("A state key has no NUL byte, but this one has.") }
        self.tenant = tenant
        self.name = name
    }

    /// Takes a name as somebody sent it.
    public init(tenant: Namespace, utf8: some Collection<UInt8>) throws(InvalidStateKey) {
        guard let name = String(validating: utf8, as: UTF8.self) else {
            throw InvalidStateKey("A state key is text in UTF-8, but this one is not.")
        }
        try self.init(tenant: tenant, name: name)
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.tenant == right.tenant && left.name.utf8.elementsEqual(right.name.utf8)
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.tenant == right.tenant
            ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
            : left.tenant.rawValue.utf8.lexicographicallyPrecedes(right.tenant.rawValue.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(tenant)
        var name = name
        name.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    public var description: String { "\(tenant): \(name)" }
}

/// A text that is no ``StateKey``.
public struct InvalidStateKey: Error, Sendable, Equatable {
    public let message: String

    init(_ message: String) { self.message = message }
}
