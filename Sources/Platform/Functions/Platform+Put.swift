import Model
import Packages
import Storage

extension Platform {
    /// Deploys a function, or a new version of one that is there, which keeps its requirements where the draft has none. The same
    /// code makes no new version. False: nothing changed.
    @discardableResult
    public func put(_ draft: FunctionDraft) async throws(PlatformError) -> Bool {
        try requireOpen(draft.key)
        let known = try await PlatformError.storing { try await store.function(draft.key) }
        guard known != nil else {
            do throws(PlatformError) {
                _ = try await create(draft)
                return true
            } catch {
                // Somebody else deployed it at the same moment.
                guard error.code == .alreadyExists else { throw error }
                return try await replace(with: draft)
            }
        }
        return try await replace(with: draft)
    }

    private func replace(with draft: FunctionDraft) async throws(PlatformError) -> Bool {
        let (function, version) = try await directory.load(draft.key)
        guard function.face == draft.face else {
            throw PlatformError(
                .conflict,
                "`\(draft.key)` is a function of another kind (\(function.face.rawValue)): delete it first, or choose another name."
            )
        }
        let isModule = draft.source.isEmpty && draft.files != nil
        guard isModule == version.source.isEmpty else {
            let (old, new) = isModule ? ("Python", "WebAssembly") : ("WebAssembly", "Python")
            throw PlatformError(
                .conflict,
                "`\(draft.key)` is a \(old) function, and this is \(new): delete it first, or choose another name.")
        }
        if let files = draft.files {
            if isModule, try packages.module(of: version.packages) == files.files[ModuleFile.name] { return false }
            _ = try await update(draft.key, FunctionChange(files: files, limits: draft.limits))
            return true
        }
        let requirements = draft.requirements.flatMap { $0 == version.requirements ?? "" ? nil : $0 }
        guard version.source != draft.source || version.image == nil || requirements != nil else { return false }
        _ = try await update(
            draft.key, FunctionChange(source: draft.source, requirements: requirements, limits: draft.limits))
        return true
    }
}
