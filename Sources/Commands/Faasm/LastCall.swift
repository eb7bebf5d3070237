import Client

/// The call that was queued last by this user, which others of these commands are about where they are given none.
enum LastCall {
    private static var folder: String { LocalServer.runtimeFolder(in: .current) }

    /// Where it cannot be written, the user has to give the number himself.
    static func remember(_ number: Int64) {
        try? PrivateFile.makeFolder(folder)
        try? PrivateFile.write(Array("\(number)\n".utf8), to: "\(folder)/last-call")
    }

    /// The given number, or the remembered one.
    static func number(_ given: Int64?) throws(ClientError) -> Int64 {
        if let given { return given }
        guard let bytes = try? PrivateFile.read("\(folder)/last-call"),
            let number = Int64(String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace })
        else { throw .local("No call was queued yet; give --call-id.") }
        return number
    }
}
