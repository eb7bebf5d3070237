/// What holders of a privilege can make of a label.
extension Label {
    /// Vouched for by the holders of `privilege` too: `⟨secrecy, P ∧ integrity⟩`.
    ///
    /// It is also the facet that names are made in when none is given.
    ///
    /// - Throws: `tooLarge`.
    public func endorsed(with privilege: Component) throws(LabelError) -> Label {
        Label(secrecy: secrecy, integrity: try privilege.and(integrity))
    }

    /// Vouched for by `endorser` too, where `privilege` implies it; else nil.
    ///
    /// - Throws: `tooLarge`.
    public func endorsed(by endorser: Component, with privilege: Component) throws(LabelError) -> Label? {
        privilege.implies(endorser) ? try endorsed(with: endorser) : nil
    }

    /// With this secrecy, where a holder of `privilege` may lower it so far; else nil.
    ///
    /// Any holder may raise it.
    public func declassified(to secrecy: Component, with privilege: Component) -> Label? {
        secrecy.implies(self.secrecy, with: privilege) ? Label(secrecy: secrecy, integrity: integrity) : nil
    }

    /// Without every clause of secrecy that `privilege` can drop, and vouched for by its holders.
    ///
    /// - Throws: `tooLarge`.
    public func downgraded(with privilege: Component) throws(LabelError) -> Label {
        try resultLabel(declassifying: privilege, with: privilege)
    }

    /// The label of what a gate answers when the current label is this one.
    ///
    /// Its secrecy is what `declassify`, the most that it may shed, leaves; holders of `privilege` vouch for it.
    ///
    /// - Throws: `tooLarge`.
    public func resultLabel(
        declassifying declassify: Component, with privilege: Component
    ) throws(LabelError) -> Label {
        Label(secrecy: secrecy.relieved(by: declassify), integrity: try privilege.and(integrity))
    }
}
