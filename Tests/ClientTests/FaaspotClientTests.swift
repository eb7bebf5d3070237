import Client
import HTTPTypes
import Testing

@Suite struct FaaspotClientTests {
    @Test func creatingSendsEncodedTexts() async throws {
        let requests = try await FakeServer.with([.init(body: #""id""#)]) { client async throws in
            #expect(try await client.createFunction("f", code: "def f():\n  ü", context: nil) == "id")
        }
        #expect(
            requests == [
                .init(
                    line: "PUT /v1/functions/", authorization: "Token T",
                    body: #"{"name":"f","code":"def%20f%28%29%3A%0A%20%20%C3%BC","context":""}"#)
            ])
    }

    @Test func codeIsDecoded() async throws {
        _ = try await FakeServer.with([.init(body: #"{"code": "a%20%C3%BC", "name": "f"}"#)]) { client async throws in
            #expect(try await client.function("f") == ["code": "a ü", "name": "f"])
        }
    }

    @Test func aBlockingRunOfStringsIsAGetAndOthersAreAPost() async throws {
        let answers = [FakeServer.Answer(body: #""x""#), .init(body: "null")]
        let requests = try await FakeServer.with(answers, application: "app") { client async throws in
            #expect(try await client.runAndWait("f", ["a": "1 2"]) == "x")
            #expect(try await client.runAndWait("f", ["a": 1]) == .null)
        }
        #expect(
            requests.map(\.line) == ["GET /v1/sync/functions/app/f/rpc/?a=1%202", "POST /v1/sync/functions/app/f/rpc/"])
        #expect(requests.map(\.body) == ["", #"{"a":1}"#])
    }

    @Test func listsNameFunctionsByTheirApplication() async throws {
        let requests = try await FakeServer.with(
            Array(repeating: .init(body: "[]"), count: 3), application: "app"
        ) { client async throws in
            #expect(try await client.executions(ExecutionQuery(function: "f")).next == nil)
            #expect(try await client.deadLetters(of: "other/f").items == [])
            _ = try await client.purgeAll(of: "f")
        }
        #expect(
            requests.map(\.line) == [
                "GET /v1/executions/?include_completed=False&deployment=app%2Ff",
                "GET /v1/dead_letters/?function=other%2Ff", "DELETE /v1/dead_letters/?function=app%2Ff",
            ])
    }

    @Test func aUserAndPasswordAreSentAsBasic() async throws {
        let requests = try await FakeServer.with(
            [.init(body: "[]")], credentials: .password(user: "u", password: "p")
        ) { client async throws in
            #expect(try await client.functions() == [])
        }
        #expect(requests.map(\.authorization) == ["Basic dTpw"])
    }

    @Test func waitingAsksUntilTheExecutionHasEnded() async throws {
        let answers = ["Pending", "Started", "Success"].map {
            FakeServer.Answer(body: #"{"status": "\#($0)", "output": 7}"#)
        }
        let requests = try await FakeServer.with(answers) { client async throws in
            var dots = 0
            let policy = WaitPolicy(firstInterval: .milliseconds(1))
            let execution = try await client.wait(for: "id", action: "create", policy: policy) { dots += 1 }
            #expect(execution["output"] == 7)
            #expect(dots == 3)
        }
        #expect(requests.map(\.line) == Array(repeating: "GET /v1/executions/id", count: 3))
    }

    @Test func anExecutionThatFailsIsAnError() async throws {
        let body = #"{"status": "Failure", "output": "ValueError: x", "traceback": "Traceback"}"#
        _ = try await FakeServer.with([.init(body: body)]) { client async throws in
            let error = await #expect(throws: ClientError.self) { try await client.wait(for: "id", action: "get") }
            #expect(error?.report == "ValueError: x")
            #expect(error?.errorCode == "execution_failed")
            #expect(error?.serverTraceback == "Traceback")
        }
    }

    @Test func waitingEndsAtItsTimeout() async throws {
        let answers = Array(repeating: FakeServer.Answer(body: #"{"status": "Started"}"#), count: 100)
        _ = try await FakeServer.with(answers) { client async throws in
            let policy = WaitPolicy(timeout: .milliseconds(5), firstInterval: .milliseconds(2))
            let error = await #expect(throws: ClientError.self) {
                try await client.wait(for: "id", action: "create", policy: policy)
            }
            // How long it took is the machine's affair.
            let report = try #require(error?.report)
            #expect(
                report.wholeMatch(of: /Failed\. Timeout waiting for create completion\. Elapsed time: \d+:\d+/) != nil)
        }
    }

    @Test func refusalsAreErrors() async throws {
        _ = try await FakeServer.with([.init(status: .notFound, body: #"{"message": "Not found."}"#)]) {
            client async throws in
            let error = await #expect(throws: ClientError.self) { try await client.deleteFunction("f") }
            #expect(error?.description == "404 (Not Found): Not found.")
        }
    }

    @Test func whatIsNoFaaSpotServerIsNoticed() async throws {
        _ = try await FakeServer.with([.init(body: "{}"), .init(body: "<html>")]) { client async throws in
            let error = await #expect(throws: ClientError.self) { try await client.functions() }
            #expect(error?.message.contains("not a list") == true)
            await #expect(throws: ClientError.self) { try await client.functions() }
        }
    }

    @Test func spotsAreSetWithTheDocumentedBodies() async throws {
        let answers = [#""id""#, #"{"min_workers": 1, "max_workers": 4}"#, #""id""#, #""id""#].map {
            FakeServer.Answer(body: $0)
        }
        let requests = try await FakeServer.with(answers) { client async throws in
            _ = try await client.addSpot()
            _ = try await client.setWorkers(minimum: 1, maximum: 4)
            _ = try await client.refreshSpot()
            _ = try await client.removeSpot("127.0.1.1")
        }
        #expect(
            requests.map { "\($0.line) \($0.body)" } == [
                #"PUT /v1/spots/ {"region":null,"provider":null}"#,
                #"PATCH /v1/spots/ {"min_workers":1,"max_workers":4}"#,
                #"PATCH /v1/spots/ {"refresh_ip":"all"}"#,
                "DELETE /v1/spots/127.0.1.1 ",
            ])
    }
}
