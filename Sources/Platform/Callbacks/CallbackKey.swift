import Crypto

/// Signs callbacks, so that who receives one knows where it comes from and when it was sent.
public struct CallbackKey: Sendable {
    /// The file in the data folder that holds the key, as hexadecimal digits: receivers need it too.
    public static let fileName = "callback.key"

    private let key: SymmetricKey

    init(_ text: [UInt8]) { key = SymmetricKey(data: text) }

    /// Opens the key in `folder`, and makes it at the first start.
    public init(folder: String) throws(PlatformError) {
        let path = "\(folder)/\(Self.fileName)"
        let bytes = try SecretFile(path: path).readOrCreate {
            Array(Self.hexadecimal(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }).utf8)
        }
        let text = bytes.prefix { $0 > 0x20 }
        guard text.count >= 32 else {
            throw PlatformError(
                .internalFailure,
                "`\(path)` holds \(text.count) characters, but a key has 32 or more; restore the file."
            )
        }
        self.init(Array(text))
    }

    /// The HMAC-SHA256 of `TIMESTAMP.BODY` under the text of the key, in hexadecimal digits.
    func signature(timestamp: Int64, _ body: [UInt8]) -> String {
        var hash = HMAC<SHA256>(key: key)
        hash.update(data: Array("\(timestamp).".utf8))
        hash.update(data: body)
        return Self.hexadecimal(Array(hash.finalize()))
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
