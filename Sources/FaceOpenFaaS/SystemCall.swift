import HTTPTypes
import Hummingbird
import Model
import Platform

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A request to look after functions, whose sender is known.
struct SystemCall {
    var face: OpenFaaSFace
    var request: Request
    var access: Access

    /// The whole body, of no more bytes than the server and the token allow.
    func body() async throws -> [UInt8] {
        let most = face.configuration.maximumRequestBodyBytes
        let buffer = try await request.body.collect(upTo: min(most, access.maximumBodyBytes ?? most))
        return Array(buffer.readableBytesView)
    }

    /// The body as JSON of a shape; anything else is a 400.
    func body<Body: Decodable>(_ type: Body.Type) async throws -> Body {
        let bytes = try await body()
        do { return try JSONDecoder().decode(type, from: Data(bytes)) } catch let error as DecodingError {
            let place = error.place.map { ": `\($0)`" } ?? ""
            throw Refusal(.badRequest, "The body is not the JSON that is expected\(place).")
        }
    }

    /// The last value of a parameter of the query; nil where it is missing or empty.
    func parameter(_ name: String) -> String? {
        let values = request.uri.queryParameters.filter { $0.key == name[...] }.map { String($0.value) }
        return values.last.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The namespace that the query names, which must exist; without one the default.
    func namespace() async throws -> Namespace { try await face.namespace(parameter("namespace")) }
}

extension DecodingError {
    /// The member that is wrong, where one is.
    fileprivate var place: String? {
        let path =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context
                    .codingPath.map(\.stringValue)
            case .keyNotFound(let key, let context): (context.codingPath + [key]).map(\.stringValue)
            @unknown default: [String]()
            }
        return path.isEmpty ? nil : path.joined(separator: ".")
    }
}
