public import Labels
public import Model
import Synchronization

/// Something that was refused for a label's sake.
public struct Denial: Hashable, Sendable {
    public var time: Timestamp
    /// What may see this: the current label of who was refused.
    public var label: Label
    /// Who acted, such as the path of a gate.
    public var actor: String
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
    }

    private let maximumDenials: Int
    private let state = Mutex(State())

    public init(maximumDenials: Int = 10_000) { self.maximumDenials = maximumDenials }

    func append(_ denial: Denial) {
        state.withLock { state in
            if state.denials.count < maximumDenials { return state.denials.append(denial) }
            state.denials[state.next] = denial
            state.next = (state.next + 1) % maximumDenials
        }
    }

    /// What a holder of `privilege` may see, oldest first.
    public func denials(visibleWith privilege: Component) -> [Denial] {
        let all = state.withLock { Array($0.denials[$0.next...] + $0.denials[..<$0.next]) }
        let reader = Label(secrecy: privilege, integrity: .true)
        return all.filter { $0.label.canFlow(to: reader, with: privilege) }
    }
}
