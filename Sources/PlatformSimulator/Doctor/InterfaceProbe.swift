/// What the platform's interface says to an account's AppID and AppSecret.
public enum InterfaceVerdict: Sendable, Equatable {
    /// It hands out an access token.
    case accepted
    /// It refuses, with its `errcode`, and what that means.
    case refused(errcode: Int, String)
    /// It cannot be reached, or does not answer as it should.
    case unreachable(String)
}

/// Says what the verdict of the platform's interface is about.
enum InterfaceProbe {
    static func step(_ verdict: InterfaceVerdict) -> ExaminationStep {
        let finding: Finding
        switch verdict {
        case .accepted:
            return .well(.interface, "the platform takes the AppSecret, from this machine's address")
        case .refused(let errcode, let text):
            let seen = "\(text)"
            switch errcode {
            case 40001, 40125:
                finding = Finding(
                    .secretRefused, seen, "copy the AppSecret again, or reset it; resetting ends the old one at once")
            case 40013:
                finding = Finding(
                    .appIDRefused, seen, "copy the AppID again: it begins with wx, the original ID with gh_")
            case 40164, 61004, 89503, 89506, 89507:
                finding = Finding(
                    .addressRefused, seen,
                    "add the address from which this machine reaches the internet; behind NAT it is the gateway's")
            default:
                finding = Finding(.interfaceRefused, seen, "look the number up on the platform's page of return codes")
            }
        case .unreachable(let text):
            finding = Finding(
                .interfaceUnreachable, text, "check this machine's way to api.weixin.qq.com, or the proxy that is set")
        }
        return .found(.interface, [finding], otherwise: "")
    }
}
