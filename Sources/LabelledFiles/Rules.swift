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
            guard privilege.implies(component) else {
                throw UnmetStep(code: .denied, reason: "the privilege \(privilege) does not imply \(component)")
            }
        case .clear(let object):
            guard object.canFlow(to: label, with: privilege) else {
                throw UnmetStep(code: .doesNotExist, reason: "\(object) may not flow to \(label)")
            }
        }
        return label
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
