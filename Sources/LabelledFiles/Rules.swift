public import Labels

/// What every operation does to the current label L of its caller, whose privilege is P, and what it asks of it.
///
/// This is the whole policy: nothing else changes L, and nothing else refuses for a label's sake. Labels of objects
/// never change, so what was checked stays true.
public enum Rule: Hashable, Sendable {
    /// One step; they are taken in order, and the first that is not met ends the operation.
    public enum Step: Hashable, Sendable {
        /// L := L ⊔ label.
        case taint(Label)
        /// L ⊑_P label.
        case flow(Label)
        /// L ⊑ label, with this privilege in place of P.
        case flowWith(Component, Label)
        /// P ⇒ component.
        case hold(Component)
        /// label ⊑_P L: what is not met looks like absence, for the label itself is not to be known.
        case clear(Label)
        /// L := ⟨component, L.integrity⟩, where (component ∧ P) ⇒ L.secrecy.
        case lower(Component)
        /// L := ⟨L.secrecy, component ∧ L.integrity⟩, where P ⇒ component.
        case vouch(Component)
    }

    case traverse(directory: Label)
    case listFacets(clearance: Label)
    /// A file, a blob entry or a gate.
    case read(Label)
    case writeFile(Label)
    case replaceBlob(Label)
    case replaceService(Label, privilege: Component)
    case updateGate(Label, privilege: Component, declassify: Component)
    case link(directory: Label)
    case unlink(directory: Label)
    /// A directory, a file or a faceted directory: invisible until it is linked.
    case make
    case makeBlob(Label)
    case makeGate(Label, privilege: Component, declassify: Component)
    case makeService(Label, privilege: Component)
    /// A blob by its hash: its bytes have this label.
    case openByHash(Label)
    /// After each gate of the chain was read.
    case invokeGate(clearance: Component)
    case invokeService(Label, clearance: Component, privilege: Component, taint: Label)
    /// What a function that was called synchronously answered, or that it did not.
    case receive(Label)
    /// The current label gets this secrecy.
    case declassify(to: Component)
    /// The current label gets this endorser.
    case endorse(by: Component)

    public var steps: [Step] {
        switch self {
        case .traverse(let directory): [.taint(directory)]
        case .listFacets(let clearance): [.taint(clearance)]
        case .read(let object): [.taint(object)]
        case .writeFile(let object), .replaceBlob(let object): [.flow(object)]
        case .replaceService(let object, let privilege): [.flow(object), .hold(privilege)]
        case .updateGate(let object, let privilege, let declassify):
            [.taint(object), .flow(object), .hold(privilege), .hold(declassify)]
        case .link(let directory), .unlink(let directory): [.taint(directory), .flow(directory)]
        case .make: []
        case .makeBlob(let object): [.flow(object)]
        case .makeGate(let object, let privilege, let declassify):
            [.flow(object), .hold(privilege), .hold(declassify)]
        case .makeService(let object, let privilege): [.flow(object), .hold(privilege)]
        case .openByHash(let bytes): [.clear(bytes), .taint(bytes)]
        case .invokeGate(let clearance): [.hold(clearance)]
        case .invokeService(let object, let clearance, let privilege, let taint):
            [.taint(object), .hold(clearance), .flowWith(privilege, .public), .taint(taint)]
        case .receive(let result): [.taint(result)]
        case .declassify(let secrecy): [.lower(secrecy)]
        case .endorse(let endorser): [.vouch(endorser)]
        }
    }
}

/// A step that was not met.
struct UnmetStep: Error {
    let code: FileCode
    /// For the denial log.
    let reason: String
}

extension Rule.Step {
    /// What the current label becomes.
    func applied(to label: Label, _ privilege: Component) throws(UnmetStep) -> Label {
        switch self {
        case .taint(let object):
            do throws(LabelError) { return try label.join(object) } catch {
                throw UnmetStep(code: .malformed, reason: error.message)
            }
        case .flow(let object):
            return try Self.flow(label, to: object, with: privilege)
        case .flowWith(let other, let object):
            return try Self.flow(label, to: object, with: other)
        case .hold(let component):
            guard privilege.implies(component) else { throw Self.lacking(component, privilege) }
        case .clear(let object):
            guard object.canFlow(to: label, with: privilege) else {
                throw UnmetStep(code: .doesNotExist, reason: "\(object) may not flow to \(label)")
            }
        case .lower(let secrecy):
            guard let lowered = label.declassified(to: secrecy, with: privilege) else {
                throw UnmetStep(
                    code: .denied,
                    reason: "\(secrecy) and the privilege \(privilege) do not imply the secrecy \(label.secrecy)")
            }
            return lowered
        case .vouch(let endorser):
            let endorsed: Label?
            do throws(LabelError) { endorsed = try label.endorsed(by: endorser, with: privilege) } catch {
                throw UnmetStep(code: .malformed, reason: error.message)
            }
            guard let endorsed else { throw Self.lacking(endorser, privilege) }
            return endorsed
        }
        return label
    }

    private static func lacking(_ component: Component, _ privilege: Component) -> UnmetStep {
        UnmetStep(code: .denied, reason: "the privilege \(privilege) does not imply \(component)")
    }

    private static func flow(
        _ label: Label, to object: Label, with privilege: Component
    ) throws(UnmetStep) -> Label {
        guard label.canFlow(to: object, with: privilege) else {
            let why = label.obstacles(to: object, with: privilege).map(\.description).joined(separator: " ")
            throw UnmetStep(
                code: .denied, reason: "\(label) may not flow to \(object) with the privilege \(privilege): \(why)")
        }
        return label
    }
}
