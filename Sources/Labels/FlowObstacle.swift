/// A clause that keeps data from flowing.
public struct FlowObstacle: Hashable, Sendable, CustomStringConvertible {
    public enum Half: String, Hashable, Sendable {
        case secrecy, integrity
    }

    public let half: Half
    /// The demand that is not met; false where it cannot be met.
    public let demand: Component

    /// A sentence for the owner of the data; it names labels, so not for others.
    public var description: String {
        switch half {
        case .secrecy where demand.isFalse: "Nobody may read the source, but somebody may read the target."
        case .secrecy: "Who reads the source needs the consent of \(demand); at the target it is not asked for."
        case .integrity where demand.isFalse: "The target takes only what everybody vouches for."
        case .integrity: "The target takes only what \(demand) vouches for; the source is not vouched for so."
        }
    }
}

extension Label {
    /// Why data may not flow from here to `other`, clause by clause; nothing where it may.
    public func obstacles(to other: Label, with privilege: Component = .true) -> [FlowObstacle] {
        Self.unmet(secrecy, by: other.secrecy, with: privilege).map { FlowObstacle(half: .secrecy, demand: $0) }
            + Self.unmet(other.integrity, by: integrity, with: privilege)
            .map { FlowObstacle(half: .integrity, demand: $0) }
    }

    private static func unmet(
        _ demand: Component, by premise: Component, with privilege: Component
    ) -> [Component] {
        guard let clauses = demand.clauses else { return premise.implies(demand, with: privilege) ? [] : [demand] }
        return clauses.map { Component(canonical: [$0]) }.filter { !premise.implies($0, with: privilege) }
    }
}
