import HTTPTypes
import Model
import Packages
import Platform
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a client sends to have built: a template with a handler in it, and the name of the image.
struct BuildParcel: Sendable {
    private static let configuration = "com.openfaas.docker.config"
    private static let context = "context"

    private let files: PackageTree
    private let wish: BuildConfiguration

    var image: String { wish.image }

    /// Reads the archive; what is wrong with it as such is a 400.
    init(_ archive: [UInt8]) throws {
        do throws(PackageError) { files = try PackageReader.read(archive) } catch {
            throw Refusal(.badRequest, "The archive cannot be taken: \(error.message)")
        }
        guard let text = files.files[Self.configuration],
            let wish = try? JSONDecoder().decode(BuildConfiguration.self, from: Data(text)), !wish.image.isEmpty
        else {
            throw Refusal(
                .badRequest, "The archive has no `\(Self.configuration)` with the name of an `image` in it.")
        }
        self.wish = wish
    }

    /// What the log says beforehand.
    var notes: [String] {
        (wish.buildArgs ?? [:]).filter { !$0.value.isEmpty }.keys.sorted().map {
            "The build argument \($0) has no effect here."
        }
    }

    /// What is to be built: the handler's files and the language that the template names.
    func order() throws -> BuildOrder {
        guard let template = files.files[Self.context + "/template.yml"] else {
            throw Refusal(.badRequest, "There is no `template.yml` in the archive's `context` folder.")
        }
        let settings = Self.settings(String(decoding: template, as: UTF8.self))
        let name = settings["language"] ?? ""
        guard let language = Language(template: name) else {
            let known = Language.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal(.badRequest, "The language `\(name)` is not known here; there are: \(known).")
        }
        return BuildOrder(
            image: image, face: .openfaas, language: language.rawValue,
            files: files.subtree("\(Self.context)/\(settings["handler_folder"] ?? "function")"))
    }

    /// The plain settings of a template: `name: value` at the beginning of a line.
    private static func settings(_ text: String) -> [String: String] {
        var settings: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) where line.first?.isLetter == true {
            guard let colon = line.firstIndex(of: ":") else { continue }
            var value = line[line.index(after: colon)...].prefix { $0 != "#" }
            while value.first == " " { value.removeFirst() }
            while value.last?.isWhitespace == true { value.removeLast() }
            if value.count > 1, let quote = value.first, quote == "\"" || quote == "'", value.last == quote {
                value = value.dropFirst().dropLast()
            }
            if !value.isEmpty { settings[String(line[..<colon])] = String(value) }
        }
        return settings
    }
}

/// Collects the lines of a build whose caller wants them at the end.
final class BuildLog: Sendable {
    private let state = Mutex<[String]>([])

    func add(_ line: String) { state.withLock { $0.append(line) } }
    var lines: [String] { state.withLock { $0 } }
}
