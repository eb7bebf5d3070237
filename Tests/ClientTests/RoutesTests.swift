import Testing

@testable import Client

@Suite struct RoutesTests {
    @Test func withoutAnApplicationTheSeedDocumentsPathsAreUsed() {
        let routes = Routes(prefix: "v1", application: nil)
        #expect(routes.functions == "/v1/functions/")
        #expect(routes.function("a b/c") == "/v1/functions/a%20b%2Fc")
        #expect(routes.runAndWait("f") == "/v1/sync/functions/f/rpc/")
        #expect(routes.spots == "/v1/spots/")
        #expect(routes.replaceSpot("127.0.1.1") == "/v1/spots/replace/127.0.1.1")
        #expect(routes.qualified("f") == "f")
    }

    @Test func withAnApplicationThoseOfTheLastClientAre() {
        let routes = Routes(prefix: "api", application: "app")
        #expect(routes.functions == "/api/functions/app/")
        #expect(routes.run("f") == "/api/functions/app/f/rpc/")
        #expect(routes.runInBulk("f") == "/api/functions/app/f/bulk_rpc/")
        #expect(routes.spots == "/api/nodes/app/")
        #expect(routes.spot("127.0.1.1") == "/api/nodes/app/127.0.1.1")
        #expect(routes.execution("u") == "/api/executions/u")
        #expect(routes.executionsInBulk == "/api/executions/bulk")
        #expect(routes.qualified("f") == "app/f" && routes.qualified("other/f") == "other/f")
    }

    @Test func argumentsTravelInTheQueryWhereTheyAreFewStrings() throws {
        #expect(FaaspotClient.query(for: [:]) == "")
        #expect(FaaspotClient.query(for: ["a": "1 2", "b&": "ü"]) == "a=1%202&b%26=%C3%BC")
        #expect(FaaspotClient.query(for: ["a": 1]) == nil)
        #expect(FaaspotClient.query(for: ["a": .string(String(repeating: "x", count: 5000))]) == nil)
    }

    @Test(arguments: [
        ("Success", ExecutionState.succeeded), ("completed", .succeeded), ("FAILURE", .failed), ("failed", .failed),
        ("Cancelled", .failed), ("Started", .unfinished), ("Pending", .unfinished), ("", .unfinished),
    ])
    func statusesAreUnderstood(_ status: String, _ state: ExecutionState) { #expect(ExecutionState(status) == state) }

    @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("ü:b", "w7w6Yg==")])
    func base64IsTheStandardOne(_ text: String, _ encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
    }
}
