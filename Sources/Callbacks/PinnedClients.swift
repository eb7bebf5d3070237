import AsyncHTTPClient
import NIOCore
import Synchronization

/// Clients whose connections go to one checked address under one name, kept for a while so that connections are used again.
final class PinnedClients: Sendable {
    struct Place: Hashable {
        var host: String
        var address: String
    }

    private struct Kept {
        var client: HTTPClient
        var lastUse: UInt64
        var users: Int
    }

    private struct State {
        var kept: [Place: Kept] = [:]
        var uses: UInt64 = 0

        /// Takes out the client that nobody uses and that was used longest ago, where there is no room.
        mutating func makeRoom(_ most: Int) -> HTTPClient? {
            let idle = kept.filter { $0.value.users == 0 }
            guard kept.count >= most, let oldest = idle.min(by: { $0.value.lastUse < $1.value.lastUse }) else {
                return nil
            }
            return kept.removeValue(forKey: oldest.key)?.client
        }
    }

    /// Places that connections are kept to; the least recently used one makes room.
    private static let maximumPlaces = 64

    private let state = Mutex(State())

    deinit { for kept in state.withLock({ $0.kept.values }) { kept.client.shutdown { _ in } } }

    /// Runs `body` with the client of a place.
    func use<Value>(_ place: Place, _ body: (HTTPClient) async -> Value) async -> Value {
        let (client, old) = state.withLock { state -> (HTTPClient, HTTPClient?) in
            state.uses += 1
            if let kept = state.kept[place] {
                state.kept[place]!.lastUse = state.uses
                state.kept[place]!.users += 1
                return (kept.client, nil)
            }
            let old = state.makeRoom(Self.maximumPlaces)
            let client = Self.make(place)
            state.kept[place] = Kept(client: client, lastUse: state.uses, users: 1)
            return (client, old)
        }
        if let old { try? await old.shutdown() }
        defer { state.withLock { $0.kept[place]?.users -= 1 } }
        return await body(client)
    }

    private static func make(_ place: Place) -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.dnsOverride = [place.host: place.address]
        configuration.timeout = .init(connect: .seconds(5))
        configuration.connectionPool = .init(idleTimeout: .seconds(20))
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
