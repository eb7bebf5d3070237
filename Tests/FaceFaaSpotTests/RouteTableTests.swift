import Foundation
import HTTPTypes
import Model
import Platform
import Storage
import TestSupport
import Testing

@testable import FaceFaaSpot

/// Asks the real router for every operation of the OpenAPI document.
struct RouteTableTests {
    /// What stands in a path for its variables.
    private static let values = [
        "name": "hello", "uuid": "01900000-0000-7000-8000-000000000000", "ip": "127.0.1.1",
        "id": "01900000-0000-7000-8000-000000000001", "user": "somebody",
    ]

    private static func uri(_ route: Route, _ change: [String: String] = [:]) -> String {
        values.merging(change) { $1 }.reduce(Document.path(route)) { path, value in
            path.split(separator: "{\(value.key)}", omittingEmptySubsequences: false).joined(separator: value.value)
        }
    }

    private static func fixture(_ scopes: Set<TokenScope> = [.admin]) async throws -> FaceFixture {
        let fixture = try await FaceFixture(scopes: scopes)
        try await fixture.platform.deploy("hello")
        try await fixture.platform.platform.spots.restore(
            first: SpotSize(minimumWorkers: 1, maximumWorkers: 1), count: 1)
        return fixture
    }

    @Test func `the document is JSON that anybody may read, and its references lead somewhere`() async throws {
        let fixture = try await FaceFixture()
        let body = try await fixture.test(headers: [:]) { ask in
            let answer = try await ask(.get, "/v1/openapi.json", nil)
            #expect(answer.status == 200)
            return answer.body
        }
        let document = try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        #expect(document["openapi"] as? String == "3.1.0")
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        #expect(paths.values.reduce(0) { $0 + $1.count } == Route.all.count)
        let operations = paths.values.flatMap {
            $0.values.compactMap { ($0 as? [String: Any])?["operationId"] as? String }
        }
        #expect(Set(operations).count == Route.all.count, "every operation has an id of its own")
        let schemas = Set(Schema.named.map(\.name))
        for part in body.components(separatedBy: "#/components/schemas/").dropFirst() {
            #expect(schemas.contains(String(part.prefix { $0 != "\"" })))
        }
    }

    @Test(arguments: Route.all.indices)
    func `every documented operation is there`(_ index: Int) async throws {
        let route = Route.all[index]
        try await Self.fixture().test { ask in
            let answer = try await ask(route.method, Self.uri(route), nil)
            #expect(answer.status != 405)
            // What is not there is the thing, not the path: those are told apart by an operation on what is there.
            if !route.errors.contains(404) { #expect(answer.status != 404) }
        }
    }

    @Test func `what is not documented is no method of its path`() async throws {
        try await Self.fixture().test { ask in
            for path in Set(Route.all.map(Document.path)) {
                let routes = Route.all.filter { Document.path($0) == path }
                for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete]
                where !routes.contains(where: { $0.method == method }) {
                    let answer = try await ask(method, Self.uri(routes[0]), nil)
                    #expect(answer.status == 405 && answer.body == failure("Method not allowed."), "\(method) \(path)")
                }
            }
            #expect(try await ask(.get, "/v1/else", nil).status == 404)
            #expect(try await ask(.get, "/v1/tokens/a/b", nil).status == 404)
        }
    }

    /// The scopes that let an operation pass.
    private static func scopes(_ route: Route) -> [TokenScope] {
        guard case .scope(let scopes) = route.need else { return [] }
        return scopes + [.admin]
    }

    @Test func `without a valid credential every operation is a 401 with the same body`() async throws {
        let fixture = try await Self.fixture()
        let tokens = fixture.platform.platform.tokens
        let past = Timestamp(microseconds: 1)
        let expired = try await tokens.issue(name: "expired", scopes: [.admin], expiresAt: past).secret
        let (token, revoked) = try await tokens.issue(name: "revoked", scopes: [.admin])
        _ = try await tokens.verify(revoked)
        _ = try await tokens.revoke(token.id)
        var headers: [HTTPFields] = [[:]]
        headers += ["Token nonsense", "Token \(expired)", "Bearer \(revoked)", "Basic !", "Digest x"].map {
            [.authorization: $0]
        }
        for header in headers {
            try await fixture.test(headers: header) { ask in
                for route in Route.all where route.need != .nothing {
                    for change in [[:], ["name": "none", "ip": "127.0.9.9"]] {
                        let answer = try await ask(route.method, Self.uri(route, change), route.body.map { _ in "{" })
                        #expect(
                            answer.status == 401 && answer.body == failure("Invalid token."),
                            "\(header) \(route.method) \(route.path)")
                    }
                }
            }
        }
    }

    @Test(arguments: TokenScope.allCases)
    func `a token without the scope is a 403 that tells nothing`(_ scope: TokenScope) async throws {
        try await Self.fixture([scope]).test { ask in
            for route in Route.all where route.need != .nothing && !Self.scopes(route).contains(scope) {
                for change in [[:], ["name": "none", "ip": "127.0.9.9"]] {
                    let answer = try await ask(route.method, Self.uri(route, change), route.body.map { _ in "{" })
                    let needed = answer.body.contains("scope `") && answer.body.contains("has: \(scope.rawValue).")
                    #expect(answer.status == 403 && needed, "\(route.method) \(route.path): \(answer)")
                }
            }
        }
    }

    @Test func `a token of another function gets a 404 where it looks and a 403 where it changes`() async throws {
        let fixture = try await Self.fixture()
        let id = try await fixture.platform.platform.enqueue(
            FunctionKey(name: try FunctionName("hello")), inputs: [Array("{}".utf8)])[0]
        let secret = try await fixture.platform.platform.tokens.issue(
            name: "other", scopes: [.read, .run, .deploy], functions: [try #require(FunctionPattern("other*"))]
        ).secret
        try await fixture.test(headers: [.authorization: "Token \(secret)"]) { ask in
            for route in Route.all where route.isAboutFunction {
                for change in [["uuid": "\(id)"], ["name": "none"]] {
                    let answer = try await ask(route.method, Self.uri(route, change), route.body.map { _ in "{}" })
                    if route.need == .scope([.deploy]) {
                        let names = answer.body.contains("only for the functions: other*.")
                        #expect(answer.status == 403 && names, "\(route.method) \(route.path)")
                    } else {
                        #expect(
                            answer.status == 404 && answer.body == failure("Not found."),
                            "\(route.method) \(route.path): \(answer)")
                    }
                }
            }
            #expect(try await ask(.get, "/v1/functions/", nil).body == "[]")
            #expect(try await ask(.get, "/v1/executions/?include_completed=True", nil).body == "[]")
            #expect(try await ask(.post, "/v1/executions/bulk", "[\"\(id)\"]").body == "[]")
            let create = #"{"name": "hello2", "code": "def main(args, context): pass"}"#
            #expect(try await ask(.put, "/v1/functions/", create).status == 403)
            let own = #"{"name": "other-1", "code": "def main(args, context): pass"}"#
            #expect(try await ask(.put, "/v1/functions/", own).status == 200)
            #expect(try await ask(.patch, "/v1/functions/other-1", #"{"name": "hello3"}"#).status == 403)
            #expect(try await ask(.get, "/v1/sync/functions/other-1/rpc/", nil).status == 200)
            #expect(try await ask(.get, "/v1/functions/", nil).body.contains("other-1"))
        }
    }
}
