/// One line of a list of templates.
public struct TemplateEntry: Sendable {
    public var name: String
    public var platform: String
    public var language: String
    public var source: String
    public var summary: String
    /// What `git` clones; empty for those that are built in.
    public var repository: String
    public var isOfficial: Bool
    public var isRecommended: Bool

    /// Those that this program has in itself.
    public static var builtIn: [TemplateEntry] {
        HandlerTemplate.languages.compactMap(HandlerTemplate.init(builtIn:)).map {
            TemplateEntry(
                name: $0.language, platform: "x86_64", language: "Python", source: "swiftlet", summary: $0.summary,
                repository: "", isOfficial: true, isRecommended: true)
        }
    }

    /// Those of a list elsewhere.
    public static func all(of source: String) async throws -> [TemplateEntry] {
        guard let list = try await CatalogueSource.json(source).array else {
            throw ClientError.local("`\(source)` is no list of templates.")
        }
        return list.map { entry in
            TemplateEntry(
                name: entry.text("template"), platform: entry.text("platform"), language: entry.text("language"),
                source: entry.text("source"), summary: entry.text("description"), repository: entry.text("repo"),
                isOfficial: entry.text("official") == "true", isRecommended: entry.text("recommended") == "true")
        }
    }
}
