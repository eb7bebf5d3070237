public import Identity

extension SigningKey {
    /// The file in the data folder that holds the key, in PEM, mode 0600.
    public static let fileName = "faasten.key"

    /// Opens the key in `folder`, and makes it at the first start.
    public init(folder: String) throws(PlatformError) {
        let path = "\(folder)/\(Self.fileName)"
        let bytes = try SecretFile(path: path).readOrCreate { Array(SigningKey().pem.utf8) + [0x0A] }
        do { try self.init(pem: String(decoding: bytes, as: UTF8.self)) } catch {
            throw PlatformError(
                .internalFailure,
                "`\(path)` holds no P-256 key in PEM; restore the file, or remove it to have one made.",
                cause: error)
        }
    }
}
