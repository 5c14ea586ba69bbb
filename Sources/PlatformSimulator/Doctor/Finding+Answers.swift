extension Finding {
    /// Why there is no answer.
    static func noAnswer(_ fault: DeliveryFault) -> Finding {
        switch fault {
        case .timeout(let patience):
            Finding(
                .tooSlow, "no answer within \(patience.brief), and the platform does not wait longer",
                "answer at once, and send what takes longer by the customer-service interface or when the user asks again"
            )
        case .stalled(let bytes):
            Finding(
                .cutShort, "the answer stops after \(bytes) bytes, and is not whole when the platform hangs up",
                "send all of it at once, with a Content-Length that is the body's")
        case .cutShort:
            Finding(
                .cutShort, "the connection ends before the answer is whole",
                "look into the error logs of the program and of the web server: the program has probably died. If the port is "
                    + "the program's own (FastCGI), have a web server in front of it (fastcgi_pass), or use fastcgi: in "
                    + "place of http:")
        case .notHTTP:
            Finding(
                .notHTTP, "what comes back is no answer of a web server",
                "check the port: it may be one for TLS, or the program's own (FastCGI), which needs a web server in front of "
                    + "it (fastcgi_pass), or use fastcgi: in place of http:")
        case .tooLarge(let limit):
            Finding(
                .answerTooLarge, "the answer has more than \(limit) bytes",
                "answer with one <xml> envelope, 'success' or nothing")
        case .unreachable(let reason, let advice): Finding(.connectionFailed, "no answer: \(reason)", advice)
        default: Finding(.status, "\(fault)", "look into the server's error log")
        }
    }

    /// An answer that took its time.
    static func slow(_ duration: Duration) -> Finding {
        Finding(
            .slow, "the answer took \(duration.brief), and the platform waits 5 s",
            "leave room for a busy hour: do less before answering")
    }

    /// What a status other than 200 says.
    /// - Parameters:
    ///   - answer: The answer.
    ///   - what: What was asked for, such as `the message`.
    ///   - url: Where.
    static func status(_ answer: CallbackAnswer, of what: String, url: WebAddress?) -> Finding {
        let status = answer.status
        let path = url.map { $0.path.isEmpty ? "/" : $0.path } ?? "this path"
        if let url, answer.onlyAddsSlash(to: url) { return addedSlash(status, of: what, path: url.path) }
        switch status {
        case 300..<400:
            // What else the address holds is the server's, and may be anything.
            let target = answer.headers.first("Location").map { " to \(String($0.prefix { $0 != "?" }.prefix(200)))" }
            return Finding(
                .redirect,
                "\(what) is answered with a redirect (\(status))\(target ?? ""), which the platform does not follow",
                "answer at this address, or register the one it leads to")
        case 401:
            return Finding(
                .loginNeeded, "\(what) is answered with 401: the web server asks for a password",
                "leave the path out of what is protected (auth_basic off)")
        case 403:
            return Finding(
                .forbidden, "\(what) is refused with 403", "allow GET and POST of the path for all addresses")
        case 404 where answer.says("no account here"):
            return Finding(
                .wrongPath, "the program is there, and has no account at \(path)",
                "add the path to its configuration file, or pass WECHAT_TOKEN with the request (fastcgi_param; to a FastCGI socket --pass-account)"
            )
        case 404, 410:
            return Finding(
                .wrongPath, "nothing is at \(path) (status \(status))",
                "check the path on the platform's settings page, the web server's location and the program's route")
        case 405, 501:
            return Finding(
                .methodRefused, "\(what) is refused because of its method (status \(status))",
                "take GET for the verification and POST for messages, at the same path")
        case 411, 413, 415:
            return Finding(
                .bodyRefused, "the body of \(what) is refused (status \(status))",
                "take bodies of text/xml of up to some 64 KiB (client_max_body_size)")
        case 502, 504:
            return Finding(
                .gateway, "the web server does not get an answer from the program (status \(status))",
                "start the program, and check its socket, the socket's permissions and the web server's error log")
        case 503, 429:
            return Finding(
                .busy, "the server takes no more requests (status \(status))",
                "raise its limits, or leave the platform's addresses out of them")
        case 500 where answer.says("the server is not set up for this account"):
            return Finding(
                .serverMisconfigured,
                "the program is there, and cannot use what it is configured with for this account",
                "its log says what: often a configuration file with a mistake or that its user may not read, a Token that "
                    + "is not 3 to 32 letters and digits, or an EncodingAESKey that has not 43 characters or comes "
                    + "without the AppID")
        case 500...:
            return Finding(
                .serverError, "the program fails at \(what) (status \(status))",
                "look into its error log; where only encrypted messages fail, the EncodingAESKey there is often not 43 "
                    + "characters long, or the library for AES is missing")
        case 400, 422:
            return Finding(
                .messageRefused, "\(what) itself is not accepted (status \(status))",
                "look into the server's log for what is wrong with it; a body of your own has to be an <xml> envelope with "
                    + "ToUserName, FromUserName, CreateTime and MsgType, and with what the type needs")
        default:
            return Finding(
                .status, "the status of the answer to \(what) is \(status)", "answer with 200")
        }
    }

    /// The web server has a location with a slash behind it, and sends to it what asks for the same without.
    private static func addedSlash(_ status: Int, of what: String, path: String) -> Finding {
        Finding(
            .redirect,
            "\(what) is answered with a redirect (\(status)) to the same address with a slash behind it, which the platform "
                + "does not follow",
            "have the web server pass on \(path) itself (nginx: a location = \(path) beside location \(path)/); the "
                + "program's account is at the path without the slash, so do not register the other")
    }

    /// Why an answer is not `echostr`.
    init(_ fault: VerificationFault) {
        let bytes = "answer with the bytes of echostr and nothing else"
        switch fault {
        case .delivery(let fault): self = .noAnswer(fault)
        case .empty: self.init(.echostrEmpty, "the answer is empty", bytes)
        case .byteOrderMark:
            self.init(
                .echostrByteOrderMark, "a byte order mark (EF BB BF) stands before echostr",
                "save the program's files, and those that they include, as UTF-8 without BOM")
        case .spaceAround:
            self.init(
                .echostrWhitespace, "white space or a new line stands around echostr",
                "write it without a new line (echo, not println), and leave no blank lines around <?php ?>")
        case .quoted:
            self.init(
                .echostrQuoted, "echostr stands in quotes",
                "answer with a text, not with JSON: a framework that serializes strings has to be told so")
        case .json:
            self.init(
                .echostrJSON, "echostr stands in JSON",
                "answer with a text: take the framework's wrapper for answers off")
        case .html:
            self.init(
                .echostrHTML, "echostr stands in a page",
                "answer without a template or a layout, and switch off debug bars and what a host adds to pages")
        case .charset:
            self.init(
                .echostrCharset, "echostr is in UTF-16 or UTF-32", "answer in UTF-8, or in the bytes that came")
        case .number:
            self.init(
                .echostrNumber, "echostr was taken for a number, and has lost digits",
                "keep it a text: its 19 digits are more than a number of JavaScript or a float holds")
        case .escaped:
            self.init(
                .echostrEscaped, "echostr is escaped for a URL or a page",
                "decode the query once, and write the value without escaping it")
        case .wrapped(let extra): self.init(.echostrWrapped, "\(extra) bytes stand around echostr", bytes)
        case .different: self.init(.echostrDifferent, "the answer is something else than echostr", bytes)
        }
    }
}

extension CallbackAnswer {
    /// Whether the answer is a redirect to the same path with a slash behind it.
    fileprivate func onlyAddsSlash(to url: WebAddress) -> Bool {
        guard (300..<400).contains(status), !url.path.isEmpty, let location = headers.first("Location") else {
            return false
        }
        return (WebAddress(location)?.path ?? String(location.prefix { !"?#".contains($0) })) == url.path + "/"
    }
}
