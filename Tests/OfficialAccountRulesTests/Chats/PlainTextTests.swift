import Testing

@testable import OfficialAccountRules

@Suite("Plain text")
struct PlainTextTests {
    @Test(
        "has no marks of Markdown",
        arguments: [
            ("这是**重点**内容", "这是重点内容"), ("**标题**：说明", "标题：说明"), ("***很*** *重要*", "很 重要"), ("~~旧~~ 新", "旧 新"),
            ("# 一级\n正文\n### 三级 ###\n####### 七", "一级\n正文\n三级\n####### 七"), ("## 用 C#", "用 C#"), ("#话题", "#话题"),
            ("用 `swift build` 编译", "用 swift build 编译"), ("``a`b`` `` ` ``", "a`b `"), ("`a**b**`", "a**b**"),
            ("[官网](https://example.com/a_(b)) 。", "官网 (https://example.com/a_(b)) 。"),
            ("[https://a.cn](https://a.cn)", "https://a.cn"), ("[](https://a.cn)", "https://a.cn"),
            ("[**粗**](https://a.cn \"标题\")", "粗 (https://a.cn)"),
            ("![图](https://a.cn/1.png)", "图 (https://a.cn/1.png)"),
            ("[脚注][1] 和 [x] 和 [y", "[脚注][1] 和 [x] 和 [y"), ("[a](b", "[a](b"),
            ("* 一\n+ 二\n- 三\n  * 四\n1. 五", "- 一\n- 二\n- 三\n  - 四\n1. 五"), ("> 引用\n>> 再引", "引用\n再引"),
            ("上\n\n---\n\n下", "上\n\n下"), ("|a|b|\n|---|:-:|\n|1|2|", "|a|b|\n|1|2|"),
            ("```swift\nlet a = \"**b**\"\n\n\n# c\n```\n后", "let a = \"**b**\"\n\n\n# c\n后"), ("~~~\n`x`\n~~~", "`x`"),
            ("```\n没有结束", "没有结束"), (##"\*不是\* \# 1\. \n"##, ##"*不是* # 1. \n"##),
        ])
    func marks(markdown: String, plain: String) {
        #expect(PlainText.plain(markdown) == plain)
    }

    @Test(
        "stays as it is",
        arguments: [
            "2*3*4=24", "2 * 3 * 4", "a ** b", "snake_case_name __init__", "价格*不含税", "5 > 3", "a\n\nb", "C# 与 F#",
            "- [ ] 待办",
            "~20 元~", "a`b", "😀 你好", "", "x[1](", "`", "1) 一", "-5 到 +5",
        ])
    func others(text: String) { #expect(PlainText.plain(text) == text) }

    @Test("takes no longer than its length says, whatever it is made of")
    func linear() {
        let units = [
            "*", "**a", "* *", "`", "``` `", "[", "[](", "[a](b", "](", "![", "~~", "# ", "> ", "\\", "- ", "|",
            "`a``b```c````",
            "[a](b) ", "**a** ", "\n", "([", "*a **b ", "\r\n", "```\n", "---\n", "_", "[[]]((", "`` ` ",
        ]
        let time = ContinuousClock().measure {
            for unit in units {
                let text = String(repeating: unit, count: 50_000 / unit.utf8.count)
                #expect(PlainText.plain(text).utf8.count <= text.utf8.count + 2 * 50_000)
            }
        }
        // Growth with the square of the length would be hours.
        #expect(time < .seconds(120))
    }
}
