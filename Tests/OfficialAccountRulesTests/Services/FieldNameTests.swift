import Testing

@testable import OfficialAccountRules

@Suite struct FieldNameTests {
    @Test(
        "An element's name is written in lower case, its words apart",
        arguments: [
            ("MsgId", "msg_id"), ("MsgID", "msg_id"), ("FromUserName", "from_user_name"), ("Content", "content"),
            ("ScanCodeInfo", "scan_code_info"), ("Location_X", "location_x"), ("HQMusicUrl", "hq_music_url"),
            ("bizmsgmenuid", "bizmsgmenuid"), ("PicMd5Sum", "pic_md5_sum"), ("FileMd5", "file_md5"),
            ("MediaId16K", "media_id16_k"), ("CopyrightCheckResult", "copyright_check_result"), ("A__Bc", "a_bc"),
            ("_Bc", "_bc"), ("", ""), ("X", "x"), ("名字Name", "名字_name"),
        ]) func snakeCase(name: String, written: String)
    {
        #expect(FieldName.snakeCase(name) == written)
    }
}
