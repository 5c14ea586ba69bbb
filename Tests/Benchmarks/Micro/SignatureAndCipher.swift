import Benchmark
import OfficialAccount

/// The signature over three parts, and the cipher both ways over a text message.
func benchmarkSignatureAndCipher() throws {
    let exchange = try Exchange()
    let parts = exchange.parts
    Benchmark("signature: of token, timestamp and nonce") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(Signature.signature(of: parts)) }
    }
    let signature = ArraySlice(Signature.signature(of: parts))
    Benchmark("signature: checked") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(Signature.holds(signature, over: parts)) }
    }

    let cipher = MessageCipher(key: exchange.key, appID: exchange.appID)
    let appID = Array(exchange.appID.rawValue.utf8)
    let body = Bodies.text("this is a test")
    Benchmark("cipher: encrypt a text message") { benchmark in
        var generator = SystemRandomNumberGenerator()
        for _ in benchmark.scaledIterations { blackHole(cipher.encrypt(body, appID: appID, using: &generator)) }
    }
    let encrypted = ArraySlice(exchange.encrypted(body))
    Benchmark("cipher: decrypt a text message") { benchmark in
        for _ in benchmark.scaledIterations { blackHole(try cipher.decrypt(encrypted)) }
    }
}
