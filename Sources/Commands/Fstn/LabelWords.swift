import ArgumentParser
import Labels

/// Checks labels on the command line, where a mistake can be shown best. What is sent is the text as it was given.
enum LabelWords {
    static func check(label: String?, _ name: String) throws {
        guard let label else { return }
        do throws(LabelError) { _ = try Label(parsing: label) } catch { throw refused(label, name, error) }
    }

    static func check(component: String?, _ name: String) throws {
        guard let component else { return }
        do throws(LabelError) { _ = try Component(parsing: component) } catch {
            throw refused(component, name, error)
        }
    }

    static func check(policy: String, _ name: String) throws {
        do throws(LabelError) { _ = try Policy(parsing: policy) } catch { throw refused(policy, name, error) }
    }

    private static func refused(_ text: String, _ name: String, _ error: LabelError) -> ValidationError {
        ValidationError("\(name) `\(text)`: \(error)")
    }
}
