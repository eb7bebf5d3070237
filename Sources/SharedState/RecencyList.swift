/// Elements in the order of their last use. Each is found again by the place that it was given.
struct RecencyList<Element> {
    private struct Node {
        var element: Element?
        var older: Int
        var newer: Int
    }

    /// A place that there is not.
    private static var none: Int { -1 }

    private var nodes: [Node] = []
    private var free: [Int] = []
    private var oldestPlace = Self.none
    private var newestPlace = Self.none
    private(set) var count = 0

    /// The one that was not used for the longest time.
    var oldest: Element? { oldestPlace == Self.none ? nil : nodes[oldestPlace].element }

    /// Adds an element as used just now, and returns its place.
    mutating func insert(_ element: Element) -> Int {
        let node = Node(element: element, older: newestPlace, newer: Self.none)
        let place = free.popLast() ?? nodes.count
        if place == nodes.count { nodes.append(node) } else { nodes[place] = node }
        link(place)
        count += 1
        return place
    }

    /// Notes that an element is used.
    mutating func touch(_ place: Int) {
        guard place != newestPlace else { return }
        unlink(place)
        nodes[place].older = newestPlace
        nodes[place].newer = Self.none
        link(place)
    }

    mutating func remove(_ place: Int) {
        unlink(place)
        nodes[place].element = nil
        free.append(place)
        count -= 1
    }

    /// The elements, the one that was not used for the longest time first, as long as `isWanted` says so.
    func oldest(while isWanted: (Element) -> Bool) -> [Element] {
        var found: [Element] = []
        var place = oldestPlace
        while place != Self.none, let element = nodes[place].element, isWanted(element) {
            found.append(element)
            place = nodes[place].newer
        }
        return found
    }

    private mutating func link(_ place: Int) {
        if newestPlace == Self.none { oldestPlace = place } else { nodes[newestPlace].newer = place }
        newestPlace = place
    }

    private mutating func unlink(_ place: Int) {
        let (older, newer) = (nodes[place].older, nodes[place].newer)
        if older == Self.none { oldestPlace = newer } else { nodes[older].newer = newer }
        if newer == Self.none { newestPlace = older } else { nodes[newer].older = older }
    }
}
