/// What a gate acts with, and who may call it; its text is `privilege,clearance`.
public struct Policy: Hashable, Sendable, CustomStringConvertible {
    /// What the gate's function may do.
    public let privilege: Component
    /// What an invoker's privilege must imply.
    public let clearance: Component

    public init(privilege: Component, clearance: Component) {
        self.privilege = privilege
        self.clearance = clearance
    }

    /// Reads all of `text`, which is written as a label is.
    ///
    /// - Throws: the first thing that is wrong, with its position.
    public init(parsing text: String) throws(LabelError) {
        let label = try Label(parsing: text)
        self.init(privilege: label.secrecy, clearance: label.integrity)
    }

    /// The canonical text, which ``init(parsing:)`` reads.
    public var description: String { "\(privilege),\(clearance)" }

    /// The policy of a chain of gates: both privileges, and both clearances.
    ///
    /// - Throws: `tooLarge`.
    public func and(_ next: Policy) throws(LabelError) -> Policy {
        Policy(privilege: try privilege.and(next.privilege), clearance: try clearance.and(next.clearance))
    }

    /// Whether a holder of `privilege` may call the gate.
    public func admits(_ privilege: Component) -> Bool { privilege.implies(clearance) }
}
