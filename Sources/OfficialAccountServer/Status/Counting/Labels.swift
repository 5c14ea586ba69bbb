internal import OfficialAccount

/// The kinds of messages and events that are counted by themselves. Whatever else a client names is `other`, so that
/// nobody can make up new numbers.
enum CountedKind {
    static let messages = [
        "text", "image", "voice", "video", "shortvideo", "location", "link", "miniprogrampage", "file", "event",
        "other",
    ]

    /// Where a type stands among ``messages``. Compared one by one, the most frequent first: short strings compare as
    /// one number each, and a dictionary would hash.
    static func index(of type: MessageType) -> Int {
        for index in 0..<(messages.count - 1) where messages[index] == type.rawValue { return index }
        return messages.count - 1
    }

    /// The events that the platform documents, as it spells them.
    static let events: Set<String> = [
        "subscribe", "unsubscribe", "SCAN", "LOCATION", "CLICK", "VIEW", "scancode_push", "scancode_waitmsg",
        "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select", "view_miniprogram", "media_id",
        "view_limited", "TEMPLATESENDJOBFINISH", "MASSSENDJOBFINISH", "PUBLISHJOBFINISH", "kf_create_session",
        "kf_close_session", "kf_switch_session", "qualification_verify_success", "qualification_verify_fail",
        "naming_verify_success", "naming_verify_fail", "annual_renew", "verify_expired",
        "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event", "poi_check_notify",
        "card_pass_check", "card_not_pass_check", "user_get_card", "user_gifting_card", "user_del_card",
        "user_consume_card", "user_pay_from_pay_cell", "user_view_card", "user_enter_session_from_card",
        "update_member_card", "card_sku_remind", "card_pay_order", "submit_membercard_user_info",
        "ShakearoundUserShake",
        "WifiConnected", "guide_qrcode_scan_event",
    ]

    static func event(_ type: EventType) -> String { events.contains(type.rawValue) ? type.rawValue : "other" }
}

extension Denial.Kind {
    /// How the kind is called where it is counted.
    var label: String {
        switch self {
        case .refused: "refused"
        case .unsigned: "unsigned"
        case .noAccount: "no_account"
        case .method: "method"
        case .tooLarge: "too_large"
        case .malformed: "malformed"
        case .misconfigured: "misconfigured"
        case .busy: "busy"
        }
    }
}
