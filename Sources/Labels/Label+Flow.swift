extension Label {
    /// Whether data may flow from here to `other`: `self ⊑ other`.
    ///
    /// Who may learn it there could learn it here, and who vouches for it here vouches for it there.
    public func canFlow(to other: Label) -> Bool {
        other.secrecy.implies(secrecy) && integrity.implies(other.integrity)
    }

    /// Whether a holder of `privilege` may let data flow from here to `other`: `self ⊑_P other`.
    public func canFlow(to other: Label, with privilege: Component) -> Bool {
        other.secrecy.implies(secrecy, with: privilege) && integrity.implies(other.integrity, with: privilege)
    }

    /// The least label that both may flow to: `self ⊔ other`. Whoever has read both is tainted so.
    ///
    /// - Throws: `tooLarge`.
    public func join(_ other: Label) throws(LabelError) -> Label {
        if other.canFlow(to: self) { return self }
        return Label(secrecy: try secrecy.and(other.secrecy), integrity: try integrity.or(other.integrity))
    }

    /// The greatest label that may flow to both: `self ⊓ other`.
    ///
    /// - Throws: `tooLarge`.
    public func meet(_ other: Label) throws(LabelError) -> Label {
        if canFlow(to: other) { return self }
        return Label(secrecy: try secrecy.or(other.secrecy), integrity: try integrity.and(other.integrity))
    }
}
