import HTTPTypes
import Hummingbird

/// What is answered where no face has a path.
struct NothingHere {
    private static let body = ByteBuffer(string: #"{"message":"Not found.","detail":"Not found.","error_code":null}"#)

    func addRoutes<Context: RequestContext>(to router: Router<Context>) {
        for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete, .head, .options] {
            router.on("**", method: method) { _, _ in
                Response(
                    status: .notFound, headers: [.contentType: "application/json"],
                    body: ResponseBody(byteBuffer: Self.body))
            }
        }
    }
}
