import Model

extension Platform {
    /// Refuses what is too large or empty before a sandbox looks at it.
    func check(
        source: String?, of face: Face, requirements: String?, limits: FunctionLimits?
    ) throws(PlatformError) {
        if let source {
            guard source.utf8.contains(where: { $0 > 0x20 }) else {
                throw PlatformError(.invalidRequest, "The code is empty.")
            }
            let (most, name) =
                face == .faasm
                ? (configuration.maximumFaasmSourceBytes, "maximumFaasmSourceBytes")
                : (configuration.maximumSourceBytes, "maximumSourceBytes")
            try check(source, "code", atMost: most, name)
        }
        if let requirements {
            try check(
                requirements, "requirements", atMost: configuration.maximumRequirementsBytes,
                "maximumRequirementsBytes")
        }
        if let violation = limits?.violations.first { throw PlatformError(.invalidRequest, "\(violation).") }
    }

    /// Refuses a context that is too large or has another form.
    func check(context: String?) throws(PlatformError) {
        guard let context else { return }
        try check(context, "context", atMost: configuration.maximumContextBytes, "maximumContextBytes")
        _ = try ContextText(parsing: context)
    }

    /// Refuses what the queue cannot do for a function.
    func check(policy: FunctionPolicy?) throws(PlatformError) {
        if let violation = policy?.violations.first { throw PlatformError(.invalidRequest, "\(violation).") }
    }

    private func check(_ text: String, _ what: String, atMost most: Int, _ limit: String) throws(PlatformError) {
        guard text.utf8.count <= most else {
            throw PlatformError(
                .tooLarge, "The \(what) has \(text.utf8.count) bytes, but may have \(most) (`\(limit)`).")
        }
    }
}
