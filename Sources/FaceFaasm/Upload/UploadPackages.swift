import HTTPTypes
import Hummingbird
import Model
import Platform
import Storage

/// Distributions that the operator has set up for all functions.
extension FaasmFace {
    /// `/faasm/packages`: `GET` lists what was asked for, `PUT` adds lines of requirements, `DELETE …/NAME` takes one away. What is
    /// set up then is answered with the hashes of its wheels.
    func packages(_ request: Request, _ parts: [String], _ access: Access) async throws -> Response {
        switch (request.method, parts.count) {
        case (.get, 0):
            try access.require(.read)
            return Reply.bytes(Self.list(try platform.sharedRequirements()), type: "application/json")
        case (.put, 0):
            try access.require(.admin)
            let most = platform.configuration.maximumRequirementsBytes
            let text = String(buffer: try await request.body.collect(upTo: most))
            return Self.list(try await platform.setUpPackages(text))
        case (.delete, 1):
            try access.require(.admin)
            return Self.list(try await platform.removePackage(parts[0]))
        default: throw Failure(.badRequest, "Bad URL: GET or PUT /faasm/packages, or DELETE /faasm/packages/NAME")
        }
    }

    private static func list(_ lock: [LockedDistribution]) -> Response {
        var writer = JSONWriter()
        writer.distributions(lock)
        return Reply.bytes(writer.bytes, type: "application/json")
    }
}
