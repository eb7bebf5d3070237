import Blobs
import Crypto
import LabelledFiles
import Model
import Packages
import Platform

/// The blobs that gates' functions are made of: archives, or a `workload.py` by itself.
enum GatePackage {
    /// The module that is called.
    static let module = "workload.py"

    /// Reads a package. All bytes count as hostile.
    static func code(of blob: BlobReader) throws(PackageError) -> ConfinedCode {
        let most = PackageLimits().maximumArchiveBytes
        guard blob.length <= most else {
            throw PackageError(
                .tooLarge, "The package has \(blob.length) bytes, but may have \(most) (`maximumArchiveBytes`).")
        }
        let bytes: [UInt8]
        do { bytes = try blob.bytes(at: 0, count: blob.length) } catch {
            throw PackageError(.unavailable, "The package could not be read.")
        }
        if !PackageReader.isArchive(bytes), !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) {
            return .source(text)
        }
        let files = try PackageReader.read(bytes)
        guard files.files[module] != nil else {
            throw PackageError(.malformed, "The package has no `\(module)`, the module that is called.")
        }
        return .package(files)
    }

    /// Whether a gate leads to the function that is built in, by its name or by the blob that stands for it.
    static func isFsutil(_ function: GateFunction) -> Bool {
        function.runtime == .builtIn(LabelledFiles.fsutilName) || function.app == fsutilImage
    }

    private static let fsutilImage = BlobHash(
        bytes: Array(SHA256.hash(data: LabelledFiles.placeholder(LabelledFiles.fsutilImage))))
}
