internal import Glibc
public import OfficialAccount
public import OfficialAccountBot

/// What a program links in beside this module, so that one which needs neither other stores nor calls out does without.
///
/// ```swift
/// let resources = ServingResources(
///     stores: ["sqlite": { path throws(StoreError) in try SQLiteStore(path: path) }])
/// try await bot.serve(resources: resources)
/// ```
public struct ServingResources: Sendable {
    /// Opens a store, given what follows its scheme and the colon in the setting `store`.
    public typealias OpenStore = @Sendable (String) async throws(StoreError) -> any Store
    /// Makes the interface for calls out on behalf of an account, given its credentials, where the access token is kept,
    /// and the settings of the process; `nil` where the credentials do not suffice.
    public typealias MakePlatform = @Sendable (Credentials, any Store, ServerSettings) -> (any PlatformAPI)?

    /// The stores that can be named in the setting `store`, by the scheme that its value begins with.
    public var stores: [String: OpenStore]
    /// Makes the interface for calls out.
    public var platform: MakePlatform
    /// The version of the program, for its status; empty where it has none.
    public var version = ""

    /// Creates resources.
    /// - Parameters:
    ///   - stores: The stores by scheme; `memory` and `none` are always there.
    ///   - platform: Makes the interface for calls out; by default there is none.
    public init(stores: [String: OpenStore] = [:], platform: @escaping MakePlatform = { _, _, _ in nil }) {
        self.stores = stores
        self.platform = platform
    }

    /// Opens the store of a process.
    /// - Returns: `nil` where the setting says that there is to be none.
    func open(_ settings: ServerSettings, environment: ProcessEnvironment) async throws(StartError) -> (any Store)? {
        let folder = environment["STATE_DIRECTORY"].map { String($0.prefix { $0 != ":" }) }.flatMap {
            $0.isEmpty ? nil : $0
        }
        let address =
            settings.store ?? (folder != nil && stores["sqlite"] != nil ? .scheme("sqlite", rest: "") : .memory)
        switch address {
        case .none: return nil
        case .memory: return MemoryStore()
        case .scheme(let scheme, var rest):
            guard let open = stores[scheme] else {
                let known = ["memory"] + stores.keys.sorted() + ["none"]
                throw .configuration(["store: '\(scheme)' is not known here; there is \(known.joined(separator: ", "))"]
                )
            }
            if scheme == "sqlite", rest.isEmpty {
                guard let folder else {
                    throw .configuration([
                        "store: expected sqlite:/path/to/file, since STATE_DIRECTORY, which could say where, is not set"
                    ])
                }
                rest = folder + "/messages.sqlite"
            }
            do throws(StoreError) {
                return try await open(rest)
            } catch {
                throw .store(error)
            }
        }
    }
}
