import HTTPTypes
import Hummingbird
import Model
import Platform

extension FaasmFace {
    /// `POST` of a JSON object that says what to do: planner JSON, or the older worker JSON.
    func invoke(_ request: Request, _ access: Access) async throws -> Response {
        guard request.method == .post else { throw Failure(.methodNotAllowed, "Method not allowed") }
        let body = Array(try await request.body.collect(upTo: bodyLimit(access)).readableBytesView)
        guard !body.isEmpty else { throw Failure(.badRequest, "Empty request") }
        guard let members = JSONMembers(body) else { throw Failure(.badRequest, "Bad JSON in request body") }
        guard members.has("http_type", "payload", "payloadJson") else { return try await legacy(members, access) }
        guard let message = PlannerMessage(members) else { throw Failure(.badRequest, "Unrecognised message type") }
        return try await plan(message, members.text("payload", "payloadJson"), access)
    }

    /// Bytes of a body that this caller may send.
    func bodyLimit(_ access: Access) -> Int {
        min(configuration.maximumInputBytes, access.maximumBodyBytes ?? configuration.maximumInputBytes)
    }
}
