import Testing

@testable import FastCGI

@Suite("The bytes of an answer")
struct AnswerTests {
    private func header(_ response: Response) -> String {
        var bytes: [UInt8] = []
        HeaderBlock.append(response, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("A header has the status where it is not 200, the type, the fields in order, and the length")
    func fields() {
        #expect(
            header(Response(contentType: "text/xml", body: [1, 2]))
                == "Content-Type: text/xml\r\nContent-Length: 2\r\n\r\n")
        #expect(
            header(Response(status: 405, contentType: "text/plain", headers: [.init("Allow", "GET, POST")]))
                == "Status: 405 Method Not Allowed\r\nContent-Type: text/plain\r\nAllow: GET, POST\r\n"
                + "Content-Length: 0\r\n\r\n")
        #expect(header(Response(status: 204, contentType: "")) == "Status: 204 No Content\r\n\r\n")
        #expect(
            header(Response(contentType: "", headers: [.init("content-LENGTH", "7")])) == "content-LENGTH: 7\r\n\r\n")
    }

    @Test(
        "A field cannot end itself and begin another",
        arguments: ["a\r\nSet-Cookie: x", "a\nb", "a\rb", "a\0b", "a\r\n\r\n<html>"])
    func splitting(text: String) {
        for response in [
            Response(contentType: text), Response(headers: [.init("X", text)]), Response(headers: [.init(text, "x")]),
        ] {
            let lines = header(response).split(separator: "\r\n", omittingEmptySubsequences: false)
            #expect(lines.suffix(2) == ["", ""])
            #expect(lines.dropLast(2).count == 2 + response.headers.count)
            #expect(
                !header(response).dropLast(4).contains { $0 == "\n" || $0 == "\r" || $0 == "\0" } || lines.count > 1)
            #expect(!lines.dropLast(2).contains(""))
            #expect(!lines.contains { $0.contains("\n") || $0.contains("\r") || $0.contains("\0") })
        }
    }
}
