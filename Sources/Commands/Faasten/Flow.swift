import Client
import Labels

/// A question of whether data may flow, and its answer.
struct Flow {
    let from: Label
    let to: Label
    let privilege: Component
    /// What stands in the way, with the privilege.
    let obstacles: [FlowObstacle]
    let flowsByItself: Bool

    init(from: Label, to: Label, privilege: Component) {
        self.from = from
        self.to = to
        self.privilege = privilege
        obstacles = from.obstacles(to: to, with: privilege)
        flowsByItself = from.canFlow(to: to)
    }

    var isAllowed: Bool { obstacles.isEmpty }

    /// The least privilege that takes the obstacles away; nil where there are none, or it would be too large.
    var neededPrivilege: Component? {
        guard !isAllowed else { return nil }
        return try? obstacles.reduce(privilege) { try $0.and($1.demand) }
    }

    /// Whole sentences, one a line.
    var explanation: String {
        let holder = privilege.isTrue ? "" : " by a holder of \(privilege)"
        guard !isAllowed else {
            if flowsByItself { return "Yes: data may flow from \(from) to \(to), whoever moves it." }
            let lines = from.obstacles(to: to).map { "- \($0)" }
            return (["Yes: data may flow from \(from) to \(to)\(holder). Without that privilege it may not:"] + lines)
                .joined(separator: "\n")
        }
        var lines = ["No: data may not flow from \(from) to \(to)\(holder)."] + obstacles.map { "- \($0)" }
        if let neededPrivilege { lines.append("It may flow by a holder of \(neededPrivilege).") }
        return lines.joined(separator: "\n")
    }

    var json: JSON {
        [
            "from": .string(from.description), "to": .string(to.description),
            "privilege": .string(privilege.description), "flows": .bool(isAllowed),
            "flows_without_privilege": .bool(flowsByItself),
            "obstacles": .array(
                obstacles.map {
                    [
                        "half": .string($0.half.rawValue), "demand": .string($0.demand.description),
                        "reason": .string($0.description),
                    ]
                }), "needed_privilege": neededPrivilege.map { .string($0.description) } ?? .null,
        ]
    }
}
