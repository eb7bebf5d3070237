import Labels
import Storage

/// Whom accounts act as on labelled objects: the one place that says so.
extension Access {
    /// A token acts as the component that it is bound to. An administrator's that is bound to none acts as the operator; others act
    /// as nobody. So does a token whose component cannot be read.
    static func principal(of token: Token) -> Component? {
        guard let text = token.principal else {
            return token.scopes.contains(.admin) ? try? Component(Principal([Principal.operatorName])) : nil
        }
        return try? Component(parsing: text)
    }

    /// A user acts as the principal of that name; nobody becomes the operator by a name.
    static func principal(ofUser name: String) -> Component? {
        name == Principal.operatorName ? nil : try? Component(Principal([name]))
    }

    /// What a token is bound to, in the one form that is stored.
    static func canonical(_ principal: String?) throws(PlatformError) -> String? {
        guard let principal else { return nil }
        do { return try Component(parsing: principal).description } catch {
            throw PlatformError(.invalidRequest, "`\(principal)` is no principal: \(error)")
        }
    }
}
