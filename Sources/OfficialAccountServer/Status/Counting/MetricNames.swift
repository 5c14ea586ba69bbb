/// What is counted, with what a reader of Prometheus is told of it. Names follow
/// https://prometheus.io/docs/practices/naming/.
enum MetricName {
    static let requests = "wechat_fcgi_requests_total"
    static let messages = "wechat_fcgi_messages_total"
    static let events = "wechat_fcgi_events_total"
    static let answers = "wechat_fcgi_answers_total"
    static let retries = "wechat_fcgi_retries_total"
    static let late = "wechat_fcgi_late_answers_total"
    static let failures = "wechat_fcgi_handler_failures_total"
    static let apologies = "wechat_fcgi_apologies_total"
    static let refusals = "wechat_fcgi_refusals_total"
    static let takeovers = "wechat_fcgi_takeovers_total"
    static let storeFailures = "wechat_fcgi_store_failures_total"
    static let server = "wechat_fcgi_server_events_total"
    static let answerTime = "wechat_fcgi_answer_duration_seconds"
    static let inFlight = "wechat_fcgi_requests_in_flight"
    static let handlers = "wechat_fcgi_handlers_waiting"
    static let memory = "wechat_fcgi_resident_memory_bytes"
    static let descriptors = "wechat_fcgi_open_descriptors"
    static let processes = "wechat_fcgi_processes"
    static let storesDown = "wechat_fcgi_processes_without_store"
    static let since = "wechat_fcgi_counting_since_timestamp_seconds"
    static let tokenUp = "wechat_fcgi_access_token_up"
    static let tokenRefreshed = "wechat_fcgi_access_token_refreshed_timestamp_seconds"
    static let tokenFailed = "wechat_fcgi_access_token_failed_timestamp_seconds"
    static let tokenError = "wechat_fcgi_access_token_error_code"
    static let build = "wechat_fcgi_build_info"

    /// A sentence on each, and what kind of number it is, in the order in which they are shown.
    static let all: [(name: String, kind: String, help: String)] = [
        (requests, "counter", "Requests that reached the program, whatever became of them."),
        (
            messages, "counter",
            "Messages of the platform's that passed all checks, by MsgType; deliveries of one count each."
        ),
        (events, "counter", "Those of them that are events, by Event."),
        (
            answers, "counter",
            "What deliveries got: a reply, success (which says nothing), verified, or left to the next_delivery."
        ),
        (
            retries, "counter",
            "Deliveries of a message that was known: joined waited for its answer, repeated got it again."
        ),
        (late, "counter", "Late answers: deferred when they became late, then how they ended."),
        (failures, "counter", "Handlers that threw an error or took longer than handler_timeout."),
        (apologies, "counter", "Messages whose user gets the apology."),
        (refusals, "counter", "Requests that got an error for an answer, by kind."),
        (takeovers, "counter", "Messages that another process took over from one that died or was too slow."),
        (storeFailures, "counter", "How often the store became unusable."),
        (server, "counter", "What happened on connections of web servers, other than requests."),
        (answerTime, "histogram", "Seconds from a message's arrival to its answer. The platform waits for 5."),
        (inFlight, "gauge", "Requests that are being worked on."),
        (handlers, "gauge", "Handlers that run and did not answer at once."),
        (memory, "gauge", "Resident memory of all processes."),
        (descriptors, "gauge", "Open descriptors of all processes."),
        (processes, "gauge", "Processes that are counted together."),
        (storesDown, "gauge", "Processes whose store cannot be used."),
        (since, "gauge", "When counting began."),
        (tokenUp, "gauge", "Whether the last attempt to get the account's access token worked."),
        (tokenRefreshed, "gauge", "When the account's access token was fetched last."),
        (tokenFailed, "gauge", "When fetching the account's access token failed last."),
        (tokenError, "gauge", "The errcode of the last failure, 0 after a success or without an errcode."),
        (build, "gauge", "The version of the program, as a label."),
    ]
}
