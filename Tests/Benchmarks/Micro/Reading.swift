import Benchmark
import OfficialAccount

/// Reading a body of each kind, and accepting a whole request in plain and in secure mode.
func benchmarkReading() throws {
    for (name, fields) in Bodies.kinds {
        let body = Bodies.body(fields)
        Benchmark("read: \(name)") { benchmark in
            for _ in benchmark.scaledIterations { blackHole(try Message(parsing: body)) }
        }
    }

    let exchange = try Exchange()
    let text = Bodies.text("this is a test")
    let query = exchange.query()
    Benchmark("accept: plain text message") { benchmark in
        for _ in benchmark.scaledIterations {
            blackHole(try exchange.plain.open(text, query: query, now: Exchange.now, maxAge: 600))
        }
    }

    let encrypted = exchange.encrypted(text)
    let secureQuery = exchange.query(encrypted: encrypted)
    let secureBody =
        Array(
            "<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName><Encrypt><![CDATA[".utf8)
        + encrypted + Array("]]></Encrypt></xml>".utf8)
    Benchmark("accept: secure text message") { benchmark in
        for _ in benchmark.scaledIterations {
            blackHole(try exchange.secure.open(secureBody, query: secureQuery, now: Exchange.now, maxAge: 600))
        }
    }
}
