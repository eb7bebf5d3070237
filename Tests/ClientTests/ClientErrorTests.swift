import NIOHTTP1
import Testing

@testable import Client

@Suite struct ClientErrorTests {
    private let connection = Connection(transport: "http", host: "localhost", port: 1)

    private func error(_ status: HTTPResponseStatus, _ body: String) -> ClientError? {
        do {
            _ = try Answer(status: status, bytes: Array(body.utf8)).value(
                url: "http://localhost:1/v1/x", connection: connection)
            return nil
        } catch { return error }
    }

    @Test func aRefusalIsReportedWithStatusAndMessage() {
        let body = #"{"message": "Not found.", "detail": "x", "error_code": null, "server_traceback": null}"#
        #expect(error(.notFound, body)?.report == "Failed to run command. \nException: 404 (Not Found): Not found.")
    }

    @Test func theDetailStandsInForTheMessage() {
        #expect(error(.badRequest, #"{"message": "", "detail": "Why."}"#)?.description == "400 (Bad Request): Why.")
    }

    @Test func aBareStringIsTheMessage() {
        #expect(error(.badRequest, #""Why.""#)?.description == "400 (Bad Request): Why.")
    }

    @Test func aBodyThatIsNoJSONIsShownWithTheAddress() {
        #expect(error(.badGateway, "<html>")?.description == "502 (Bad Gateway): <html> [http://localhost:1/v1/x]")
    }

    @Test func everyStatusButTwoHundredIsAnError() {
        #expect(error(.created, #""x""#)?.description == "201 (Created): x")
        #expect(error(.ok, "3") == nil)
    }

    @Test func theServersCodeAndTracebackAreKept() {
        let body = #"{"message": "ValueError: x", "error_code": "execution_failed", "server_traceback": "Traceback"}"#
        let failure = error(.internalServerError, body)
        #expect(failure?.errorCode == "execution_failed")
        #expect(failure?.serverTraceback == "Traceback")
    }

    @Test func aWrongTokenComesWithHelp() {
        #expect(error(.unauthorized, #"{"message": "Invalid token."}"#)?.hint?.contains("admin.token") == true)
    }

    @Test func otherFailuresHaveTheirOwnWords() {
        #expect(ClientError.local("No action requested.").report == "Failed. No action requested.")
        #expect(
            ClientError(.connection, "refused").report
                == "Failed to connect to FaaSpot server. \nPlease verify connection parameters. \nException: refused")
    }
}
