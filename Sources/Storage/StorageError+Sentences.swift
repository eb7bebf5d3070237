package import Model

/// The refusals that every driver words alike.
extension StorageError {
    package static func functionExists(_ key: FunctionKey) -> Self {
        Self(.alreadyExists, "A function named `\(key)` exists already: choose another name, or update that one.")
    }

    package static func functionMissing(_ key: FunctionKey) -> Self {
        Self(.notFound, "There is no function named `\(key)`.")
    }

    package static func firstVersionNeeded(_ key: FunctionKey, _ number: Int) -> Self {
        Self(.conflict, "The new function `\(key)` must begin with its own version 1, not with version \(number).")
    }

    package static func versionConflict(_ key: FunctionKey, stored: Int, offered: Int) -> Self {
        Self(
            .conflict,
            "The function `\(key)` is at version \(stored), so version \(offered) cannot follow: "
                + "somebody else changed it; read it again and repeat the change.")
    }

    package static func versionMissing(_ number: Int, of function: FunctionID) -> Self {
        Self(.notFound, "The function \(function) has no version \(number).")
    }

    package static func executionExists(_ id: ExecutionID) -> Self {
        Self(.alreadyExists, "An execution \(id) exists already.")
    }

    package static func keyConflict(_ key: IdempotencyKey) -> Self {
        Self(
            .keyConflict,
            "The idempotency key `\(key.text)` was used before, for another function or other arguments: "
                + "a new request needs a new key.")
    }

    package static func wrongStatus(_ id: ExecutionID, _ status: ExecutionStatus, for act: String) -> Self {
        Self(.conflict, "The execution \(id) cannot be \(act) with the status `\(status.rawValue)`.")
    }

    package static var tokenExists: Self {
        Self(.alreadyExists, "A token with this id or secret exists already, or did and was revoked.")
    }

    package static func userExists(_ name: String) -> Self {
        Self(.alreadyExists, "A user named `\(name)` exists already.")
    }

    package static func userMissing(_ name: String) -> Self {
        Self(.notFound, "There is no user named `\(name)`.")
    }

    package static func stateConflict(_ key: StateKey) -> Self {
        Self(
            .conflict,
            "The state key `\(key.name)` is not at the version that the change expects: "
                + "somebody else changed it; read it again and repeat the change.")
    }

    package static func objectExists(_ id: ObjectID) -> Self {
        Self(.alreadyExists, "An object \(String(id.rawValue, radix: 16)) exists already.")
    }
}

/// The checks that every driver makes before it writes.
extension StorageError {
    package static func checkEnqueue(_ executions: [Execution]) throws(StorageError) {
        for execution in executions where execution.status != .queued {
            throw wrongStatus(execution.id, execution.status, for: "queued")
        }
    }

    package static func checkRecord(_ executions: [Execution]) throws(StorageError) {
        for execution in executions where !execution.status.isFinal {
            throw wrongStatus(execution.id, execution.status, for: "recorded as ended")
        }
    }

    package static func checkSettle(_ settlements: [Settlement]) throws(StorageError) {
        for settlement in settlements where settlement.status == .running {
            throw wrongStatus(settlement.id, settlement.status, for: "settled")
        }
    }

    package static func checkCreate(_ function: Function, _ version: FunctionVersion) throws(StorageError) {
        guard version.number == 1, function.version == 1, version.function == function.id else {
            throw firstVersionNeeded(function.key, version.number)
        }
    }
}
