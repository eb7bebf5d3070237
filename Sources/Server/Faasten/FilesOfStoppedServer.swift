import Blobs
public import LabelledFiles
import Storage
import StorageSQLite

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Server {
    /// Checks the labelled file system in a data folder that no server runs on, and changes no object, name or blob.
    ///
    /// - Throws: a `StorageError`, with the code `conflict` where a server has the folder.
    public static func checkFiles(in dataFolder: String) async throws -> FsckReport {
        guard FileManager.default.fileExists(atPath: "\(dataFolder)/swiftlet.db") else {
            throw StorageError(.notFound, "`\(dataFolder)` is no data folder of a server.")
        }
        let store = try SQLiteStore.open(folder: dataFolder)
        let result: Result<FsckReport, any Error>
        do {
            let blobs = try BlobFolder(path: "\(dataFolder)/blobs")
            result = .success(try await Fsck(store: store, blobs: blobs).report())
        } catch { result = .failure(error) }
        try await store.close()
        return try result.get()
    }
}
