internal import FastCGI
public import Logging
internal import OfficialAccount

/// What a reload of the configuration replaces while requests are answered: the accounts and the age of requests.
///
/// A request sees one configuration from its beginning to its end.
public final class LiveConfiguration: Sendable {
    /// An account ready to answer.
    struct Served: Sendable {
        let name: String
        let callback: Callback
        /// A logger that names the account.
        let logger: Logger
        let maxAge: Int64
    }

    /// Why a request has no account.
    enum Missing: Error, Equatable {
        /// No account has this path, or there is none at all.
        case none(paths: String)
        /// The request carries credentials that are not accepted.
        case variable(AccountVariableError)
    }

    private struct State: Sendable {
        var accounts: Accounts
        var maxAge: Int64
        /// The accounts of the file that have credentials of their own, at the same places.
        var served: [Served?]
        var fallback: Served?
        /// Accounts that requests brought about. Bounded: for `{token}` anyone can bring about as many as they like.
        var remembered: [Key: Served] = [:]
    }

    /// What an account that a request brought about is remembered by.
    private enum Key: Sendable, Hashable {
        case variables(AccountVariables, name: String?)
        case token(ArraySlice<UInt8>, account: Int)
    }

    private static let mostRemembered = 256

    private let state: Locked<State>
    private let logger: Logger

    /// Creates a configuration.
    /// - Parameters:
    ///   - accounts: The accounts.
    ///   - maxAge: How far a request's time may be from the clock, in seconds; 0 for any.
    ///   - logger: Where the accounts log.
    public init(accounts: Accounts, maxAge: Int64, logger: Logger) {
        self.logger = logger
        state = Locked(Self.state(accounts, maxAge, logger))
    }

    /// Replaces the configuration for all requests that begin from now on.
    /// - Parameters:
    ///   - accounts: The accounts.
    ///   - maxAge: How far a request's time may be from the clock, in seconds; 0 for any.
    public func replace(accounts: Accounts, maxAge: Int64) {
        let new = Self.state(accounts, maxAge, logger)
        state.withLock { $0 = new }
    }

    /// How many accounts are remembered that requests brought about.
    var rememberedCount: Int { state.withLock { $0.remembered.count } }

    /// The account of a request.
    func account(of request: Request) throws(Missing) -> Served {
        let variables = AccountVariables(request.parameters)
        return try state.withLock { state throws(Missing) in
            guard let list = state.accounts.list else {
                if let variables { return try remembered(variables, name: nil, &state) }
                guard let fallback = state.fallback else { throw .none(paths: "") }
                return fallback
            }
            guard let match = state.accounts.tree.match(Array(request.path.utf8)[...]) else {
                throw .none(paths: state.accounts.paths)
            }
            let name = list[match.account].name
            if let variables { return try remembered(variables, name: name.isEmpty ? nil : name, &state) }
            if let served = state.served[match.account] { return served }
            guard let token = match.token else { throw .none(paths: state.accounts.paths) }
            return try remembered(token, match.account, name, &state)
        }
    }

    /// The account whose credentials a request carries.
    private func remembered(
        _ variables: AccountVariables, name: String?, _ state: inout State
    ) throws(Missing) -> Served {
        if let served = state.remembered[.variables(variables, name: name)] { return served }
        do throws(AccountVariableError) {
            let credentials = try variables.credentials
            let shownName = name ?? credentials.appID?.rawValue ?? PathPattern.any.description
            let served = Self.serve(credentials, name: shownName, state.maxAge, logger)
            remember(served, .variables(variables.detached, name: name), &state)
            return served
        } catch {
            throw .variable(error)
        }
    }

    /// The account whose Token stands in the path.
    private func remembered(
        _ token: ArraySlice<UInt8>, _ number: Int, _ prefix: String, _ state: inout State
    ) throws(Missing) -> Served {
        if let served = state.remembered[.token(token, account: number)] { return served }
        guard let parsed = try? Token(parsing: String(decoding: token, as: UTF8.self)) else {
            throw .none(paths: state.accounts.paths)
        }
        let served = Self.serve(
            Credentials(token: parsed), name: Account.name(prefix, token: parsed), state.maxAge, logger)
        remember(served, .token(Array(token)[...], account: number), &state)
        return served
    }

    private func remember(_ served: Served, _ key: Key, _ state: inout State) {
        // Starting afresh costs the accounts in use one more look each, and needs no order of use to be kept.
        if state.remembered.count >= Self.mostRemembered { state.remembered.removeAll(keepingCapacity: true) }
        state.remembered[key] = served
    }

    private static func state(_ accounts: Accounts, _ maxAge: Int64, _ logger: Logger) -> State {
        State(
            accounts: accounts, maxAge: maxAge,
            served: (accounts.list ?? []).map { serve($0, maxAge, logger) },
            fallback: accounts.fallback.flatMap { serve($0, maxAge, logger) })
    }

    private static func serve(_ account: Account, _ maxAge: Int64, _ logger: Logger) -> Served? {
        guard case .credentials(let credentials) = account.access else { return nil }
        return serve(credentials, name: account.name, maxAge, logger)
    }

    private static func serve(_ credentials: Credentials, name: String, _ maxAge: Int64, _ logger: Logger) -> Served {
        var logger = logger
        logger[metadataKey: "account"] = .string(name)
        return Served(name: name, callback: Callback(credentials: credentials), logger: logger, maxAge: maxAge)
    }
}
