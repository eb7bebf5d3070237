/// What the head of a part of a form says.
public struct FormPart: Hashable, Sendable {
    public var name: String
    /// As the client calls its file; nil: it is no file.
    public var filename: String?

    /// Reads the lines of a head, without the empty one that ends it.
    init(head: some Collection<UInt8>) throws(MultipartError) {
        guard let text = String(validating: head, as: UTF8.self) else {
            throw MultipartError("The head of a part is not UTF-8.")
        }
        var disposition: MediaType?
        for line in text.split(separator: "\r\n", omittingEmptySubsequences: true) {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex, line.first != " ", line.first != "\t"
            else { throw MultipartError("The head of a part has a line that is no header.") }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            switch line[..<colon].lowercased() {
            case "content-disposition":
                guard disposition == nil, let read = MediaType(String(value)) else {
                    throw MultipartError("A part's Content-Disposition cannot be read, or there are two.")
                }
                disposition = read
            case "content-transfer-encoding":
                guard ["binary", "8bit", "7bit"].contains(value.lowercased()) else {
                    throw MultipartError("Parts must be sent as they are, without a Content-Transfer-Encoding.")
                }
            default: break
            }
        }
        guard let disposition, disposition.name == "form-data", let name = disposition.parameters["name"] else {
            throw MultipartError("A part has no `Content-Disposition: form-data` with a name.")
        }
        self.name = name
        filename = try Self.filename(disposition.parameters)
    }

    private static func filename(_ parameters: [String: String]) throws(MultipartError) -> String? {
        if let extended = parameters["filename*"] {
            let parts = extended.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0].lowercased() == "utf-8", let name = decoded(parts[2]) else {
                throw MultipartError("A part's `filename*` is not UTF-8'' and a percent-encoded name.")
            }
            return name
        }
        // Browsers encode a quotation mark in a name so, and nothing else but line ends.
        return parameters["filename"].map {
            $0.split(separator: "%22", omittingEmptySubsequences: false).joined(separator: "\"")
        }
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16), rest.count >= 2 else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
