import Client

/// Files that the user names.
enum SourceFile {
    /// Reads a file of anything.
    static func bytes(_ path: String) throws(ClientError) -> [UInt8] {
        do { return try PrivateFile.read(path) } catch { throw .local(error.message) }
    }

    /// Reads a file of text.
    static func read(_ path: String) throws(ClientError) -> String {
        do {
            guard let text = String(validating: try PrivateFile.read(path), as: UTF8.self) else {
                throw ClientError.local("`\(path)` is not text in UTF-8.")
            }
            return text
        } catch let failure as PrivateFile.Failure {
            throw .local(failure.message)
        } catch let error as ClientError {
            throw error
        } catch {
            throw .local("\(error)")
        }
    }
}
