public import Labels
public import Storage

/// Somebody who acts on labelled objects: one invocation of a function, or one request from outside.
///
/// Its current label L floats: it takes the label of everything that was seen. What it holds ends with it. Copies are
/// different callers, which must not be made of one that acts.
public struct Caller: Sendable {
    /// L: what this caller may have learnt, and who vouches for what it does.
    public private(set) var label: Label
    /// P: whose power it acts with.
    public let privilege: Component
    /// The most secrecy that its result may shed.
    public let declassify: Component
    /// Who it is, for the denial log.
    public let name: String
    /// The gate whose function it is; nil: somebody from outside.
    public let gate: ObjectID?

    let files: LabelledFiles
    var handles = HandleTable()

    /// Whose quota it uses.
    var owner: String { privilege.description }

    public init(
        _ files: LabelledFiles, label: Label, privilege: Component, declassify: Component? = nil, name: String,
        gate: ObjectID? = nil
    ) {
        self.files = files
        self.label = label
        self.privilege = privilege
        self.declassify = declassify ?? privilege
        self.name = name
        self.gate = gate
    }

    /// Applies the rule of an operation: all of it is done before the operation looks at anything or changes it.
    ///
    /// - Throws: the refusal, after what was learnt by it has tainted the current label.
    mutating func apply(_ rule: Rule) throws(FileRefusal) {
        for step in rule.steps {
            do throws(UnmetStep) {
                label = try step.applied(to: label, privilege)
            } catch {
                note(rule, error.reason)
                throw FileRefusal(error.code)
            }
        }
    }

    /// Tells those who may know what was refused.
    func note(_ rule: Rule, _ reason: String, under secret: Label? = nil) {
        let seen = secret.flatMap { try? label.join($0) } ?? (secret == nil ? label : .top)
        files.denials.append(
            Denial(
                time: files.now(), label: seen, actor: name, gate: gate, privilege: privilege, operation: "\(rule)",
                reason: reason))
    }

    // MARK: Labels

    /// L := L ⊔ label. Throws `malformed` where that becomes too large.
    public mutating func taint(with other: Label) throws(FileRefusal) { try apply(.receive(other)) }

    /// L := ⟨secrecy, L.integrity⟩, where (secrecy ∧ P) ⇒ L.secrecy; else `denied`.
    public mutating func lower(secrecy: Component) throws(FileRefusal) { try apply(.declassify(to: secrecy)) }

    /// L := ⟨L.secrecy, w ∧ L.integrity⟩ for an endorser w, or P, where P ⇒ w; else `denied`.
    public mutating func endorse(with endorser: Component? = nil) throws(FileRefusal) {
        try apply(.endorse(by: endorser ?? privilege))
    }

    /// P with tokens appended to the first principal of its first clause.
    public func subPrivilege(_ tokens: [String]) throws(FileRefusal) -> Component {
        do { return try privilege.delegated(to: tokens) } catch { throw FileRefusal(.malformed) }
    }

    /// L, vouched for by P too: the default label of gates and services, and the facet that names are made in.
    public func endorsedLabel() throws(FileRefusal) -> Label {
        do { return try label.endorsed(with: privilege) } catch { throw FileRefusal(.malformed) }
    }

    /// The label of what this caller answers now.
    public func resultLabel() throws(FileRefusal) -> Label {
        do { return try label.resultLabel(declassifying: declassify, with: privilege) } catch {
            throw FileRefusal(.malformed)
        }
    }
}
