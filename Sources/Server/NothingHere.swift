import Hummingbird

/// What is answered where no face has a path.
enum NothingHere {
    private static let body = ByteBuffer(
        string: #"{"message":"Not found.","detail":"Not found.","error_code":null,"server_traceback":null}"#)

    static var answer: Response {
        Response(
            status: .notFound, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
    }
}
