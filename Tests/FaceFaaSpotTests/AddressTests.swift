import Model
import Testing

@testable import FaceFaaSpot

struct AddressTests {
    private func key(_ name: String, _ namespace: String = "default") throws -> FunctionKey {
        FunctionKey(namespace: try Namespace(namespace), name: try FunctionName(name))
    }

    private func target(_ path: String) throws -> Address.Target { try Address(path: path).target }

    @Test(arguments: ["/v1/", "/api/"], ["functions", "deployments"])
    func `both prefixes and both nouns mean the same`(prefix: String, noun: String) throws {
        let base = prefix + noun
        #expect(try target(base) == .functions)
        #expect(try target(base + "/") == .functions)
        #expect(try target(base + "/hello") == .function(key("hello")))
        #expect(try target(base + "/hello/") == .applicationOrFunction("hello"))
        #expect(try target(base + "/app/hello.py") == .function(key("hello.py", "app")))
        #expect(try target(base + "/app/hello.py/") == .function(key("hello.py", "app")))
        #expect(try target(base + "/hello/rpc") == .run(key("hello")))
        #expect(try target(base + "/hello/rpc/") == .run(key("hello")))
        #expect(try target(base + "/app/hello/rpc/") == .run(key("hello", "app")))
        #expect(try target(base + "/hello/bulk_rpc/") == .bulk(key("hello")))
        #expect(try target(base + "/app/hello/bulk_rpc") == .bulk(key("hello", "app")))
        #expect(try target("\(prefix)sync/\(noun)/hello/rpc/") == .blockingRun(key("hello")))
        #expect(try target("\(prefix)sync/\(noun)/app/hello/rpc") == .blockingRun(key("hello", "app")))
        #expect(try Address(path: base).dialect.noun == noun)
    }

    @Test func `executions, spots and the envelope`() throws {
        #expect(try target("/v1/executions/") == .executions)
        #expect(try target("/api/executions/bulk") == .executionsInBulk)
        #expect(try target("/v1/executions/abc/") == .execution("abc"))
        #expect(try target("/v1/spots/") == .spots)
        #expect(try target("/v1/spots/127.0.1.1") == .spot("127.0.1.1"))
        #expect(try target("/v1/spots/replace/127.0.1.1/") == .replaceSpot("127.0.1.1"))
        #expect(try target("/v1/nodes/None/") == .spots)
        #expect(try target("/v1/nodes/app/127.0.1.1") == .spot("127.0.1.1"))
        #expect(try target("/v1/nodes/app/replace/127.0.1.1") == .replaceSpot("127.0.1.1"))
        #expect(try target("/sync/deployments/hello/rpc/") == .envelope(key("hello")))
        #expect(try target("/sync/deployments/hello/rpc") == .envelope(key("hello")))
    }

    @Test func `None is the default application`() throws {
        #expect(try target("/v1/functions/None/hello.py") == .function(key("hello.py")))
        #expect(try target("/v1/functions/None/hello/rpc/") == .run(key("hello")))
        #expect(try Address.namespace("None") == .default)
    }

    @Test func `a name may come percent-encoded`() throws {
        #expect(try target("/v1/functions/hello%2Epy") == .function(key("hello.py")))
        #expect(throws: InvalidName.self) { try target("/v1/functions/a%2Fb") }
        #expect(throws: InvalidName.self) { try target("/v1/functions/h%20x") }
        #expect(throws: InvalidNameText.self) { try target("/v1/functions/%ff") }
    }

    @Test(arguments: [
        "/", "/v1", "/v1/", "/v2/functions", "/v1/other", "/v1//functions", "/v1/functions//", "/v1/functions/a//rpc",
        "/v1/functions/a/b/c", "/v1/functions/a/b/c/rpc", "/v1/sync/functions/a", "/v1/sync/functions/a/bulk_rpc",
        "/v1/sync/executions", "/v1/executions/a/b", "/v1/spots/a/b", "/sync/functions/a/rpc",
        "/sync/deployments/a/b/rpc", "/v1/sync",
    ])
    func `anything else is not found`(path: String) {
        #expect { _ = try Address(path: path) } throws: { ($0 as? Failure) == .notFound }
    }

    @Test func `reserved words are no names`() {
        #expect(throws: InvalidName.self) { try target("/v1/functions/rpc") }
        #expect(throws: InvalidName.self) { try target("/v1/functions/bulk_rpc") }
        #expect(throws: InvalidName.self) { try target("/v1/functions/rpc/rpc") }
    }
}
