internal import OfficialAccount

extension SimulatedMessage {
    /// One of each message type that users send.
    public static let sampleMessages: [SimulatedMessage] = [
        .text("你好"),
        .text("第一项", menuMessageID: "101"),
        .image(mediaID: "media-image"),
        .voice(mediaID: "media-voice"),
        .voice(mediaID: "media-voice", format: "speex", recognition: "腾讯微信团队", highQualityMediaID: "media-voice-16k"),
        .video(mediaID: "media-video", thumbnailMediaID: "media-thumb"),
        .shortVideo(mediaID: "media-video", thumbnailMediaID: "media-thumb"),
        .location(latitude: 23.134521, longitude: 113.358803, label: "广州"),
        .link(title: "标题", description: "说明", url: "https://example.com/?a=1&b=2"),
        .miniProgramPage(title: "小程序", appID: "wx0000000000000000", pagePath: "pages/index"),
        .file(title: "a.pdf", key: "key", md5: "5d41402abc4b2a76b9719d911017c592", length: 5),
    ]

    /// One of each event that accounts see, the rare ones included.
    public static let sampleEvents: [SimulatedMessage] =
        [
            .subscribe(),
            .subscribe(scene: "123", ticket: "TICKET"),
            .unsubscribe,
            .scan(scene: "123", ticket: "TICKET"),
            .reportedLocation(latitude: 23.137466, longitude: 113.352425, precision: 119.385040),
            .click(key: "MENU_1"),
            .view(url: "https://example.com/"),
            .viewMiniProgram(path: "pages/index"),
            .scannedCode(key: "6", result: "1", waits: false),
            .scannedCode(key: "6", result: "2", waits: true),
            .pictures(.pictureFromCamera, key: "6", md5s: ["1b5f7c23b5bf75682a53e7b6d163e185"]),
            .pictures(.pictureFromCameraOrAlbum, key: "6", md5s: ["5a75aaca956d97be686719218f275c6b"]),
            .pictures(.pictureFromWeixin, key: "6", md5s: ["1b5f", "5a75"]),
            .selectedLocation(key: "6", latitude: 23, longitude: 113, label: "广州市", pointOfInterest: "公园"),
        ] + sampleJobs + sampleNotices + sampleCards + sampleDevices

    private static let sampleJobs: [SimulatedMessage] = [
        .event(.templateSendJobFinish, [.plain("MsgID", 200_163_836), .text("Status", "success")]),
        .event(
            .massSendJobFinish,
            [
                .plain("MsgID", 1_000_001_625), .text("Status", "send success"), .plain("TotalCount", 100),
                .plain("FilterCount", 80), .plain("SentCount", 75), .plain("ErrorCount", 5),
                .group(
                    "CopyrightCheckResult",
                    [.plain("Count", 0), .group("ResultList", []), .plain("CheckState", 2)]),
                .group(
                    "ArticleUrlResult",
                    [
                        .plain("Count", 1),
                        .group(
                            "ResultList",
                            [
                                .group(
                                    "item",
                                    [.plain("ArticleIdx", 1), .text("ArticleUrl", "https://example.com/a")])
                            ]),
                    ]),
            ]),
        .event(
            .publishJobFinish,
            [
                .group(
                    "PublishEventInfo",
                    [
                        .plain("publish_id", 2_247_503_051), .plain("publish_status", 0),
                        .text("article_id", "ARTICLE"),
                        .group(
                            "article_detail",
                            [
                                .plain("count", 1),
                                .group(
                                    "item", [.plain("idx", 1), .text("article_url", "https://example.com/a")]),
                            ]),
                    ])
            ]),
        .event(.customerServiceCreateSession, [.text("KfAccount", "one@account")]),
        .event(.customerServiceCloseSession, [.text("KfAccount", "one@account")]),
        .event(
            .customerServiceSwitchSession,
            [.text("FromKfAccount", "one@account"), .text("ToKfAccount", "two@account")]),
    ]

    private static let sampleNotices: [SimulatedMessage] = [
        .event("qualification_verify_success", [.plain("ExpiredTime", 1_442_401_156)]),
        .event("qualification_verify_fail", [.plain("FailTime", 1_442_401_122), .text("FailReason", "by time")]),
        .event("naming_verify_success", [.plain("ExpiredTime", 1_442_401_093)]),
        .event("naming_verify_fail", [.plain("FailTime", 1_442_401_061), .text("FailReason", "by time")]),
        .event("annual_renew", [.plain("ExpiredTime", 1_442_401_004)]),
        .event("verify_expired", [.plain("ExpiredTime", 1_442_400_900)]),
        .event(
            "subscribe_msg_popup_event",
            [
                .group(
                    "SubscribeMsgPopupEvent",
                    [
                        .group(
                            "List",
                            [
                                .text("TemplateId", "T1"), .text("SubscribeStatusString", "accept"),
                                .text("PopupScene", "2"),
                            ])
                    ])
            ]),
        .event(
            "subscribe_msg_change_event",
            [
                .group(
                    "SubscribeMsgChangeEvent",
                    [.group("List", [.text("TemplateId", "T1"), .text("SubscribeStatusString", "reject")])])
            ]),
        .event(
            "subscribe_msg_sent_event",
            [
                .group(
                    "SubscribeMsgSentEvent",
                    [
                        .group(
                            "List",
                            [
                                .text("TemplateId", "T1"), .text("MsgID", "1700827132819554304"),
                                .text("ErrorCode", "0"), .text("ErrorStatus", "success"),
                            ])
                    ])
            ]),
    ]

    private static let sampleCards: [SimulatedMessage] = [
        .event("card_pass_check", [.text("CardId", "CARD"), .text("RefuseReason", "")]),
        .event("card_not_pass_check", [.text("CardId", "CARD"), .text("RefuseReason", "非法代制")]),
        .event(
            "user_get_card",
            [
                .text("CardId", "CARD"), .plain("IsGiveByFriend", 0), .text("UserCardCode", "12312312"),
                .text("FriendUserName", ""), .plain("OuterId", 1), .text("OuterStr", "here"),
            ]),
        .event(
            "user_gifting_card",
            [
                .text("CardId", "CARD"), .text("UserCardCode", "12312312"), .plain("IsReturnBack", 0),
                .text("FriendUserName", "oFriend"), .plain("IsChatRoom", 0),
            ]),
        .event("user_del_card", [.text("CardId", "CARD"), .text("UserCardCode", "12312312")]),
        .event(
            "user_consume_card",
            [.text("CardId", "CARD"), .text("UserCardCode", "12312312"), .text("ConsumeSource", "FROM_API")]),
        .event(
            "user_pay_from_pay_cell",
            [
                .text("CardId", "CARD"), .text("UserCardCode", "12312312"), .text("TransId", "10022403432015"),
                .plain("LocationId", 291_710_000), .text("Fee", "10000"), .text("OriginalFee", "10000"),
            ]),
        .event("user_view_card", [.text("CardId", "CARD"), .text("UserCardCode", "12312312"), .text("OuterStr", "")]),
        .event("user_enter_session_from_card", [.text("CardId", "CARD"), .text("UserCardCode", "12312312")]),
        .event(
            "user_authorize_invoice",
            [
                .text("SuccOrderId", "1"), .text("FailOrderId", ""), .text("AuthorizeAppId", "wx0000000000000000"),
                .text("Source", "web"),
            ]),
    ]

    private static let sampleDevices: [SimulatedMessage] = [
        .event(
            "WifiConnected",
            [
                .plain("ConnectTime", 0), .plain("ExpireTime", 0), .text("VendorId", "3001224419"),
                .text("ShopId", "PoiId"), .text("DeviceNo", "DeviceNo"),
            ]),
        .event(
            "ShakearoundUserShake",
            [
                .group("ChosenBeacon", [.text("Uuid", "U1"), .plain("Major", 1), .plain("Minor", 2)]),
                .group(
                    "AroundBeacons",
                    [
                        .group("AroundBeacon", [.text("Uuid", "U2"), .plain("Major", 3), .plain("Minor", 4)]),
                        .group("AroundBeacon", [.text("Uuid", "U3"), .plain("Major", 5), .plain("Minor", 6)]),
                    ]),
            ]),
        SimulatedMessage(
            "device_event",
            [
                .text("Event", "bind"), .text("DeviceType", "gh_simulated"), .text("DeviceID", "device"),
                .text("Content", ""), .plain("SessionID", 1), .text("OpenID", "oDeviceUser"),
            ]),
    ]
}
