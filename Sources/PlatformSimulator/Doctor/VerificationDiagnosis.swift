/// Why a URL cannot be verified, told from the answers to three requests: one that says nothing, one that is signed, and
/// one whose signature is wrong.
struct VerificationDiagnosis {
    /// What is not well; empty where `echostr` came back.
    private(set) var findings: [Finding] = []
    /// Whether the server did not accept the signed request.
    private(set) var isRefused = false

    init(stranger: VerificationRecord, signed: VerificationRecord, forged: VerificationRecord, url: WebAddress?) {
        guard let fault = signed.fault else { return }
        guard let answer = signed.answer else {
            if case .delivery(let fault) = fault { findings = [.noAnswer(fault)] }
            isRefused = true
            return
        }
        let echostr = signed.request.query.first("echostr") ?? ""
        let isLikeStranger = answer.saysTheSame(as: stranger.answer)
        let isLikeForged = answer.saysTheSame(as: forged.answer)
        switch (answer.status, fault) {
        case (200, .html) where isLikeForged && !answer.body.contains(Array(echostr.utf8)):
            findings = [
                Finding(
                    .webPage, "the URL leads to a web page, which is the same whatever is asked",
                    "check the path, and that the web server passes it on to the program")
            ]
            isRefused = true
        case (200, .empty) where isLikeForged, (200, .different) where isLikeForged:
            findings = [Self.refusal(answer, isLikeStranger: isLikeStranger, url: url)]
            isRefused = true
        case (200, _): findings = [Finding(fault)]
        case (400, _), (401, _), (403, _), (422, _):
            findings = [Self.refusal(answer, isLikeStranger: isLikeStranger, url: url)]
            isRefused = true
        default:
            findings = [.status(answer, of: "the verification", url: url)]
            isRefused = true
        }
    }

    static func refusal(_ answer: CallbackAnswer, isLikeStranger: Bool, url: WebAddress?) -> Finding {
        if answer.status == 401, answer.headers.first("WWW-Authenticate") != nil {
            return .status(answer, of: "the verification", url: url)
        }
        // A framework that wants parameters says 400 or 422 where they are missing.
        let isAboutParameters =
            ([400, 422].contains(answer.status) || answer.speaksOfMissing) && !answer.speaksOfWrong
        if isLikeStranger, isAboutParameters {
            return Finding(
                .queryDropped,
                "the answer is the one to a request without a query, and speaks of what is missing: the query does not arrive",
                "have every proxy on the way pass the query on: proxy_pass without a URI of its own or with $is_args$args, "
                    + "fastcgi_param QUERY_STRING $query_string, and no rewrite that ends with ?")
        }
        if isLikeStranger, answer.status == 403, answer.isPage {
            return Finding(
                .forbidden, "the status is 403 with a page, for everybody: the web server or a firewall refuses",
                "allow the path for all addresses, and without cookies, JavaScript or captchas; if the page is the "
                    + "program's own, the Token is another one there")
        }
        let also =
            isLikeStranger
            ? "; the answer to a request without a query is the same, so make sure too that no proxy drops the query"
            : ""
        return Finding(
            .tokenMismatch, "the server does not accept what is signed with this Token (status \(answer.status))",
            "use the Token of the platform's settings page here and in the server's configuration, letter by letter"
                + (answer.isRefusalByProgram ? CallbackAnswer.tokenOfWebServer : "") + also
        )
    }
}

extension CallbackAnswer {
    /// Whether two answers say the same, whatever their header fields.
    func saysTheSame(as other: CallbackAnswer?) -> Bool { status == other?.status && body == other?.body }

    /// Whether the answer says that something is missing: words that programs use for it.
    var speaksOfMissing: Bool {
        speaks(["missing", "required", "no signature", "without", "not provided", "undefined", "缺少", "为空"])
    }

    /// Whether the answer says that a signature is there and wrong.
    var speaksOfWrong: Bool {
        speaks([
            "bad signature", "invalid signature", "wrong signature", "signature invalid", "signature mismatch",
            "signature error", "签名错误", "签名不正确", "验证失败",
        ])
    }

    private func speaks(_ words: [String]) -> Bool {
        let text = String(decoding: body.prefix(2048), as: UTF8.self).lowercased()
        return words.contains { text.contains($0) }
    }

    /// Whether the body is a page for people.
    var isPage: Bool {
        let text = String(decoding: body.prefix(512), as: UTF8.self).drop(while: \.isWhitespace).lowercased()
        return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
    }

    /// Whether the answer is this project's program's, which takes the Token from the web server before its own file.
    var isRefusalByProgram: Bool {
        says("refused") || says("refused: signature, timestamp or nonce is missing from the query")
    }

    /// What to look at where that program refuses.
    static let tokenOfWebServer = "; a WECHAT_TOKEN in the web server's configuration wins over the program's file"

    /// Whether the body is one short line of text, as programs answer and web servers do not.
    func says(_ line: String) -> Bool { String(decoding: body, as: UTF8.self) == line + "\n" }
}
