internal import FastCGI
internal import Logging
internal import OfficialAccount
internal import OfficialAccountBot

/// The accounts of one configuration, ready to answer, and how the one of a request is found among them.
///
/// It never changes but for what it remembers of accounts that requests brought about, so that a lookup takes a lock
/// only for those.
final class AccountDirectory: Sendable {
    /// An account ready to answer. A class, so that to pass it on costs one reference count.
    final class Served: Sendable {
        let name: String
        /// Where its credentials were configured: its path as the file has it, with `{token}` for all Tokens there, else
        /// its name. No client chooses it.
        let origin: String
        let callback: Callback
        /// What handling its messages has to know, a logger that names the account among it.
        let handling: HandlingAccount
        let maxAge: Int64
        /// What is counted of it; `nil` where nobody wants to know.
        let counts: AccountCounts?
        /// Whether its credentials came with a request and took the place of those that the configuration file has.
        let replacesFile: Bool

        var logger: Logger { handling.logger }

        init(
            name: String, origin: String, callback: Callback, handling: HandlingAccount, maxAge: Int64,
            counts: AccountCounts?, replacesFile: Bool
        ) {
            self.name = name
            self.origin = origin
            self.callback = callback
            self.handling = handling
            self.maxAge = maxAge
            self.counts = counts
            self.replacesFile = replacesFile
        }
    }

    /// Why a request has no account.
    enum Missing: Error, Equatable {
        /// No account has this path, or there is none at all.
        case none(paths: String)
        /// The request carries credentials that are not accepted.
        case variable(AccountVariableError)
    }

    /// What an account that a request brought about is remembered by.
    private enum Key: Sendable, Hashable {
        case variables(AccountVariables, account: Int?)
        case token(ArraySlice<UInt8>, account: Int)
    }

    /// Bounded: for `{token}` anyone can bring about as many accounts as they like.
    private static let mostRemembered = 256

    /// In how many parts a long text is sent for an account that anybody can bring about: what is not sent yet takes room
    /// that all accounts share.
    private static let openParts = 3

    private let accounts: Accounts
    private let common: Common
    /// The accounts of the file that have credentials of their own, at the same places.
    private let served: [Served?]
    private let fallback: Served?
    private let remembered = Locked<[Key: Served]>([:])

    /// What all accounts have in common.
    struct Common: Sendable {
        var maxAge: Int64
        var limits: MessageLimits
        var late = LateAnswers()
        var logger: Logger
        /// Where is kept what has to outlive a request.
        var store: (any Store)?
        var counting: Counting?
        var placeholders = PlaceholderWarnings()
        var platform: @Sendable (Credentials) -> (any PlatformAPI)? = { _ in nil }
    }

    init(_ accounts: Accounts, _ common: Common) {
        func serve(_ account: Account) -> Served? {
            guard case .credentials(let credentials) = account.access else { return nil }
            // Two paths may be the same account's, and two accounts may be called alike.
            let path = account.path.description
            let served = common.serve(
                credentials, account.name, path, account, key: credentials.appID?.rawValue ?? path)
            common.placeholders.look(at: credentials, of: served)
            return served
        }
        self.accounts = accounts
        self.common = common
        served = (accounts.list ?? []).map(serve)
        fallback = accounts.fallback.flatMap(serve)
    }

    /// The accounts that are ready to answer.
    var all: [Served] {
        served.compactMap { $0 } + [fallback].compactMap { $0 } + remembered.withLock { Array($0.values) }
    }

    /// How many accounts are remembered that requests brought about.
    var rememberedCount: Int { remembered.withLock { $0.count } }

    /// The account of a request.
    func account(of request: Request) throws(Missing) -> Served {
        let variables = AccountVariables(request.parameters)
        guard let list = accounts.list else {
            if let variables { return try account(of: variables, nil, nil) }
            guard let fallback else { throw .none(paths: "") }
            return fallback
        }
        guard let match = accounts.tree.match(Array(request.path.utf8)[...]) else {
            throw .none(paths: accounts.paths)
        }
        let configured = list[match.account]
        if let variables { return try account(of: variables, match.account, configured) }
        if let served = served[match.account] { return served }
        guard let token = match.token else { throw .none(paths: accounts.paths) }
        return try account(of: token, match.account, configured)
    }

    /// The account whose credentials a request carries.
    ///
    /// Without a name, an AppID and a configured path it is called by a hash of its Token, and not by the path of the
    /// request: below a location's prefix clients choose that, and with it whatever is kept under an account's name.
    private func account(
        of variables: AccountVariables, _ number: Int?, _ configured: Account?
    ) throws(Missing) -> Served {
        if let served = remembered.withLock({ $0[.variables(variables, account: number)] }) { return served }
        do throws(AccountVariableError) {
            let credentials = try variables.credentials
            let path = configured?.path.description
            let configuredName = configured.flatMap { $0.name.isEmpty ? nil : $0.name }
            let name = configuredName ?? credentials.appID?.rawValue ?? path ?? Account(anywhere: credentials).name
            let key = credentials.appID?.rawValue ?? path ?? Account.key("", token: credentials.token)
            let served = common.serve(
                credentials, name, path ?? name, configured, key: key, replacesFile: configured != nil)
            common.placeholders.look(at: credentials, of: served)
            remember(served, .variables(variables.detached, account: number))
            return served
        } catch {
            throw .variable(error)
        }
    }

    /// The account whose Token stands in the path.
    private func account(
        of token: ArraySlice<UInt8>, _ number: Int, _ configured: Account
    ) throws(Missing) -> Served {
        if let served = remembered.withLock({ $0[.token(token, account: number)] }) { return served }
        guard let parsed = try? Token(parsing: String(decoding: token, as: UTF8.self)) else {
            throw .none(paths: accounts.paths)
        }
        let served = common.serve(
            Credentials(token: parsed), Account.name(configured.name, token: parsed), configured.path.description,
            configured, key: Account.key(configured.name, token: parsed), mostParts: Self.openParts,
            countedAs: configured.name.isEmpty ? configured.path.description : configured.name)
        remember(served, .token(Array(token)[...], account: number))
        return served
    }

    private func remember(_ served: Served, _ key: Key) {
        remembered.withLock { remembered in
            // Starting afresh costs the accounts in use one more look each, and needs no order of use to be kept.
            if remembered.count >= Self.mostRemembered { remembered.removeAll(keepingCapacity: true) }
            remembered[key] = served
        }
    }
}

extension AccountDirectory.Common {
    fileprivate func serve(
        _ credentials: Credentials, _ name: String, _ origin: String, _ configured: Account?, key: String,
        mostParts: Int = Reply.mostParts, countedAs countedName: String? = nil, replacesFile: Bool = false
    ) -> AccountDirectory.Served {
        var logger = logger
        logger[metadataKey: "account"] = .string(name)
        let handling = HandlingAccount(
            name: name, key: key, origin: origin, mostParts: mostParts,
            late: configured?.late.applied(to: late) ?? late, bot: configured?.bot, platform: platform(credentials),
            sessions: store.map { Sessions(store: $0, account: key) }, logger: logger)
        return AccountDirectory.Served(
            name: name, origin: origin, callback: Callback(credentials: credentials, limits: limits),
            handling: handling, maxAge: maxAge, counts: counting?.account(countedName ?? name, origin: origin),
            replacesFile: replacesFile)
    }
}
