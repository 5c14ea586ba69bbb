/// The times by which access tokens are kept, in milliseconds.
struct TokenTiming: Sendable {
    /// How long before a token's end the next one is fetched. The platform has a new one from five minutes before the
    /// end, and takes the old one until then.
    var lead: Int64 = 300_000
    /// How long a token is kept at the least before the next one is fetched, as long as it can be used.
    var leastAge: Int64 = 30_000
    /// How long fetching a token may take in all.
    var fetch: Int64 = 5_000
    /// How long one process keeps the others from fetching; longer than it may take, so that only a process that died
    /// is replaced.
    var lock: Int64 = 8_000
    /// How long another process is waited for: long enough for one that died to be replaced.
    var wait: Int64 = 14_000
    /// How long after a forced renewal no other one is made. The platform takes one in 30 s and 20 a day.
    var forcing: Int64 = 30_000
    /// How many renewals are forced in a day at the most; some of the twenty are left to other programs.
    var mostForced = 16
    /// How long the day is in which they are counted.
    var day: Int64 = 86_400_000
    /// For how long a refusal, such as a wrong AppSecret, is answered without asking the platform again.
    var refusal: Int64 = 10_000
    /// For how long it is not asked again after it could not be reached.
    var outage: Int64 = 2_000
    /// How often a failure in the background is logged at the most.
    var logging: Int64 = 60_000
}
