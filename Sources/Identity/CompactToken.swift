import FoundationEssentials

/// A signed JSON token in its compact form (RFC 7515): header, payload and signature, each in base64url, dots between.
///
/// It is taken apart and nothing more: the signature was not looked at.
public struct CompactToken: Sendable {
    /// UTF-8 bytes of a token's text.
    public static let maximumBytes = 16_384

    struct Header: Decodable {
        var alg: String
        var kid: String?
    }

    let header: Header
    let payload: [UInt8]
    let signature: [UInt8]
    /// What the signature is of.
    let signed: [UInt8]

    /// - Throws: `invalid`, also where the header asks for what is not known here.
    public init(parsing text: some StringProtocol) throws(TokenRefusal) {
        guard text.utf8.count <= Self.maximumBytes else { throw .invalid }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.bytes(parts[0]), let payload = Base64URL.bytes(parts[1]),
            let signature = Base64URL.bytes(parts[2])
        else { throw .invalid }
        // What is critical must be understood, and nothing of that kind is.
        guard let known = try? JSONDecoder().decode(Header.self, from: Data(header)),
            (try? JSONDecoder().decode(Critical.self, from: Data(header)))?.isEmpty == true
        else { throw .invalid }
        self.header = known
        self.payload = payload
        self.signature = signature
        signed = Array("\(parts[0]).\(parts[1])".utf8)
    }

    /// The payload as JSON of a shape.
    func claims<Claims: Decodable>(_ type: Claims.Type) throws(TokenRefusal) -> Claims {
        do { return try JSONDecoder().decode(type, from: Data(payload)) } catch { throw .invalid }
    }

    /// What a header says that must not be passed over.
    private struct Critical: Decodable {
        var isEmpty: Bool

        private enum CodingKeys: String, CodingKey { case crit }

        init(from decoder: any Decoder) throws {
            isEmpty = try !decoder.container(keyedBy: CodingKeys.self).contains(.crit)
        }
    }
}

/// A point in time as tokens have it: seconds since 1970, whole or not.
struct NumericDate: Decodable {
    /// The end of the year 9999.
    private static let latest = 253_402_300_799.0

    var seconds: Double

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        seconds = try container.decode(Double.self)
        guard (0...Self.latest).contains(seconds) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no time of these millennia")
        }
    }
}
