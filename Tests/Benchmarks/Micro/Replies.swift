import Benchmark
import OfficialAccount

/// Building the body of each kind of reply, and an encrypted one.
func benchmarkReplies() throws {
    let exchange = try Exchange()
    let media = try MediaID("media_id_media_id_media_id_media_id_media_id_media_id_12")
    let article = Article(
        title: "公众平台官网链接", description: "公众平台官网链接", pictureURL: "http://example.com/a.jpg",
        url: "http://example.com/a")
    let kinds: [(name: String, reply: Reply)] = [
        ("none", .none),
        ("text", .text("this is a test")),
        ("text of 2,000 bytes", .text(String(repeating: "你好", count: 333))),
        ("image", .image(mediaID: media)),
        ("voice", .voice(mediaID: media)),
        ("video", .video(mediaID: media, title: "title", description: "description")),
        ("music", .music(Music(title: "title", url: "http://example.com/a.mp3", thumbnailMediaID: media))),
        ("news, eight articles", try .news(Array(repeating: article, count: 8))),
        ("transfer to customer service", .transferToCustomerService()),
    ]
    // An event may be answered with more than one article.
    let event = Bodies.kinds.first { $0.name == "CLICK event" }?.fields ?? ""
    let delivery = try exchange.delivery(of: Bodies.body(event))
    for (name, reply) in kinds {
        Benchmark("reply: \(name)") { benchmark in
            var generator = SystemRandomNumberGenerator()
            for _ in benchmark.scaledIterations {
                blackHole(exchange.plain.seal(reply, for: delivery, createTime: Exchange.now, using: &generator))
            }
        }
    }

    let encrypted = exchange.encrypted(Bodies.text("this is a test"))
    let body = Array("<xml><Encrypt><![CDATA[".utf8) + encrypted + Array("]]></Encrypt></xml>".utf8)
    let secureDelivery = try exchange.secure.open(
        body, query: exchange.query(encrypted: encrypted), now: Exchange.now, maxAge: 600)
    Benchmark("reply: text, encrypted") { benchmark in
        var generator = SystemRandomNumberGenerator()
        for _ in benchmark.scaledIterations {
            blackHole(
                exchange.secure.seal(
                    .text("this is a test"), for: secureDelivery, createTime: Exchange.now, using: &generator))
        }
    }
}
