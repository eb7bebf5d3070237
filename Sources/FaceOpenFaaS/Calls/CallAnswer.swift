import HTTPTypes
import Model
import Platform

/// What the caller of a function is told when a call has ended.
struct CallAnswer {
    var response: GatewayResponse
    /// Who made the error, where it was not the function.
    var origin: Refusal.Origin?

    /// A call that was sent as a ``GatewayRequest``. `timeout` is what is answered where its time was up.
    init(output: [UInt8]?, fault: ExecutionFault?, name: String, timeout: Self) {
        if fault?.kind == .timedOut {
            self = timeout
            return
        }
        if let output, let response = GatewayResponse(decoding: output) {
            self.init(response, fault == nil ? nil : .watchdog)
            return
        }
        switch fault?.kind {
        case nil: self.init(500, "The function's answer is no HTTP response.\n", .watchdog)
        case .exited: self.init(500, "exit status \(fault?.exitCode ?? 1)\n", .watchdog)
        case .raised: self.init(500, "Internal Server Error\n", .watchdog)
        case .limit: self.init(500, "\(fault?.summary ?? "")\n", .watchdog)
        case .timedOut, .trapped, .cancelled, .workerLost, .expired, .platform:
            self.init(500, "Can't reach service for: \(name).", .proxy)
        }
    }

    /// A call of another face's function, whose result is JSON.
    init(json output: [UInt8]?, fault: ExecutionFault?, name: String, timeout: Self) {
        switch fault?.kind {
        case nil:
            self.init(
                GatewayResponse(
                    status: 200, body: output ?? Array("null".utf8), headers: [("Content-Type", "application/json")]),
                nil)
        case .timedOut: self = timeout
        case .raised, .exited, .limit: self.init(500, "\(fault?.summary ?? "")\n", .watchdog)
        case .trapped, .cancelled, .workerLost, .expired, .platform:
            self.init(500, "Can't reach service for: \(name).", .proxy)
        }
    }

    init(_ status: Int, _ text: String, _ origin: Refusal.Origin? = nil) {
        self.init(
            GatewayResponse(
                status: status, body: Array(text.utf8), headers: text.isEmpty ? [] : [("Content-Type", Reply.plainText)]
            ),
            origin)
    }

    private init(_ response: GatewayResponse, _ origin: Refusal.Origin?) {
        self.response = response
        self.origin = origin
    }

    /// What a caller gets whose function took too long for the gateway. Clients take 502 to mean just this.
    static let gatewayTimeout = CallAnswer(502, "", .proxy)

    /// What a caller gets whose function reached its own limit.
    static func timeout(of language: Language) -> CallAnswer {
        language == .classic ? CallAnswer(408, "Killed process.\n", .watchdog) : CallAnswer(504, "", .watchdog)
    }
}
