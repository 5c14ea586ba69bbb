internal import FastCGI
internal import FoundationEssentials

/// What the simulated interface knows, and how it answers calls.
final class APIService: Sendable {
    private struct State {
        var tokens: AccessTokens
        var windows = ServiceWindows()
        var media: [String: SimulatedMedium] = [:]
        var calls: [APICall] = []
        var messages: [CustomerServiceMessage] = []
        var typing: Set<String> = []
        var faults: [APIPath: [(fault: InjectedFault, hasEffect: Bool)]] = [:]
        var isPermitted = true
        var callbackAddresses = ["127.0.0.1"]
    }

    /// What a call is answered with where nothing goes wrong.
    private struct Result {
        var contentType = "application/json; charset=utf-8"
        var headers: [NamedValue] = []
        var body: [UInt8]

        init(_ json: JSONValue) { body = json.bytes }

        init(_ medium: SimulatedMedium, bytes: [UInt8], contentType: String) {
            self.contentType = contentType
            headers = [NamedValue("Content-Disposition", "attachment; filename=\"\(medium.fileName)\"")]
            body = bytes
        }
    }

    let chats = Chats()
    private let state: Locked<State>
    private let now: @Sendable () -> Date

    init(tokens: AccessTokens, now: @escaping @Sendable () -> Date) {
        state = Locked(State(tokens: tokens))
        self.now = now
    }

    // MARK: Answering

    func answer(_ request: APIRequest) -> APIAnswer {
        let time = now()
        return state.withLock { state in
            var call = APICall(
                path: request.path, method: request.method, query: request.query, headers: request.headers,
                body: request.body, time: time)
            let path = APIPath(rawValue: request.path)
            var injected: (fault: InjectedFault, hasEffect: Bool)?
            if let path, state.faults[path]?.isEmpty == false { injected = state.faults[path]?.removeFirst() }
            call.fault = injected?.fault
            defer { state.calls.append(call) }

            var answer: APIAnswer = .cut
            if injected?.hasEffect != false {
                do throws(Refused) {
                    let result = try result(of: path, request, time, &state)
                    call.errcode = 0
                    let type = NamedValue("Content-Type", result.contentType)
                    answer = .whole(status: 200, headers: [type] + result.headers, body: result.body)
                } catch {
                    call.errcode = error.errcode
                    answer = Self.refusal(error)
                }
            }
            guard let injected else { return answer }
            call.errcode = nil
            switch injected.fault {
            case .errcode(let code):
                call.errcode = code
                return Self.refusal(Refused(code, "injected"))
            case .status(let status): return Self.page(status: status, type: "text/html")
            case .notJSON: return Self.page(status: 200, type: "application/json")
            case .stall: return .stall
            case .cut: return .cut
            case .endlessBody: return .endless
            }
        }
    }

    private static func refusal(_ error: Refused) -> APIAnswer {
        let json: JSONValue = ["errcode": .integer(Int64(error.errcode)), "errmsg": .string(error.errmsg)]
        return .whole(
            status: 200, headers: [NamedValue("Content-Type", "application/json; charset=utf-8")], body: json.bytes)
    }

    private static func page(status: Int, type: String) -> APIAnswer {
        .whole(
            status: status, headers: [NamedValue("Content-Type", type)],
            body: Array("<html><body>Not what you asked for</body></html>".utf8))
    }

    private func result(
        of path: APIPath?, _ request: APIRequest, _ time: Date, _ state: inout State
    ) throws(Refused) -> Result {
        guard let path else {
            guard request.path == Self.videoPath,
                let video = request.query.first("media_id").flatMap({ state.media[$0] })
            else { throw Refused(40066, "invalid url") }
            return Result(video, bytes: video.bytes, contentType: video.contentType)
        }
        guard request.method == path.method else {
            throw Refused(path.method == "POST" ? 43002 : 43001, "require \(path.method) method")
        }
        if path == .stableToken { return Result(try state.tokens.issue(request.body, now: time)) }
        try state.tokens.check(request.query.first("access_token"), now: time)
        switch path {
        case .stableToken, .callbackAddresses:
            return Result(["ip_list": .array(state.callbackAddresses.map(JSONValue.string))])
        case .customSend:
            try send(request.body, time, &state)
            return Result(["errcode": 0, "errmsg": "ok"])
        case .customTyping:
            try type(request.body, &state)
            return Result(["errcode": 0, "errmsg": "ok"])
        case .mediaGet, .mediaGetHighQuality:
            return try medium(request, isHighQuality: path == .mediaGetHighQuality, state)
        case .mediaUpload: return Result(try upload(request, time, &state))
        }
    }

    private func send(_ body: [UInt8], _ time: Date, _ state: inout State) throws(Refused) {
        let message = try CustomerServiceMessage(parsing: body, time: time)
        guard state.isPermitted else { throw Refused(48001, "api unauthorized") }
        try state.windows.take(for: message.openID, now: time)
        state.messages.append(message)
        state.typing.remove(message.openID)
        chats.show(message.content, by: .customerService, to: message.openID)
    }

    private func type(_ body: [UInt8], _ state: inout State) throws(Refused) {
        guard let json = JSONValue(parsing: body) else { throw Refused(47001, "data format error") }
        guard let openID = json["touser"].string, !openID.isEmpty else { throw Refused(40003, "invalid openid") }
        guard state.isPermitted else { throw Refused(48001, "api unauthorized") }
        switch json["command"] {
        case "Typing": state.typing.insert(openID)
        case "CancelTyping": state.typing.remove(openID)
        default: throw Refused(45072, "invalid command")
        }
    }

    private func medium(
        _ request: APIRequest, isHighQuality: Bool, _ state: State
    ) throws(Refused) -> Result {
        guard let medium = request.query.first("media_id").flatMap({ state.media[$0] }) else {
            throw Refused(40007, "invalid media_id")
        }
        if isHighQuality {
            guard let bytes = medium.highQualityVoice else { throw Refused(40007, "invalid media_id") }
            return Result(medium, bytes: bytes, contentType: "voice/speex")
        }
        guard !medium.contentType.hasPrefix("video/") else {
            let host = request.headers.first("Host") ?? ""
            let id = request.query.first("media_id") ?? ""
            return Result(["video_url": .string("http://\(host)\(Self.videoPath)?media_id=\(id)")])
        }
        return Result(medium, bytes: medium.bytes, contentType: medium.contentType)
    }

    /// Where the bytes of videos are, for which the platform has a server of its own that asks for no token.
    private static let videoPath = "/simulated/video"

    private func upload(_ request: APIRequest, _ time: Date, _ state: inout State) throws(Refused) -> JSONValue {
        /// Bytes at the most, and what more are refused with.
        let limits = [
            "image": (10 << 20, 40009), "voice": (2 << 20, 40010), "video": (10 << 20, 40011),
            "thumb": (64 << 10, 40012),
        ]
        guard let type = request.query.first("type"), let (limit, errcode) = limits[type] else {
            throw Refused(40004, "invalid media type")
        }
        guard let form = UploadedForm(request.body, contentType: request.headers.first("Content-Type")) else {
            throw Refused(41005, "media data missing")
        }
        guard !form.medium.bytes.isEmpty else { throw Refused(44001, "empty media data") }
        guard form.medium.bytes.count <= limit else { throw Refused(errcode, "invalid \(type) size") }
        let id = "uploaded-\(type)-\(UInt64.random(in: 0...(.max)))"
        state.media[id] = form.medium
        return [
            "type": .string(type), type == "thumb" ? "thumb_media_id" : "media_id": .string(id),
            "created_at": .integer(Int64(time.timeIntervalSince1970)),
        ]
    }

    // MARK: State

    func open(_ act: ServiceWindows.Act, for openID: String) {
        let time = now()
        state.withLock { $0.windows.open(act, for: openID, now: time) }
    }

    func close(for openID: String) { state.withLock { $0.windows.close(for: openID) } }

    func inject(_ fault: InjectedFault, for path: APIPath, calls: Int, hasEffect: Bool) {
        state.withLock {
            $0.faults[path, default: []] += Array(repeating: (fault: fault, hasEffect: hasEffect), count: calls)
        }
    }

    func invalidateTokens() { state.withLock { $0.tokens.invalidate() } }
    func keep(_ medium: SimulatedMedium, as id: String) { state.withLock { $0.media[id] = medium } }
    func medium(_ id: String) -> SimulatedMedium? { state.withLock { $0.media[id] } }
    func isTyping(to openID: String) -> Bool { state.withLock { $0.typing.contains(openID) } }
    var calls: [APICall] { state.withLock { $0.calls } }
    var messages: [CustomerServiceMessage] { state.withLock { $0.messages } }
    var currentToken: String? { state.withLock { $0.tokens.current } }

    var isPermitted: Bool {
        get { state.withLock { $0.isPermitted } }
        set { state.withLock { $0.isPermitted = newValue } }
    }

    var callbackAddresses: [String] {
        get { state.withLock { $0.callbackAddresses } }
        set { state.withLock { $0.callbackAddresses = newValue } }
    }
}
