import HTTPTypes
import Hummingbird

/// Takes the body from answers that have none: a client would take it for the beginning of the next one.
struct BodilessAnswers<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        if request.method == .head { return response.createHeadResponse() }
        guard response.status == .noContent || response.status == .notModified else { return response }
        var bare = Response(status: response.status, headers: response.headers)
        bare.headers[.contentLength] = nil
        return bare
    }
}
