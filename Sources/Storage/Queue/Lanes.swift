package import Model

/// Executions of one function and one priority wait in one lane, the oldest first.
package struct LaneKey: Hashable, Sendable {
    package var function: FunctionKey?
    package var priority: Int

    package init(function: FunctionKey?, priority: Int) {
        self.function = function
        self.priority = priority
    }

    package init(_ execution: Execution) { self.init(function: execution.function, priority: execution.priority) }

    /// Unambiguous, as names have no slash; empty without a function.
    package var functionText: String { function.map { "\($0.namespace)/\($0.name)" } ?? "" }
}

/// A lane and how many may start from it.
package struct Lane: Hashable, Sendable {
    package var key: LaneKey
    /// How many wait.
    package var ready: Int
    /// The number of its last turn; a smaller one is served first.
    package var served: Int

    package init(key: LaneKey, ready: Int, served: Int) {
        self.key = key
        self.ready = ready
        self.served = served
    }

    /// Whether this lane comes before another one.
    package func precedes(_ other: Lane) -> Bool {
        if key.priority != other.key.priority { return key.priority > other.key.priority }
        if served != other.served { return served < other.served }
        return key.functionText < other.key.functionText
    }
}

/// Chooses from which lanes to take: pure. Higher priorities first; lanes of one priority in turn.
package struct LanePlan {
    /// The lane of each execution to start, in order.
    package private(set) var picks: [LaneKey] = []
    /// Whether a lane had to be passed over because its function runs as often as it may.
    package private(set) var isHeldBack = false

    private let limit: Int
    private var level: [(lane: Lane, taken: Int)] = []

    package init(limit: Int) { self.limit = limit }

    /// Whether more lanes can change nothing: as many can be served already.
    package var isFull: Bool { picks.count + level.count >= limit }

    /// Offers the next lane in their order; `room` tells how many more its function may run at one time, what was taken
    /// from its lanes before not counted.
    package mutating func offer(_ lane: Lane, room: Int?) {
        if let first = level.first, first.lane.key.priority != lane.key.priority { finishLevel() }
        let most = min(lane.ready, room.map { max(0, $0 - taken(of: lane.key.function)) } ?? .max)
        if most < lane.ready { isHeldBack = true }
        guard most > 0, picks.count < limit else { return }
        var lane = lane
        lane.ready = most
        level.append((lane, 0))
    }

    /// No more lanes come.
    package mutating func finish() { finishLevel() }

    /// Every lane of a level gets a turn before one gets two.
    private mutating func finishLevel() {
        var isMoving = true
        while isMoving, picks.count < limit {
            isMoving = false
            for index in level.indices where level[index].taken < level[index].lane.ready && picks.count < limit {
                picks.append(level[index].lane.key)
                level[index].taken += 1
                isMoving = true
            }
        }
        level = []
    }

    private func taken(of function: FunctionKey?) -> Int { picks.count { $0.function == function } }
}
