/// The accounts that this process answers for, and how the one of a request is found.
///
/// With a configuration file these are its accounts, found by path. Without one, any path is the account whose
/// credentials the request carries, else the one whose credentials the process's environment carries.
public struct Accounts: Sendable {
    /// The accounts of a configuration file, or `nil` where there is none.
    let list: [Account]?
    let tree: PathTree
    /// The account of the process's environment.
    let fallback: Account?

    /// Creates the accounts of a configuration file.
    /// - Parameter list: The accounts. A request whose path is none of theirs has no account.
    /// - Throws: ``AccountsError/samePath(_:)`` where two have the same path.
    public init(_ list: [Account]) throws(AccountsError) {
        var tree = PathTree()
        for (number, account) in list.enumerated() {
            guard tree.insert(account.path, account: number) == nil else {
                throw .samePath(account.path.description)
            }
        }
        self.list = list
        self.tree = tree
        fallback = nil
    }

    /// Creates the accounts of a process without a configuration file.
    /// - Parameter environment: Where `WECHAT_TOKEN` and its like may stand, for requests that do not carry them.
    /// - Throws: ``AccountVariableError`` where a variable there is not accepted.
    public init(environment: ProcessEnvironment) throws(AccountVariableError) {
        self.init(
            fallback: try AccountVariables(environment).map { variables throws(AccountVariableError) in
                Account(anywhere: try variables.credentials)
            })
    }

    /// Creates the accounts of a process in which every request carries its own credentials.
    public static let ofRequests = Accounts(fallback: nil)

    private init(fallback: Account?) {
        list = nil
        tree = PathTree()
        self.fallback = fallback
    }

    /// The accounts that have a path of their own, for commands that speak in the name of one.
    package var all: [Account] { list ?? [] }

    /// How the accounts read in a log line.
    var summary: String {
        guard let list else {
            return fallback == nil ? "as each request says" : "as each request says, else \(fallback?.name ?? "")"
        }
        return list.count == 1 ? "1 account" : "\(list.count) accounts"
    }

    /// The paths of the accounts, for a log line; a few of them where there are many.
    var paths: String {
        guard let list else { return "" }
        let some = list.prefix(5).map(\.path.description).joined(separator: ", ")
        return list.count > 5 ? some + ", …" : some
    }
}
