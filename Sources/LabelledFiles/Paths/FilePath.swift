public import Labels

/// A path in either spelling, as it was written: `~` and `%` mean something only to who resolves it.
public struct FilePath: Hashable, Sendable {
    /// What names an entry. Which of both counts is known where it is met.
    public struct Step: Hashable, Sendable {
        /// In a directory.
        public var name: String?
        /// In a faceted directory.
        public var facet: Label?

        public init(name: String? = nil, facet: Label? = nil) {
            self.name = name
            self.facet = facet
        }
    }

    public enum Component: Hashable, Sendable {
        /// `~`, as first component only.
        case home
        /// `%`: the facet that the current label names.
        case current
        case step(Step)
    }

    /// One component of a path that is written as a list.
    public enum Item: Hashable, Sendable {
        case text(String)
        case facet(Label)
    }

    public static let maximumTextBytes = 65_536
    public static let maximumComponents = 256
    public static let maximumNameBytes = 255
    public static let root = FilePath(components: [])

    public let components: [Component]

    fileprivate init(components: [Component]) { self.components = components }

    /// Reads `[":"] comp (":" comp)* [":"]`; nothing and `:` are the root.
    ///
    /// - Throws: `badPath`.
    public init(parsing text: String) throws(FileRefusal) {
        guard text.utf8.count <= Self.maximumTextBytes else { throw FileRefusal(.badPath) }
        var parts = Self.parts(of: text)
        if parts == [""] || parts == ["", ""] { parts = [] }
        if parts.first == "" { parts.removeFirst() }
        if parts.last == "" { parts.removeLast() }
        var components: [Component] = []
        for part in parts {
            components.append(
                try Self.component(part, isFirst: components.isEmpty) { Self.unescaped(part) })
        }
        try self.init(checking: components)
    }

    /// Reads a list, in which names stand as they are.
    ///
    /// - Throws: `badPath`.
    public init(_ items: [Item]) throws(FileRefusal) {
        var components: [Component] = []
        for item in items {
            switch item {
            case .facet(let label): components.append(.step(Step(facet: label)))
            case .text(let text):
                components.append(try Self.component(text, isFirst: components.isEmpty) { text })
            }
        }
        try self.init(checking: components)
    }

    private init(checking components: [Component]) throws(FileRefusal) {
        guard components.count <= Self.maximumComponents else { throw FileRefusal(.badPath) }
        self.init(components: components)
    }

    /// This path and one step more.
    ///
    /// - Throws: `badPath`.
    public func appending(name: String) throws(FileRefusal) -> FilePath {
        try Self.check(name)
        return try FilePath(checking: components + [.step(Step(name: name))])
    }

    /// The path to where the last component is, and that.
    var split: (parent: FilePath, last: Component)? {
        components.last.map { (FilePath(components: components.dropLast()), $0) }
    }

    /// Puts in what `~` and `%` stand for.
    func steps(label: Label, privilege: Labels.Component) -> [Step] {
        components.flatMap { component in
            switch component {
            case .home: [Step(name: Self.homeName), Step(facet: .owned(by: privilege))]
            case .current: [Step(facet: label)]
            case .step(let step): [step]
            }
        }
    }

    /// The faceted directory that everybody's home is in.
    static let homeName = "home"

    /// - Throws: `badPath` for what is no name.
    static func check(_ name: String) throws(FileRefusal) {
        guard isName(name) else { throw FileRefusal(.badPath) }
    }

    private static func isName(_ name: String) -> Bool {
        1...maximumNameBytes ~= name.utf8.count && name != "~" && name != "%"
            && !(name.hasPrefix("<") && name.hasSuffix(">")) && !name.utf8.contains(0)
    }

    /// A component; `name` is what it says where it is met in a directory.
    private static func component(
        _ text: String, isFirst: Bool, name: () -> String?
    ) throws(FileRefusal) -> Component {
        if text == "~" {
            guard isFirst else { throw FileRefusal(.badPath) }
            return .home
        }
        if text == "%" { return .current }
        if text.utf8.count > 1, text.hasPrefix("<"), text.hasSuffix(">") {
            guard let label = try? Label(parsing: String(text.dropFirst().dropLast())) else {
                throw FileRefusal(.badPath)
            }
            return .step(Step(facet: label))
        }
        let name = name().flatMap { isName($0) ? $0 : nil }
        let facet = text.utf8.contains(UInt8(ascii: ",")) ? try? Label(parsing: text) : nil
        guard name != nil || facet != nil else { throw FileRefusal(.badPath) }
        return .step(Step(name: name, facet: facet))
    }

    /// What stands between colons without a backslash before them; escapes stay.
    private static func parts(of text: String) -> [String] {
        var parts: [String] = []
        var part: [UInt8] = []
        var isEscaped = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: ":"), !isEscaped {
                parts.append(String(decoding: part, as: UTF8.self))
                part = []
                continue
            }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
            part.append(byte)
        }
        return parts + [String(decoding: part, as: UTF8.self)]
    }

    /// The name that a component spells; nil where a backslash stands before something else than `:` and `\`.
    private static func unescaped(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
        var name: [UInt8] = []
        var isEscaped = false
        for byte in text.utf8 {
            let isBackslash = byte == UInt8(ascii: "\\")
            if isEscaped {
                guard isBackslash || byte == UInt8(ascii: ":") else { return nil }
                name.append(byte)
                isEscaped = false
            } else if isBackslash {
                isEscaped = true
            } else {
                name.append(byte)
            }
        }
        return isEscaped ? nil : String(decoding: name, as: UTF8.self)
    }
}

extension FilePath: CustomStringConvertible {
    /// The path as a string that is read as the same path, but for the escapes of labels.
    public var description: String {
        components.map { component in
            switch component {
            case .home: "~"
            case .current: "%"
            case .step(let step): step.name.map(Self.escaped) ?? step.facet.map { "<\($0)>" } ?? ""
            }
        }.joined(separator: ":")
    }

    /// Byte by byte: what is one character to a reader may begin with a colon.
    private static func escaped(_ name: String) -> String {
        let special = [UInt8(ascii: ":"), UInt8(ascii: "\\")]
        let bytes = name.utf8.flatMap { special.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension FilePath {
    /// The path of the first components.
    func prefix(_ count: Int) -> FilePath { FilePath(components: Array(components.prefix(count))) }
}
