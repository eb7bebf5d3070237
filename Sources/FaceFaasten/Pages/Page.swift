import Crypto
import HTTPTypes
import Hummingbird
import Identity
import Platform

/// The few pages that people see. They need nothing from elsewhere, and may not be shown inside of others.
enum Page {
    private static let policy = HTTPField.Name("Content-Security-Policy")!
    private static let framing = HTTPField.Name("X-Frame-Options")!
    private static let referrer = HTTPField.Name("Referrer-Policy")!
    private static let cacheControl = HTTPField.Name("Cache-Control")!

    /// Whether whoever asks reads pages.
    static func isWanted(by request: Request) -> Bool {
        request.headers[.accept]?.lowercased().contains("text/html") ?? false
    }

    static func signIn(failure: Failure? = nil) -> Response {
        let alert = failure.map { "<p role=\"alert\">\(escaped($0.message))</p>" } ?? ""
        var response = page(
            "Sign in",
            """
            \(alert)<form method="post" action="/login">
            <p><label for="username">User name</label>
            <input id="username" name="username" autocomplete="username" autocapitalize="none" required autofocus></p>
            <p><label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" required></p>
            <p><button type="submit">Sign in</button></p>
            </form>
            """, status: failure?.status ?? .ok)
        if let failure { Reply.addHeaders(of: failure, to: &response) }
        return response
    }

    /// Shows a token, and tells it to the page that opened this one where that is of one of the origins, or our own.
    static func token(_ token: String, login: String, openers: [String]) -> Response {
        let origins = openers.map { String(decoding: JSONWriter.string($0), as: UTF8.self) }
        let list = (["location.origin"] + origins).joined(separator: ", ")
        return page(
            "Signed in",
            """
            <p>You are signed in as <strong>\(escaped(login))</strong>. Your token:</p>
            <p><code id="token" tabindex="0">\(escaped(token))</code></p>
            <p>Paste it where you were asked for it. It acts as you: keep it to yourself.</p>
            """,
            script: """
                const token = document.getElementById("token").textContent;
                if (window.opener) for (const origin of [\(list.split(separator: "<").joined(separator: "\\u003c"))]) \
                window.opener.postMessage(token, origin);
                """)
    }

    static func failure(_ failure: Failure) -> Response {
        var response = page(
            "That did not work", "<p role=\"alert\">\(escaped(failure.message))</p>", status: failure.status)
        Reply.addHeaders(of: failure, to: &response)
        return response
    }

    private static func page(
        _ title: String, _ body: String, script: String? = nil, status: HTTPResponse.Status = .ok
    ) -> Response {
        let nonce = Base64URL.text(SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) })
        let end = script.map { "\n<script nonce=\"\(nonce)\">\n\($0)\n</script>" } ?? ""
        let text = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title) – Swiftlet</title>
            <style nonce="\(nonce)">
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 30rem; margin: 3rem auto; padding: 0 1rem; }
            label { display: block; } input, button { font: inherit; padding: .4rem; }
            code { overflow-wrap: anywhere; } [role=alert] { color: #a00; }
            </style>
            </head>
            <body>
            <main>
            <h1>\(title)</h1>
            \(body)
            </main>\(end)
            </body>
            </html>

            """
        var response = Reply.bytes(Array(text.utf8), status, "text/html; charset=utf-8")
        response.headers[policy] =
            "default-src 'none'; style-src 'nonce-\(nonce)'; script-src 'nonce-\(nonce)'; form-action 'self'; "
            + "frame-ancestors 'none'; base-uri 'none'"
        response.headers[framing] = "DENY"
        response.headers[referrer] = "no-referrer"
        response.headers[cacheControl] = "no-store"
        return response
    }

    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
