import Model
import Packages

extension Platform {
    /// A change with what its files say of the source and the requirements.
    func whole(_ change: FunctionChange, of key: FunctionKey) async throws(PlatformError) -> FunctionChange {
        guard let files = change.files else { return change }
        // The face is the stored function's: it says which file is the module.
        let face = try await directory.resolve(key).function.face
        let code = try code(key, face, "", files, change.requirements)
        var whole = change
        (whole.source, whole.requirements) = (code.source, code.requirements ?? "")
        return whole
    }

    /// The module's source, its files and its requirements, of what a user gave. A raw function has no source.
    func code(
        _ key: FunctionKey, _ face: Face, _ source: String, _ files: PackageTree?, _ requirements: String?
    ) throws(PlatformError) -> (source: String, files: PackageTree?, requirements: String?) {
        guard let files else { return (source, nil, requirements) }
        if files.files[ModuleFile.name] != nil, files.files.count == 1 { return ("", files, nil) }
        let entry = CodeLayout(of: key, face: face, isPackage: true).entryFile
        guard let module = files.files[entry] else {
            throw PlatformError(.invalidRequest, "The package has no `\(entry)`, the module that is called.")
        }
        guard let source = String(validating: module, as: UTF8.self) else {
            throw PlatformError(.invalidRequest, "`\(entry)` is not text in UTF-8.")
        }
        let listed = files.files["requirements.txt"].map { String(decoding: $0, as: UTF8.self) }
        return (source, files, requirements ?? listed)
    }
}
