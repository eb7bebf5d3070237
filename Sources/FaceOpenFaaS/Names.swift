import HTTPTypes
import Model
import Platform

/// How functions and namespaces are called here: the platform's default namespace is `openfaas-fn`.
enum GatewayName {
    static let defaultNamespace = "openfaas-fn"
    private static let maximumBytes = 63

    static func text(_ namespace: Namespace) -> String {
        namespace == .default ? defaultNamespace : namespace.rawValue
    }

    /// `NAME.NAMESPACE`, as metrics and messages have it.
    static func text(_ key: FunctionKey) -> String { "\(key.name).\(text(key.namespace))" }

    /// What ``text(_:)`` wrote for a function; nil for another text. Names may have dots, namespaces have none.
    static func key(stored text: String) -> FunctionKey? {
        guard let dot = text.lastIndex(of: "."), let name = try? FunctionName(String(text[..<dot])) else { return nil }
        let last = String(text[text.index(after: dot)...])
        if last == defaultNamespace { return FunctionKey(name: name) }
        return (try? Namespace(last)).map { FunctionKey(namespace: $0, name: name) }
    }

    /// Whether a function, a namespace or a secret may be made under this name.
    static func isDeployable(_ name: String) -> Bool {
        let bytes = name.utf8
        func isPlain(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard (1...maximumBytes).contains(bytes.count), let first = bytes.first, let last = bytes.last else {
            return false
        }
        return isPlain(first) && isPlain(last) && bytes.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") }
    }
}

extension OpenFaaSFace {
    /// The namespace of a name, which must exist; the default one where there is no name.
    func namespace(_ name: String?) async throws -> Namespace {
        guard let name, !name.isEmpty, name != GatewayName.defaultNamespace else { return .default }
        let namespace = try Namespace(name)
        guard try await platform.namespaces.all()[namespace] != nil else {
            throw Refusal(.badRequest, "There is no namespace `\(name)`.")
        }
        return namespace
    }

    /// The function of a name in a URL. What stands after the last dot is a namespace where there is such a one.
    func key(_ name: String) async throws -> FunctionKey {
        do {
            if let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex {
                let last = String(name[name.index(after: dot)...])
                let rest = String(name[..<dot])
                if last == GatewayName.defaultNamespace { return FunctionKey(name: try FunctionName(rest)) }
                if let namespace = try? Namespace(last), try await platform.namespaces.all()[namespace] != nil {
                    return FunctionKey(namespace: namespace, name: try FunctionName(rest))
                }
            }
            return FunctionKey(name: try FunctionName(name))
        } catch is InvalidName {
            throw Refusal.unknown(name)
        }
    }
}

/// What a call's path says: `NAME[.NAMESPACE][/PATH]`.
struct CallAddress {
    /// As it stands in the URL.
    var name: String
    /// At least `/`.
    var path: String

    init(_ path: String, below prefix: String) throws {
        guard path.hasPrefix(prefix) else { throw Refusal(.notFound, "Not found.") }
        let rest = path[path.utf8.index(path.startIndex, offsetBy: prefix.utf8.count)...]
        let end = rest.utf8.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        guard end > rest.startIndex else { throw Refusal(.notFound, "Not found.") }
        name = String(rest[..<end])
        self.path = end == rest.endIndex ? "/" : String(rest[end...])
    }
}
