import FastCGI
import OfficialAccount
import OfficialAccountBot
import OfficialAccountClient
import OfficialAccountServer
import RedisStore
import SQLiteStore

extension ServingResources {
    /// What the program has linked in: stores in a file and in Redis, and calls to the platform.
    static let program = {
        let clients = PlatformClients()
        var resources = ServingResources(
            stores: [
                "sqlite": { path throws(StoreError) in try SQLiteStore(path: path) },
                "redis": { rest throws(StoreError) in try await redis("redis:" + rest) },
                "rediss": { rest throws(StoreError) in try await redis("rediss:" + rest) },
                "redis+unix": { rest throws(StoreError) in try await redis("redis+unix:" + rest) },
            ],
            platform: { clients.client($0, $1, $2) })
        resources.version = Program.version
        return resources
    }()

    private static func redis(_ url: String) async throws(StoreError) -> any Store {
        let store = try RedisStore(url: url)
        try await store.connect()
        return store
    }
}

/// The clients of the accounts that have called, or may call, the platform. An account keeps its client across a reload of
/// the configuration, since it knows the access token.
private final class PlatformClients: Sendable {
    private struct Key: Hashable {
        var appID: AppID
        var appSecret: AppSecret
        var address: PlatformAddress
    }

    /// Accounts whose credentials come with their requests could be any number.
    private static let most = 256

    private let connections = PlatformConnections()
    private let clients = Locked<[Key: PlatformClient]>([:])

    func client(_ credentials: Credentials, _ store: any Store, _ settings: ServerSettings) -> (any PlatformAPI)? {
        guard let appID = credentials.appID, let appSecret = credentials.appSecret,
            let address = settings.apiBase.map({ try? PlatformAddress(parsing: $0) }) ?? .weixin
        else { return nil }
        let key = Key(appID: appID, appSecret: appSecret, address: address)
        return clients.withLock { clients in
            if let client = clients[key] { return client }
            if clients.count >= Self.most { clients.removeAll() }
            let client = PlatformClient(
                credentials: credentials, store: store, connections: connections, address: address)
            clients[key] = client
            return client
        }
    }
}
