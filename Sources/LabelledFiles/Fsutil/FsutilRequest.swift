import FoundationEssentials
import Labels

/// What `fsutil` is asked; keys that it does not know mean nothing.
struct FsutilRequest: Decodable {
    var op: String
    var args: Arguments?

    /// - Throws: `malformed`, or `badPath`, with what is wrong.
    init(reading payload: [UInt8]) throws(FileRefusal) {
        do { self = try JSONDecoder().decode(Self.self, from: Data(payload)) } catch {
            switch error {
            case let refusal as FileRefusal: throw refusal
            case let error as LabelError: throw FileRefusal(.malformed, detail: "\(error)")
            case let error as DecodingError: throw FileRefusal(.malformed, detail: Self.sentence(error))
            default: throw FileRefusal(.malformed)
            }
        }
    }

    private static func sentence(_ error: DecodingError) -> String? {
        switch error {
        case .keyNotFound(let key, let context): "`\(path(context.codingPath + [key]))` is missing."
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.codingPath.isEmpty ? nil : "`\(path(context.codingPath))`: \(context.debugDescription)"
        @unknown default: nil
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String { keys.map(\.stringValue).joined(separator: ".") }

    struct Arguments: Decodable {
        var path: WirePath?
        var base: WirePath?
        var name: String?
        var label: WireLabel?
        var data: String?
        var payload: String?
        var privilege: WireComponent?
        var clearance: WireComponent?
        var declassify: WireComponent?
        var memory: Int?
        var appImage: WirePath?
        var runtime: WirePath?
        var kernel: WirePath?
        var gate: WirePath?
        var taint: WireTaint?
        var url: String?
        var verb: WireVerb?
        var headers: [String: String]?
        var sync: Bool?
        var params: [String: String]?
        var policy: String?
        var redirectPath: WirePath?
        /// How the function of a gate is called.
        var settings: GateSettings?
        /// Whether a gate or blob that has the name is to be changed.
        var replace: Bool?
        /// Whether a list is to have labels.
        var long: Bool?

        private enum CodingKeys: String, CodingKey {
            case path, base, name, label, data, payload, privilege, clearance, declassify, memory, runtime, kernel, gate
            case taint, url, verb, headers, sync, params, policy
            case settings, replace, long
            case appImage = "app_image"
            case redirectPath = "redirect_path"
        }
    }
}

/// A label, or a component for its secrecy.
struct WireTaint: Decodable {
    let label: Label

    init(from decoder: any Decoder) throws {
        if let label = try? WireLabel(from: decoder).label {
            self.label = label
        } else {
            label = Label(secrecy: try WireComponent(from: decoder).component, integrity: .true)
        }
    }
}

/// A number or a name.
struct WireVerb: Decodable {
    let verb: HTTPVerb

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = (try? container.decode(Int.self)).map(String.init) ?? (try? container.decode(String.self))
        guard let text, let verb = HTTPVerb(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "this is no HTTP verb")
        }
        self.verb = verb
    }
}

/// What a reply says; nil where there is nothing to say.
enum FsutilValue: Encodable {
    case text(String)
    case kinds([String: Int])
    case details([String: Detail])
    case labels([Label])
    case names([String])
    case facets([String: [String]])
    case call(Called)

    /// What a long list says of a name; a faceted directory has no label.
    struct Detail: Encodable {
        var kind: Int
        var label: String?
    }

    struct Called: Encodable {
        var success: Bool
        var status: UInt32
        var data: String
        /// Of a call that is not waited for.
        var invocation: String?

        private enum CodingKeys: String, CodingKey { case success, status, fd, data, invocation }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(success, forKey: .success)
            try container.encode(status, forKey: .status)
            // Handles mean nothing outside.
            try container.encodeNil(forKey: .fd)
            try container.encode(data, forKey: .data)
            try container.encodeIfPresent(invocation, forKey: .invocation)
        }
    }

    private struct Names: Encodable { var names: [String] }
    private struct Facets: Encodable { var facets: [String: Names] }

    func encode(to encoder: any Encoder) throws {
        switch self {
        case .text(let text): try text.encode(to: encoder)
        case .kinds(let kinds): try kinds.encode(to: encoder)
        case .details(let details): try details.encode(to: encoder)
        case .labels(let labels): try labels.encode(to: encoder)
        case .names(let names): try Names(names: names).encode(to: encoder)
        case .facets(let facets): try Facets(facets: facets.mapValues { Names(names: $0) }).encode(to: encoder)
        case .call(let called): try called.encode(to: encoder)
        }
    }
}

struct FsutilAnswer: Encodable {
    var success: Bool
    var value: FsutilValue?
    var error: String?
    /// What is wrong with what was given.
    var detail: String?
}
