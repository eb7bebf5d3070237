#if DEBUG
    @testable import FaceOpenFaaS
    import HTTPTypes
    import Model
    import Platform

    /// What the OpenFaaS surface reads: requests, archives to build, and what guests answer.
    extension FuzzTarget {
        /// A guest's answer: whatever it is, it must become a response that can be sent.
        static let gatewayAnswers = FuzzTarget("gateway-answers", corpus: answerCorpus) {
            { input in
                if let response = GatewayResponse(decoding: input) {
                    _ = HTTPResponse.Status(code: response.status)
                    let fields = CallHeaders.fromFunction(response.headers)
                    precondition(fields[.contentLength] == nil && fields[.connection] == nil)
                    precondition(fields.allSatisfy { HTTPField.isValidValue($0.value) })
                }
                guard let request = GatewayRequest(decoding: input) else { return }
                let again = GatewayRequest(decoding: request.encoded)
                precondition(again?.encoded == request.encoded, "another request")
            }
        }

        /// Archives that are to be built, and the small texts of deployments and calls.
        static let gatewayRequests = FuzzTarget("gateway-requests", corpus: requestCorpus) {
            { input in
                if let parcel = try? BuildParcel(input), let order = try? parcel.order() {
                    precondition(!order.image.isEmpty && Language(rawValue: order.language) != nil)
                }
                let text = String(decoding: input, as: UTF8.self)
                if let duration = Amount.duration(text) { precondition(duration >= .zero) }
                if let bytes = Amount.bytes(text) { precondition(bytes >= 0) }
                if let key = GatewayName.key(stored: text) {
                    precondition(GatewayName.key(stored: GatewayName.text(key)) == key, "another function")
                }
                if let address = try? CallAddress(text, below: "/function/") {
                    precondition(!address.name.isEmpty && address.path.hasPrefix("/"))
                }
                precondition(!GatewayName.isDeployable(text) || (try? FunctionName(text)) != nil)
            }
        }

        private static var answerCorpus: [[UInt8]] {
            [
                HostFields.encode([[200, 0], Array("body".utf8), Array("Content-Type".utf8), Array("text/plain".utf8)]),
                HostFields.encode([[0xFF, 0xFF], []]), HostFields.encode([[]]),
                GatewayRequest(
                    method: "POST", path: "/a", query: "b=c", function: "f.ns", body: [1, 2], headers: [("A", "b")]
                ).encoded,
            ]
        }

        private static var requestCorpus: [[UInt8]] {
            ["1m30s", "0.5Gi", "250ms", "hello.openfaas-fn", "a.b.dev", "/function/hello.dev/path?x", "1e400", "inf"]
                .map { Array($0.utf8) }
        }
    }
#endif
