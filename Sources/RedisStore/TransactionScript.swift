internal import OfficialAccountBot

/// A transaction as Redis carries it out: a script (https://redis.io/docs/latest/develop/programmability/eval-intro/), which
/// nothing else comes between.
struct TransactionScript: Sendable {
    /// The script.
    ///
    /// A value is kept behind its revision in 16 digits. Revisions are microseconds since 1970, or one more than the last:
    /// so they rise even where the server forgot the last one, and Lua's numbers hold them exactly until the year 2255.
    ///
    /// KEYS: the counter, those of the conditions, of the writes, of the reads. ARGV: how many conditions and how many
    /// writes; the revision of each condition, empty for none; value and lifetime of each write, 0 to remove.
    static let text = """
        local conditions, writes = tonumber(ARGV[1]), tonumber(ARGV[2])
        local answer = {''}
        for i = 2 + conditions + writes, #KEYS do
            answer[#answer + 1] = redis.call('GET', KEYS[i])
        end
        for i = 1, conditions do
            if redis.call('GETRANGE', KEYS[1 + i], 0, 15) ~= ARGV[2 + i] then return answer end
        end
        if writes == 0 then
            answer[1] = '1'
            return answer
        end
        local time = redis.call('TIME')
        local number = time[1] * 1000000 + time[2]
        local last = tonumber(redis.call('GET', KEYS[1]) or '0')
        if number <= last then number = last + 1 end
        local revision = string.format('%016.0f', number)
        redis.call('SET', KEYS[1], revision)
        for i = 1, writes do
            local key, at = KEYS[1 + conditions + i], 2 + conditions + 2 * i
            if ARGV[at] == '0' then
                redis.call('DEL', key)
            else
                redis.call('SET', key, revision .. ARGV[at - 1], 'PX', ARGV[at])
            end
        end
        answer[1] = revision
        return answer
        """

    /// Redis adds the time to it, in milliseconds: a century is for ever and does not overflow.
    private static let longestLifetime: Int64 = 100 * 366 * 86_400_000

    private let counter: [UInt8]
    private let prefix: [UInt8]

    init(prefix: String) {
        // Another letter than that of values, whose keys may be anything.
        counter = Array("\(prefix)revision".utf8)
        self.prefix = Array("\(prefix)v:".utf8)
    }

    /// Appends the command that carries out a transaction.
    func append(_ transaction: StoreTransaction, digest: [UInt8], to command: inout [UInt8]) {
        let keys = 1 + transaction.conditions.count + transaction.writes.count + transaction.reads.count
        RESP.appendArray(5 + keys + transaction.conditions.count + 2 * transaction.writes.count, to: &command)
        RESP.append("EVALSHA", to: &command)
        RESP.append(digest, to: &command)
        RESP.append(Int64(keys), to: &command)
        RESP.append(counter, to: &command)
        for condition in transaction.conditions { RESP.append(prefix, condition.key.bytes, to: &command) }
        for write in transaction.writes { RESP.append(prefix, write.key.bytes, to: &command) }
        for key in transaction.reads { RESP.append(prefix, key.bytes, to: &command) }
        RESP.append(Int64(transaction.conditions.count), to: &command)
        RESP.append(Int64(transaction.writes.count), to: &command)
        for condition in transaction.conditions { RESP.append(revision: condition.revision, to: &command) }
        for write in transaction.writes {
            RESP.append(write.value ?? [], to: &command)
            let lifetime = write.value == nil ? 0 : min(max(write.lifetime, 0), Self.longestLifetime)
            RESP.append(lifetime, to: &command)
        }
    }
}
