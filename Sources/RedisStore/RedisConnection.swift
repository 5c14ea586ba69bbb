internal import CHiredis
internal import Glibc
internal import OfficialAccountBot

/// A connection to a Redis server that has been logged in to and knows the script.
final class RedisConnection {
    /// What the server said of a transaction.
    enum Answer {
        case outcome(StoreOutcome)
        case refused(StoreError)
        case unknownScript
    }

    private let context: UnsafeMutablePointer<redisContext>
    private let address: RedisAddress
    /// The name that the server gave the script.
    private(set) var digest: [UInt8] = []

    /// Connects and logs in.
    /// - Throws: ``StoreError`` where the server cannot be reached, or refuses the password or the database.
    init(_ address: RedisAddress, timeout: Int) throws(StoreError) {
        self.address = address
        let patience = timeval(tv_sec: timeout / 1000, tv_usec: timeout % 1000 * 1000)
        let context =
            switch address.place {
            case .tcp(let host, let port): redisConnectWithTimeout(host, port, patience)
            case .unix(let path): redisConnectUnixWithTimeout(path, patience)
            }
        guard let context else { throw StoreError("Redis at \(address): no memory for a connection") }
        self.context = context
        guard context.pointee.err == 0 else { throw broken("cannot be reached: is it running there?") }
        redisSetTimeout(context, patience)
        _ = fcntl(context.pointee.fd, F_SETFD, FD_CLOEXEC)
        try logIn()
        try loadScript()
    }

    deinit { redisFree(context) }

    /// Whether the server has closed the connection while nothing was asked of it.
    var isStale: Bool { chiredis_is_stale(context) != 0 }

    private func logIn() throws(StoreError) {
        if let password = address.password {
            let command = address.user.map { RESP.command("AUTH", $0, password) } ?? RESP.command("AUTH", password)
            if let error = try refusal(of: command) {
                throw StoreError(
                    "Redis at \(address) refused the password (\(error)): correct the user and the password in its URL")
            }
        }
        if address.database != 0, let error = try refusal(of: RESP.command("SELECT", String(address.database))) {
            throw StoreError(
                "Redis at \(address) refused database \(address.database) (\(error)): correct it in the URL, or raise "
                    + "`databases` in redis.conf")
        }
    }

    /// Has the server learn the script.
    func loadScript() throws(StoreError) {
        try send(RESP.command("SCRIPT", "LOAD", TransactionScript.text))
        let reply = try read()
        defer { freeReplyObject(reply) }
        guard reply.pointee.type == REDIS_REPLY_STRING else { throw refused(reply) }
        digest = Self.bytes(reply)
    }

    /// Sends commands.
    func send(_ commands: [UInt8]) throws(StoreError) {
        let appended = commands.withUnsafeBytes {
            redisAppendFormattedCommand(context, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
        }
        var isDone: Int32 = 0
        var result = appended
        while result == REDIS_OK, isDone == 0 { result = redisBufferWrite(context, &isDone) }
        guard result == REDIS_OK else { throw broken("does not take what is sent") }
    }

    /// Reads what came of a transaction that was sent.
    func answer() throws(StoreError) -> Answer {
        let reply = try read()
        defer { freeReplyObject(reply) }
        switch reply.pointee.type {
        case REDIS_REPLY_ERROR where Self.word(reply) == "NOSCRIPT": return .unknownScript
        case REDIS_REPLY_ERROR: return .refused(refused(reply))
        case REDIS_REPLY_ARRAY:
            guard let outcome = Self.outcome(reply) else {
                return .refused(
                    StoreError("Redis at \(address) holds values under the store's prefix that are not the store's"))
            }
            return .outcome(outcome)
        default: throw StoreError("Redis at \(address) answered something else than was asked")
        }
    }

    private static func outcome(_ reply: UnsafeMutablePointer<redisReply>) -> StoreOutcome? {
        guard reply.pointee.elements > 0, let elements = reply.pointee.element, let first = elements[0] else {
            return nil
        }
        let digits = bytes(first)
        guard let revision = digits.isEmpty ? 0 : number(digits[...]) else { return nil }
        var values: [StoreValue?] = []
        values.reserveCapacity(reply.pointee.elements - 1)
        for index in 1..<reply.pointee.elements {
            guard let element = elements[index], element.pointee.type == REDIS_REPLY_STRING else {
                values.append(nil)
                continue
            }
            guard let value = value(element) else { return nil }
            values.append(value)
        }
        return StoreOutcome(revision: revision, values: values)
    }

    private static func value(_ reply: UnsafeMutablePointer<redisReply>) -> StoreValue? {
        let content = UnsafeRawBufferPointer(start: reply.pointee.str, count: reply.pointee.len)
        guard content.count >= RESP.revisionDigits, let revision = number(content.prefix(RESP.revisionDigits)) else {
            return nil
        }
        return StoreValue(bytes: Array(content.dropFirst(RESP.revisionDigits)), revision: revision)
    }

    private static func number(_ digits: some Sequence<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit), number < UInt64.max / 100 else { return nil }
            number = number * 10 + UInt64(digit - 0x30)
        }
        return number
    }

    // MARK: Replies

    private func read() throws(StoreError) -> UnsafeMutablePointer<redisReply> {
        var reply: UnsafeMutableRawPointer?
        guard redisGetReply(context, &reply) == REDIS_OK, let reply else { throw broken("does not answer") }
        return reply.assumingMemoryBound(to: redisReply.self)
    }

    /// Sends a command that has no answer but whether it was done.
    /// - Returns: The kind of error, where it was not.
    private func refusal(of command: [UInt8]) throws(StoreError) -> String? {
        try send(command)
        let reply = try read()
        defer { freeReplyObject(reply) }
        return reply.pointee.type == REDIS_REPLY_ERROR ? Self.word(reply) : nil
    }

    private static func bytes(_ reply: UnsafeMutablePointer<redisReply>) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: reply.pointee.str, count: reply.pointee.len))
    }

    /// The first word of an error, which says its kind; the others may quote a key.
    private static func word(_ reply: UnsafeMutablePointer<redisReply>) -> String {
        let word = bytes(reply).prefix(20).prefix { (0x41...0x5A).contains($0) }
        return word.isEmpty ? "ERR" : String(decoding: word, as: UTF8.self)
    }

    private func refused(_ reply: UnsafeMutablePointer<redisReply>) -> StoreError {
        let word = Self.word(reply)
        let advice =
            switch word {
            case "NOAUTH": "wants a password: put it into its URL"
            case "NOPERM":
                "does not let this user do that: allow +@all on the keys with the store's prefix (ACL SETUSER)"
            case "OOM": "is out of memory: raise maxmemory, or set maxmemory-policy to volatile-ttl"
            case "READONLY": "is a replica: name the primary in the URL"
            case "LOADING": "is still reading its data: it will be there in a while"
            case "MISCONF": "cannot save its data and takes no changes: free space on its disk"
            case "BUSY": "is busy with a script that does not end: SCRIPT KILL ends it"
            case "WRONGTYPE": "holds values under the store's prefix that are not the store's: take another prefix"
            case "CROSSSLOT", "MOVED", "CLUSTERDOWN": "is a cluster: name a server that is not"
            default: "refused a transaction"
            }
        return StoreError("Redis at \(address) \(advice) (\(word))")
    }

    private func broken(_ what: String) -> StoreError {
        let reason =
            if context.pointee.err == REDIS_ERR_IO, errno == EAGAIN || errno == EWOULDBLOCK {
                "time-out"
            } else {
                withUnsafeBytes(of: context.pointee.errstr) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
            }
        return StoreError("Redis at \(address) \(what) (\(reason))")
    }
}
