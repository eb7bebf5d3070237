import HTTPTypes
import Hummingbird
import Logging
public import Model
import NIOCore
public import Platform
public import PlatformHTTP

/// The HTTP surface that FaaSpot's users know: `/v1`, the older `/api`, and their dialects. It only translates.
public struct FaaSpotFace: Sendable {
    /// What its operator may set.
    public struct Configuration: Sendable {
        /// The address that `runner_url` begins with; nil: what the request says that it was sent to.
        public var publicURL: String?
        /// Bytes of a request's body.
        public var maximumRequestBodyBytes = 8 << 20
        /// Bytes of the body of a bulk request.
        public var maximumBulkBodyBytes = 64 << 20
        /// Whether `/metrics` is answered here; else who composes the server shows ``FaaSpotFace/metricsText()``.
        public var servesMetrics = true

        public init() {}
    }

    let platform: Platform
    let configuration: Configuration

    public init(platform: Platform, configuration: Configuration) {
        self.platform = platform
        self.configuration = configuration
    }

    /// An execution as this surface shows it, in JSON.
    public static func executionObject(_ execution: Execution) -> [UInt8] {
        Reply.written { ExecutionBody.write(execution, into: &$0) }
    }

    /// Adds this surface's paths. What they mean is told by ``Address``, for a trailing slash makes a difference here.
    public func add(to paths: inout PathTable) {
        for path in ["v1/**", "api/**", "sync/deployments/**"] + (configuration.servesMetrics ? ["metrics"] : []) {
            paths.on(path, PathTable.methods) { request, context in
                await respond(to: request, logger: context.logger)
            }
        }
    }

    private func respond(to request: Request, logger: Logger) async -> Response {
        let path = request.uri.path
        do {
            // The one thing for which nobody needs a token.
            if request.method == .get, path.hasSuffix("/openapi.json"), (try? Address(path: path))?.target == .document
            {
                return Reply.json(Document.bytes)
            }
            let access = try await platform.signIn(authorization: request.headers[.authorization])
            let address = try Address(path: path)
            return try await answer(Call(request: request, address: address, access: access))
        } catch {
            let failure = Self.failure(error)
            if failure.status.code == 500, failure.code == nil {
                let cause = (error as? PlatformError)?.cause ?? error
                logger.error("a request failed", metadata: ["path": "\(path)", "error": "\(cause)"])
            }
            return Reply.failure(failure)
        }
    }

    private func answer(_ call: Call) async throws -> Response {
        let method = call.request.method
        switch (call.address.target, method) {
        case (.blockingRun(let key), _): return try await runBlocking(key, call)
        case (.run(let key), .get), (.run(let key), .post): return try await run(key, call)
        case (.bulk(let key), .post): return try await runInBulk(key, call)
        case (.envelope(let key), _): return try await runInEnvelope(key, call)
        case (.functions, .get): return try await listFunctions(.default, call)
        case (.functions, .put): return try await createFunction(.default, call)
        case (.applicationOrFunction(let name), .get):
            return try await listFunctions(try Address.namespace(name), call)
        case (.applicationOrFunction(let name), .put):
            return try await createFunction(try Address.namespace(name), call)
        case (.applicationOrFunction(let name), .patch):
            return try await updateFunction(FunctionKey(name: try FunctionName(name)), call)
        case (.applicationOrFunction(let name), .delete):
            return try await deleteFunction(FunctionKey(name: try FunctionName(name)), call)
        case (.function(let key), .get): return try await getFunction(key, call)
        case (.function(let key), .patch): return try await updateFunction(key, call)
        case (.function(let key), .delete): return try await deleteFunction(key, call)
        case (.executions, .get): return try await listExecutions(call)
        case (.executionsInBulk, .post): return try await getExecutions(call)
        case (.execution(let id), .get): return try await getExecution(id, call)
        case (.execution(let id), .delete): return try await cancelExecution(id, call)
        case (.executionLogs(let id), .get): return try await getLogs(id, call)
        case (.executionGraph(let id), .get): return try await getGraph(id, call)
        case (.batch(let id), .get): return try await getBatch(id, call)
        case (.deadLetters, .get): return try await listDeadLetters(call)
        case (.deadLetters, .delete): return try await purgeDeadLetters(call)
        case (.deadLetter(let id), .delete): return try await purgeDeadLetter(id, call)
        case (.redrive(let id), .post): return try await redriveDeadLetter(id, call)
        case (.redriveAll, .post): return try await redriveDeadLetters(call)
        case (.metrics, .get): return try await getMetrics(call)
        case (.spots, .get): return try listSpots(call)
        case (.spot(let address), .get): return try getSpot(address, call)
        case (.spots, .put): return try await addSpot(call)
        case (.spots, .delete): return try await removeSpot(nil, call)
        case (.spot(let address), .delete): return try await removeSpot(address, call)
        case (.spots, .patch): return try await changeSpots(call)
        case (.replaceSpot(let address), .get): return try await replaceSpot(address, call)
        case (.tokens, .get): return try await listTokens(call)
        case (.tokens, .put): return try await createToken(call)
        case (.token(let id), .delete): return try await revokeToken(id, call)
        case (.users, .get): return try await listUsers(call)
        case (.users, .put): return try await createUser(call)
        case (.user(let name), .patch): return try await updateUser(name, call)
        case (.user(let name), .delete): return try await deleteUser(name, call)
        case (.audit, .get): return try await listAudit(call)
        case (.keyRotation, .post): return try await rotateKeys(call)
        default: throw Failure.methodNotAllowed
        }
    }

    static func failure(_ error: any Error) -> Failure {
        switch error {
        case let failure as Failure: failure
        case let error as PlatformError: Failure(error)
        case let fault as JSONFault: Failure.badRequest("\(fault.sentence).")
        case let error as InvalidName: Failure.invalidName(error.name)
        case let error as InvalidNameText: Failure.invalidName(error.name)
        default: Failure(.internalServerError, "The request failed; the server's log says why.")
        }
    }
}
