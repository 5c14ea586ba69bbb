import Glibc
import Testing

@testable import FastCGI

@Suite("The variables of a request")
struct VariablesTests {
    @Test("A variable is found by its whole name, the first of two")
    func lookup() {
        let parameters: Parameters = .init(["AB": "1", "A": "2", "A": "3", "EMPTY": "", "名": "值"])
        #expect(parameters["A"] == "2")
        #expect(parameters["AB"] == "1")
        #expect(parameters["EMPTY"] == "")
        #expect(parameters["名"] == "值")
        #expect(parameters["B"] == nil)
        #expect(parameters[""] == nil)
        #expect(Parameters()["A"] == nil)
        #expect(parameters.map(\.name) == ["AB", "A", "A", "EMPTY", "名"])
    }

    @Test("An environment is read up to its end, entries without a name and value left out")
    func environment() {
        let strings: [UnsafeMutablePointer<CChar>?] = ["A=1", "B==", "nothing", "C="].map { (text: String) in
            strdup(text)
        }
        defer { strings.forEach { free($0) } }
        let parameters = (strings + [nil]).withUnsafeBufferPointer { Parameters(environment: $0.baseAddress!) }
        #expect(parameters.map { "\($0.name):\($0.value)" } == ["A:1", "B:=", "C:"])
    }

    @Test(
        "A query is decoded where something in it is encoded",
        arguments: [
            ("a=1&b=2", "2"), ("b", ""), ("b=", ""), ("bb=1", nil), ("b=%41+c", "A c"), ("%62=x", "x"), ("b=%4", "%4"),
            ("b=%zz%", "%zz%"), ("&&b=1&b=2", "1"), ("", nil), ("b=a=c", "a=c"), ("b=%25%34", "%4"),
        ] as [(String, String?)])
    func query(text: String, value: String?) {
        let query = Query(Array(text.utf8)[...])
        #expect(query["b"].map { String(decoding: $0, as: UTF8.self) } == value)
        var walked: [String] = []
        query.forEach { name, value in
            if name.elementsEqual("b".utf8) { walked.append(String(decoding: value(), as: UTF8.self)) }
        }
        #expect(walked.first == value)
    }

    @Test("A value with nothing to decode is not copied")
    func notCopied() throws {
        let bytes = Array("echostr=abc".utf8)
        let value = try #require(Query(bytes[...])["echostr"])
        let isSame = bytes.withUnsafeBufferPointer { whole in
            value.withUnsafeBufferPointer { $0.baseAddress == whole.baseAddress! + 8 }
        }
        #expect(isSame)
    }

    @Test(
        "The path comes from REQUEST_URI, else from SCRIPT_NAME and PATH_INFO",
        arguments: [
            (["REQUEST_URI": "/a/b?c=/d"], "/a/b"), (["REQUEST_URI": "/a%20b%2541"], "/a b%41"),
            (["REQUEST_URI": "http://host/x?y"], "/x"), (["REQUEST_URI": "http://host"], "/"),
            (["REQUEST_URI": "/a+b://c"], "/a+b://c"), (["SCRIPT_NAME": "/s", "PATH_INFO": "/p%20"], "/s/p%20"),
            (["REQUEST_URI": "", "SCRIPT_NAME": "/s"], "/s"), (["REQUEST_URI": "*"], "*"), ([:], ""),
            (["REQUEST_URI": "/%e4%bd%a0"], "/你"), (["REQUEST_URI": "/%ff"], "/\u{FFFD}"),
        ] as [([String: String], String)])
    func path(variables: [String: String], path: String) {
        var parameters = Parameters()
        for (name, value) in variables { parameters.append(name: name, value: value) }
        #expect(Request(parameters: parameters).path == path)
    }

    @Test(
        "A declared length is a number, or there is none",
        arguments: [
            ("0", 0), ("12", 12), ("", nil), ("-1", nil), ("x", .max), ("+1", .max), ("99999999999999999999", .max),
        ] as [(String, Int?)])
    func contentLength(text: String, length: Int?) {
        #expect(ContentLength.declared(in: Parameters(["CONTENT_LENGTH": text])) == length)
    }
}
