public import Labels
public import Model
public import Storage
import Synchronization

/// Something that was refused for a label's sake.
public struct Denial: Hashable, Sendable {
    public var time: Timestamp
    /// What may see this: the current label of who was refused.
    public var label: Label
    /// Who acted, such as the path of a gate.
    public var actor: String
    /// The gate whose function acted; nil: somebody from outside.
    public var gate: ObjectID?
    public var privilege: Component
    /// What was tried, in the words of the rules.
    public var operation: String
    public var reason: String
}

/// The last denials. Each is shown only to those whom its label may flow to.
public final class DenialLog: Sendable {
    private struct State {
        var denials: [Denial] = []
        /// Where the next one goes once the log is full.
        var next = 0
        var listener: (@Sendable (Denial) -> Void)?
    }

    private let maximumDenials: Int
    private let state = Mutex(State())

    public init(maximumDenials: Int = 10_000) { self.maximumDenials = maximumDenials }

    func append(_ denial: Denial) {
        let listener = state.withLock { state in
            if state.denials.count < maximumDenials {
                state.denials.append(denial)
            } else {
                state.denials[state.next] = denial
                state.next = (state.next + 1) % maximumDenials
            }
            return state.listener
        }
        listener?(denial)
    }

    /// From now on, has `listener` told of every denial, as it is noted.
    public func onDenial(_ listener: @escaping @Sendable (Denial) -> Void) {
        state.withLock { $0.listener = listener }
    }

    /// What a holder of `privilege` may see, oldest first.
    public func denials(visibleWith privilege: Component) -> [Denial] {
        let all = state.withLock { Array($0.denials[$0.next...] + $0.denials[..<$0.next]) }
        let reader = Label(secrecy: privilege, integrity: .true)
        return all.filter { $0.label.canFlow(to: reader, with: privilege) }
    }
}
