import HTTPTypes
import Hummingbird

/// Answers where no face has the path, or the method of the path.
struct NothingHere<Context: RequestContext>: RouterMiddleware {
    private let body = ByteBuffer(
        string: #"{"message":"Not found.","detail":"Not found.","error_code":null,"server_traceback":null}"#)

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch let error as HTTPError where error.status == .notFound {
            return Response(
                status: .notFound, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
        }
    }
}
