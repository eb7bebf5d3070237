import HTTPTypes
public import Model
public import Platform
import SharedState
import Storage

extension FaasmParts {
    /// What the platform has of them.
    public init(_ platform: Platform, limits: FunctionLimits) {
        self.init(
            state: PlatformState(state: platform.state), modules: PlatformModules(platform: platform, limits: limits))
    }
}

/// The shared state, seen from outside.
private struct PlatformState: TenantState {
    let state: SharedState

    func value(_ key: String, of tenant: Namespace) async throws -> [UInt8]? {
        try await wording {
            let range = try await state.read(try StateKey(tenant: tenant, utf8: Array(key.utf8)[...]))
            return range.size == nil ? nil : range.bytes
        }
    }

    func set(_ key: String, to value: [UInt8], of tenant: Namespace) async throws {
        try await wording {
            let key = try StateKey(tenant: tenant, utf8: Array(key.utf8)[...])
            try await state.replace(key, by: value[...])
            try await state.push([key])
        }
    }

    func delete(_ key: String, of tenant: Namespace) async throws -> Bool {
        try await wording {
            let key = try StateKey(tenant: tenant, utf8: Array(key.utf8)[...])
            guard try await state.delete(key) else { return false }
            try await state.push([key])
            return true
        }
    }

    func keys(of tenant: Namespace) async throws -> [String] {
        try await wording { try await state.keys(of: tenant).map(\.key.name) }
    }

    /// What goes wrong, as an answer of this surface.
    private func wording<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as InvalidStateKey {
            throw Failure(.badRequest, error.message)
        } catch let error as StateError {
            switch error.code {
            case .invalidRequest: throw Failure(.badRequest, error.message)
            case .limitReached: throw Failure(.contentTooLarge, error.message)
            case .lockMisuse, .lockTimedOut, .cancelled: throw Failure(.conflict, error.message)
            case .unavailable: throw Failure(.serviceUnavailable, error.message)
            }
        }
    }
}

/// Raw functions of the platform.
private struct PlatformModules: RawFunctions {
    let platform: Platform
    let limits: FunctionLimits

    func put(_ module: [UInt8], as key: FunctionKey) async throws -> String? {
        let warnings = try await platform.put(module: module, as: key, limits: limits)
        return warnings.isEmpty ? nil : warnings.joined(separator: "; ")
    }

    func module(of key: FunctionKey) async throws -> [UInt8]? { try await platform.module(of: key) }
}
