import LabelledFiles

/// Labels as the definition says them, slowly: clauses of principals of tokens; nil is false. Shares nothing with `Labels`.
struct SlowFormula: CustomStringConvertible {
    var clauses: [[[String]]]?

    /// Reads texts without escapes.
    init(_ text: String) {
        switch text {
        case "F": clauses = nil
        case "T": clauses = []
        default:
            clauses = text.split(separator: "&").map { clause in
                clause.split(separator: "|").map { $0.split(separator: "/").map(String.init) }
            }
        }
    }

    private init(clauses: [[[String]]]?) { self.clauses = clauses }

    func implies(_ other: SlowFormula) -> Bool {
        guard let clauses else { return true }
        guard let goals = other.clauses else { return false }
        return goals.allSatisfy { goal in clauses.contains { Self.implies($0, goal) } }
    }

    func and(_ other: SlowFormula) -> SlowFormula {
        guard let clauses, let more = other.clauses else { return SlowFormula(clauses: nil) }
        return SlowFormula(clauses: clauses + more)
    }

    /// Without what a privilege can drop.
    func without(_ privilege: SlowFormula) -> SlowFormula {
        guard let power = privilege.clauses else { return SlowFormula(clauses: []) }
        return SlowFormula(clauses: clauses?.filter { goal in !power.contains { Self.implies($0, goal) } })
    }

    private static func implies(_ clause: [[String]], _ goal: [[String]]) -> Bool {
        clause.allSatisfy { principal in goal.contains { $0.starts(with: principal) } }
    }

    var description: String {
        guard let clauses else { return "F" }
        return clauses.map { $0.map { $0.joined(separator: "/") }.joined(separator: "|") }.joined(separator: "&")
    }
}

/// Follows sentences, which are written nowhere else, through the system: it looks only at bytes that come out of it.
struct ReferenceMonitor {
    /// What one may have of a sentence: who must consent to reading it, and who vouches for it.
    private struct Face {
        var secrecy: SlowFormula
        var integrity: SlowFormula
    }

    struct Actor {
        let privilege: SlowFormula
        /// All that this actor has been told, and where it began.
        var knowledge: SlowFormula
        var integrity: SlowFormula

        init(privilege: String, label: String) {
            let halves = label.split(separator: ",").map(String.init)
            self.privilege = SlowFormula(privilege)
            knowledge = SlowFormula(halves[0])
            integrity = SlowFormula(halves[1])
        }
    }

    private var faces: [[Face]] = []
    /// How often something was read that somebody else had written.
    private(set) var received = 0
    /// How many sentences left the system.
    private(set) var sent = 0

    /// A new sentence of an actor, who may say what its privilege lets it, and vouches for it so far.
    mutating func sentence(of actor: Actor) -> [UInt8] {
        let face = Face(
            secrecy: actor.knowledge.without(actor.privilege), integrity: actor.integrity.and(actor.privilege))
        faces.append([face])
        return Self.bytes(faces.count - 1)
    }

    /// Says what is wrong with telling an actor this, who has this label then.
    mutating func told(_ actor: inout Actor, _ reply: [[UInt8]], label: String) -> String? {
        let halves = label.split(separator: ",").map { SlowFormula(String($0)) }
        for number in reply.flatMap(Self.sentences) where number < faces.count {
            let allowed = faces[number].filter { face in
                halves[0].and(actor.privilege).implies(face.secrecy)
                    && face.integrity.and(actor.privilege).implies(halves[1])
            }
            guard !allowed.isEmpty else {
                return "sentence \(number) of \(faces[number]) was told to \(actor) under \(label)"
            }
            received += 1
            // Who was told it may pass it on, as far as its privilege goes.
            for face in allowed.prefix(4) where faces[number].count < 64 {
                faces[number].append(
                    Face(
                        secrecy: face.secrecy.without(actor.privilege), integrity: face.integrity.and(actor.privilege)))
            }
            let least = allowed[0].secrecy
            if !actor.knowledge.implies(least) { actor.knowledge = actor.knowledge.and(least) }
        }
        return nil
    }

    /// A sentence of the world outside, which nobody may be told before it is known what it answers.
    mutating func foreignSentence() -> (number: Int, bytes: [UInt8]) {
        faces.append([])
        return (faces.count - 1, Self.bytes(faces.count - 1))
    }

    /// Says what is wrong with a request that leaves the system, to an address that tells of its service, and that a foreign
    /// sentence answers.
    mutating func heard(_ request: ServiceRequest, from actor: Actor, answered answer: Int) -> String? {
        guard let service = Service(request.url) else { return "\(request.url) is of no service" }
        guard service.maker.implies(service.privilege) else { return "\(service) can do more than who made it" }
        guard actor.privilege.implies(service.clearance) else { return "\(actor) sent what \(service) is not for" }
        // What the sender can shed may go, and what those can shed who made the service.
        let power = service.privilege.and(actor.privilege)
        guard power.implies(actor.knowledge) else { return "\(actor) told the world through \(service)" }
        for number in Self.sentences(request.body) where number < faces.count {
            guard faces[number].contains(where: { power.implies($0.secrecy) }) else {
                return "sentence \(number) of \(faces[number]) left through \(service)"
            }
            sent += 1
        }
        faces[answer] = [Face(secrecy: service.taint, integrity: service.trust)]
        return nil
    }

    /// What a service was made with, as its address says.
    private struct Service {
        let privilege: SlowFormula
        let clearance: SlowFormula
        let taint: SlowFormula
        let trust: SlowFormula
        /// Whose power it was made with.
        let maker: SlowFormula

        init?(_ url: String) {
            guard let start = url.firstRange(of: "http://h/?") else { return nil }
            let fields = url[start.upperBound...].split(separator: ";").map(String.init)
            guard fields.count == 4 else { return nil }
            let halves = fields[0...1].flatMap { $0.split(separator: ",").map { SlowFormula(String($0)) } }
            guard halves.count == 4 else { return nil }
            (privilege, clearance, taint, trust) = (halves[0], halves[1], halves[2], halves[3])
            maker = SlowFormula(fields[2])
        }
    }

    private static func bytes(_ number: Int) -> [UInt8] {
        let digits = String(number)
        return Array("#\(String(repeating: "0", count: 6 - digits.count))\(digits);".utf8)
    }

    private static func sentences(_ field: [UInt8]) -> [Int] {
        field.indices.filter { field[$0] == UInt8(ascii: "#") && $0 + 8 <= field.count }.compactMap { place in
            guard field[place + 7] == UInt8(ascii: ";") else { return nil }
            return Int(String(decoding: field[place + 1..<place + 7], as: UTF8.self))
        }
    }
}
