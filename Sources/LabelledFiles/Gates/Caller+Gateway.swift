public import Labels

/// What those do who call from outside: their label starts with that of the request, their privilege is who they are.
extension Caller {
    /// The gate at a path, followed to its function. A name that the root does not have means one at home.
    ///
    /// - Throws: a ``FileRefusal``; whoever asks must not be able to tell one code from another.
    public mutating func findGate(_ path: FilePath) async throws -> ResolvedGate {
        try await resolveGate(try await callee(path))
    }

    /// Whether an answer of this label may be given to who called. Where it may not, those are told who may know that.
    public func mayReceive(_ result: Label) -> Bool {
        if result.canFlow(to: label, with: privilege) { return true }
        note(.receive(result), "\(result) may not flow to \(label) with the privilege \(privilege)", under: result)
        return false
    }

    /// The caller that a gate's function is, with the request's label and the power of its gates.
    public static func running(_ gate: ResolvedGate, _ files: LabelledFiles, name: String) -> Caller {
        Caller(
            files, label: gate.label, privilege: gate.privilege, declassify: gate.declassify, name: name,
            gate: gate.gate)
    }

    /// What a call leads to.
    mutating func callee(_ path: FilePath) async throws -> Node {
        do { return try await resolve(path) } catch let error as FileRefusal where error.code == .doesNotExist {
            guard path.components.count == 1, case .step(let step)? = path.components.first, let name = step.name
            else { throw error }
            return try await resolve(FilePath([.text("~"), .text(name)]))
        }
    }
}
