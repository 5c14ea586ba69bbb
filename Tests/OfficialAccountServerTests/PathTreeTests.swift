import Testing

@testable import OfficialAccountServer

@Suite("The account of a path")
struct PathTreeTests {
    private func tree(_ paths: [String]) throws -> PathTree {
        var tree = PathTree()
        for (number, path) in paths.enumerated() {
            #expect(tree.insert(try PathPattern(parsing: path), account: number) == nil)
        }
        return tree
    }

    private func match(_ path: String, in paths: [String]) throws -> String? {
        guard let match = try tree(paths).match(Array(path.utf8)[...]) else { return nil }
        return paths[match.account] + (match.token.map { "=" + String(decoding: $0, as: UTF8.self) } ?? "")
    }

    private static let paths = [
        "/wechat", "/wechat/shop", "/wechat/{token}", "/wechat/{token}/shop/deep", "/微信", "/{token}/shop",
    ]

    @Test(
        "the longest path wins, a literal element before {token}",
        arguments: [
            ("/wechat", "/wechat"), ("/wechat/", "/wechat"), ("/wechat/a", "/wechat"), ("/wechat/a_b/c", "/wechat"),
            ("/wechat/shop", "/wechat/shop"), ("/wechat/shop/more", "/wechat/shop"),
            ("/wechat/hello", "/wechat/{token}=hello"), ("/wechat/hello/more", "/wechat/{token}=hello"),
            ("/wechat/hello/shop/deep", "/wechat/{token}/shop/deep=hello"),
            ("/wechat/shop/shop/deep", "/wechat/{token}/shop/deep=shop"),
            ("/wechat/hello/shop", "/wechat/{token}=hello"), ("/other/shop", "/{token}/shop=other"),
            ("/微信", "/微信"), ("/微信/more", "/微信"),
        ])
    func longest(path: String, expected: String) throws {
        #expect(try match(path, in: Self.paths) == expected)
    }

    // Not parameterised: names of test cases are printed, and these would not be fit for it.
    @Test("no other spelling of a path reaches an account")
    func noOther() throws {
        let paths = [
            "", "wechat", "/", "/Wechat", "/wechats", "/we", "//wechat", "/wechat//shop", "/wechat//", "/./wechat",
            "/wechat/../wechat", "/x/../wechat", "/wechat/.", "/wechat/..", "/%77echat", "/wechat%2Fshop", "/wechat\0",
            "/wechat\n", "\\wechat", "/wechat?", "/ wechat", "/" + String(repeating: "a/", count: 100_000),
        ]
        for path in paths { #expect(try match(path, in: Self.paths) == nil) }
    }

    @Test("an element that could not be a Token is none")
    func noToken() throws {
        let paths = [
            "/t/ab", "/t/" + String(repeating: "a", count: 33), "/t/a-b", "/t/a%62c", "/t/微信微信", "/t/abc\0", "/t/",
        ]
        for path in paths { #expect(try match(path, in: ["/t/{token}"]) == nil) }
    }

    @Test("a path of 100,000 elements is walked no deeper than the patterns reach")
    func deep() throws {
        let path = "/wechat/abc" + String(repeating: "/abc", count: 100_000)
        #expect(try match(path, in: Self.paths) == "/wechat/{token}=abc")
    }

    @Test("the path / takes every path")
    func root() throws {
        #expect(try match("/anything/at/all", in: ["/"]) == "/")
        #expect(try match("/", in: ["/"]) == "/")
        #expect(try match("/..", in: ["/"]) == nil)
    }

    @Test("a path that is there already is not added again")
    func twice() throws {
        var tree = try tree(["/a", "/b/{token}"])
        #expect(tree.insert(try PathPattern(parsing: "/a/"), account: 7) == 0)
        #expect(tree.insert(try PathPattern(parsing: "/b/{token}"), account: 8) == 1)
    }

    @Test("a pattern that no request could fit is refused")
    func refused() {
        let cases: [(String, PathPatternError)] = [
            ("", .noSlashAtTheBeginning), ("wechat", .noSlashAtTheBeginning),
            ("http://x/wechat", .noSlashAtTheBeginning), ("/a%20b", .characterOfAnAddress),
            ("/a?b", .characterOfAnAddress), ("/a#b", .characterOfAnAddress), ("/a\u{7}", .characterOfAnAddress),
            ("/a//b", .emptyOrDotElement), ("//", .emptyOrDotElement), ("/a/../b", .emptyOrDotElement),
            ("/x-{token}", .tokenIsNoElement), ("/{Token}", .tokenIsNoElement), ("/a}", .tokenIsNoElement),
            ("/{token}/{token}", .secondToken), ("/" + String(repeating: "a", count: 2048), .tooLong(bytes: 2049)),
        ]
        for (text, error) in cases { #expect(throws: error) { try PathPattern(parsing: text) } }
    }
}
