import Model

/// What becomes of spots: pure, without clock, store or workers of its own. What is to be stored is ``roster``.
struct SpotMachine {
    /// What the workers' host is to do; each is answered by an event.
    enum Effect: Hashable, Sendable {
        /// Answered by ``opened(_:_:)`` or ``failed(_:_:)``.
        case open(Int, SpotSize)
        /// Answered by ``resized(_:_:)``.
        case resize(Int, SpotSize)
        /// Answered by ``closed(_:)``.
        case close(Int)
    }

    /// How a change of spots ended.
    struct Ended: Hashable {
        var change: SpotChange
        var result: Result<String, Failure>
    }

    /// Why a spot could not be made.
    struct Failure: Error, Hashable {
        var message: String
    }

    static let maximumSpots = 256
    static let maximumChanges = 1000

    private(set) var roster: SpotRoster
    /// What each spot's workers were last asked to be.
    private var sizes: [Int: SpotSize] = [:]
    /// Spots whose workers start or change just now.
    private var busy: Set<Int> = []

    init(_ roster: SpotRoster) { self.roster = roster }

    /// The spots of a first start, which nobody asked for: their making is no execution.
    init(first count: Int, _ size: SpotSize, at now: Timestamp) {
        roster = SpotRoster(size: size)
        for _ in 0..<count { _ = make(at: now) }
    }

    /// Whether some spot takes calls.
    var hasReadySpot: Bool { roster.spots.contains { $0.state == .ready } }

    subscript(address: SpotAddress) -> Spot? { roster.spots.first { $0.address == address } }

    // MARK: Requests

    /// Goes on after a start. Spots that were ready take calls again once they are opened; what was draining is gone.
    mutating func restore() -> (effects: [Effect], ended: [Ended]) {
        var ended: [Ended] = []
        // Removed before it was made: both have ended.
        while let spot = roster.spots.first(where: { $0.state == .draining && isMade($0.id) }) {
            ended += finishMaking(spot.id, []).ended
        }
        for spot in roster.spots where spot.state == .draining { ended += closed(spot.id) }
        for index in roster.spots.indices where roster.spots[index].state == .ready {
            roster.spots[index].state = .creating
        }
        return (roster.spots.map { opening($0.id) }, ended)
    }

    mutating func add(_ execution: ExecutionID, at now: Timestamp) throws(PlatformError) -> [Effect] {
        try checkRoom()
        let id = make(at: now)
        roster.changes.append(SpotChange(execution: execution, task: .createSpot, made: id, createdAt: now))
        return [opening(id)]
    }

    /// Takes a spot away, the newest unless one is named.
    mutating func remove(
        _ address: SpotAddress?, _ execution: ExecutionID, at now: Timestamp
    ) throws(PlatformError) -> [Effect] {
        let spot = try find(address) ?? roster.spots.last { $0.state != .draining && !isLeaving($0.id) }
        guard let spot else { throw .noSpot }
        guard !isLeaving(spot.id) else { throw .spotIsLeaving(spot.address) }
        try checkRoom(forSpot: false)
        roster.changes.append(SpotChange(execution: execution, task: .deleteSpot, removed: spot.id, createdAt: now))
        return drain(spot.id)
    }

    /// Adds a spot, and takes the given one away when the new one takes calls.
    mutating func replace(
        _ address: SpotAddress, _ execution: ExecutionID, at now: Timestamp
    ) throws(PlatformError) -> [Effect] {
        guard let spot = try find(address) else { throw .noSpot }
        guard !isLeaving(spot.id) else { throw .spotIsLeaving(address) }
        try checkRoom()
        let id = make(at: now)
        roster.changes.append(
            SpotChange(execution: execution, task: .replaceSpot, made: id, removed: spot.id, createdAt: now))
        return [opening(id)]
    }

    /// Gives a spot, or all, the next address; calls go on. It has ended at once.
    mutating func refresh(
        _ address: SpotAddress?, _ execution: ExecutionID, at now: Timestamp
    ) throws(PlatformError) -> Ended {
        let chosen = try find(address).map { [$0.id] } ?? roster.spots.filter { $0.state != .draining }.map(\.id)
        guard !chosen.isEmpty else { throw .noSpot }
        for index in roster.spots.indices where chosen.contains(roster.spots[index].id) {
            roster.spots[index].address = nextAddress()
        }
        let addresses = roster.spots.filter { chosen.contains($0.id) }.map(\.address.description)
        return Ended(
            change: SpotChange(execution: execution, task: .refreshSpot, createdAt: now),
            result: .success(addresses.joined(separator: ", ")))
    }

    /// Gives all spots workers of another size.
    mutating func resize(_ size: SpotSize) -> [Effect] {
        roster.size = size
        return roster.spots.compactMap { adjustment(of: $0.id) }
    }

    // MARK: Events

    /// The workers of a spot take calls.
    mutating func opened(_ id: Int, _ size: SpotSize) -> (effects: [Effect], ended: [Ended]) {
        busy.remove(id)
        guard let index = index(id) else { return ([], []) }
        if roster.spots[index].state == .draining { return finishMaking(id, [.close(id)]) }
        roster.spots[index].state = .ready
        var effects = [adjustment(of: id)].compactMap(\.self)
        if let old = roster.changes.first(where: { $0.made == id })?.removed {
            // The change goes on until the old spot is gone.
            if self.index(old) != nil { return (effects + drain(old), []) }
        }
        let (more, ended) = finishMaking(id, [])
        effects += more
        return (effects, ended)
    }

    /// The workers of a spot could not be started.
    mutating func failed(_ id: Int, _ message: String) -> [Ended] {
        busy.remove(id)
        let change = roster.changes.firstIndex { $0.made == id }.map { roster.changes.remove(at: $0) }
        return (change.map { [Ended(change: $0, result: .failure(Failure(message: message)))] } ?? []) + closed(id)
    }

    /// The workers of a spot have another size, or could not be had and are as they were.
    mutating func resized(_ id: Int, _ size: SpotSize) -> [Effect] {
        busy.remove(id)
        guard let index = index(id) else { return [] }
        return roster.spots[index].state == .draining ? [] : [adjustment(of: id)].compactMap(\.self)
    }

    /// A spot is gone.
    mutating func closed(_ id: Int) -> [Ended] {
        let address = index(id).map { roster.spots.remove(at: $0).address.description } ?? ""
        sizes[id] = nil
        let done = roster.changes.filter { $0.removed == id && !isBeingMade($0.made) }
        roster.changes.removeAll { done.contains($0) }
        return done.map { change in
            let made = change.made.flatMap(index).map { roster.spots[$0].address.description }
            return Ended(change: change, result: .success(made ?? address))
        }
    }

    // MARK: Parts

    private func index(_ id: Int) -> Int? { roster.spots.firstIndex { $0.id == id } }

    private func isReady(_ id: Int?) -> Bool {
        id.flatMap(index).map { roster.spots[$0].state == .ready } ?? false
    }

    /// Whether a change that makes the spot goes on.
    private func isMade(_ id: Int) -> Bool { roster.changes.contains { $0.made == id } }

    private func isBeingMade(_ id: Int?) -> Bool {
        id.flatMap(index).map { roster.spots[$0].state == .creating } ?? false
    }

    /// Whether a change takes the spot away, now or later.
    private func isLeaving(_ id: Int) -> Bool { roster.changes.contains { $0.removed == id } }

    /// Nil where none is named.
    private func find(_ address: SpotAddress?) throws(PlatformError) -> Spot? {
        guard let address else { return nil }
        guard let spot = self[address] else { throw .noSpot }
        return spot
    }

    private func checkRoom(forSpot: Bool = true) throws(PlatformError) {
        if forSpot, roster.spots.count >= Self.maximumSpots {
            throw PlatformError(
                .invalidRequest, "There are \(roster.spots.count) spots, which is the most that may be.")
        }
        if roster.changes.count >= Self.maximumChanges {
            throw PlatformError(
                .busy, "\(roster.changes.count) changes of spots are under way; try again later.", retryAfterSeconds: 10
            )
        }
    }

    private mutating func nextAddress() -> SpotAddress {
        defer { roster.nextNumber += 1 }
        return SpotAddress(number: roster.nextNumber)
    }

    /// A new spot, named to the workers' host by its first number.
    private mutating func make(at now: Timestamp) -> Int {
        let address = nextAddress()
        roster.spots.append(Spot(id: address.number, address: address, state: .creating, createdAt: now))
        return address.number
    }

    private mutating func opening(_ id: Int) -> Effect {
        busy.insert(id)
        sizes[id] = roster.size
        return .open(id, roster.size)
    }

    /// What brings a spot to the wanted size, unless it is being changed: then that is asked again afterwards.
    private mutating func adjustment(of id: Int) -> Effect? {
        guard isReady(id), !busy.contains(id), sizes[id] != roster.size else { return nil }
        busy.insert(id)
        sizes[id] = roster.size
        return .resize(id, roster.size)
    }

    /// Takes no more calls. One that is being opened is closed when it is open, one that drains already when it was asked first.
    private mutating func drain(_ id: Int) -> [Effect] {
        guard let index = index(id), roster.spots[index].state != .draining else { return [] }
        let isOpening = roster.spots[index].state == .creating
        roster.spots[index].state = .draining
        return isOpening ? [] : [.close(id)]
    }

    /// Ends the change that made a spot.
    private mutating func finishMaking(_ id: Int, _ effects: [Effect]) -> (effects: [Effect], ended: [Ended]) {
        guard let place = roster.changes.firstIndex(where: { $0.made == id }), let index = index(id) else {
            return (effects, [])
        }
        let change = roster.changes.remove(at: place)
        var effects = effects
        // It was removed while it was made in another one's place: that one goes all the same.
        if let old = change.removed, self.index(old) != nil { effects += drain(old) }
        return (effects, [Ended(change: change, result: .success(roster.spots[index].address.description))])
    }
}
