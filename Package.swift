// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioConcurrencyHelpers = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "wechat-fcgi",
    products: [
        .library(name: "FastCGI", targets: ["FastCGI"]),
        .library(name: "OfficialAccount", targets: ["OfficialAccount"]),
        .library(name: "OfficialAccountBot", targets: ["OfficialAccountBot"]),
        .library(name: "OfficialAccountClient", targets: ["OfficialAccountClient"]),
        .library(name: "SQLiteStore", targets: ["SQLiteStore"]),
        .library(name: "RedisStore", targets: ["RedisStore"]),
        .library(name: "OfficialAccountRules", targets: ["OfficialAccountRules"]),
        .library(name: "OfficialAccountServer", targets: ["OfficialAccountServer"]),
        .library(name: "PlatformSimulator", targets: ["PlatformSimulator"]),
        .executable(name: "wechat-fcgi", targets: ["wechat-fcgi"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // The C libraries.
        .systemLibrary(name: "CFastCGI", providers: [.apt(["libfcgi-dev"])]),
        .systemLibrary(name: "CExpat", providers: [.apt(["libexpat1-dev"])]),
        .systemLibrary(name: "CPCRE2", providers: [.apt(["libpcre2-dev"])]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .systemLibrary(name: "CProcess"),

        // Each imports only what stands above it here.
        .target(name: "FastCGI", dependencies: ["CFastCGI"], swiftSettings: settings),
        .target(name: "OfficialAccount", dependencies: ["CExpat", crypto, cryptoExtras], swiftSettings: settings),
        .target(
            name: "OfficialAccountBot", dependencies: ["OfficialAccount", "CPCRE2", logging], swiftSettings: settings),
        .target(
            name: "OutboundHTTP",
            dependencies: [asyncHTTPClient, nioCore, nioPosix, nioHTTP1, nioConcurrencyHelpers],
            swiftSettings: settings),
        .target(
            name: "OfficialAccountClient",
            dependencies: [
                "OfficialAccountBot", "OfficialAccount", "OutboundHTTP", asyncHTTPClient, nioCore, nioHTTP1,
                nioConcurrencyHelpers, crypto, logging,
            ],
            swiftSettings: settings),
        .target(
            name: "SQLiteStore",
            dependencies: [
                "OfficialAccountBot",
                .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .target(name: "RedisStore", dependencies: ["OfficialAccountBot", "CHiredis"], swiftSettings: settings),
        .target(
            name: "OfficialAccountServer",
            dependencies: [
                "OfficialAccountBot", "OfficialAccount", "FastCGI", crypto, logging, metrics, histogram,
            ],
            resources: [.embedInCode("Status/Page")],
            swiftSettings: settings),
        .target(
            name: "OfficialAccountRules",
            dependencies: [
                "OfficialAccountBot", "OfficialAccount", "OutboundHTTP", "CProcess", yams, asyncHTTPClient, nioCore,
                nioPosix,
                nioHTTP1, nioConcurrencyHelpers, systemPackage, crypto, logging,
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: settings),
        .target(
            name: "PlatformSimulator",
            dependencies: [
                "OfficialAccount", "FastCGI", "OutboundHTTP", asyncHTTPClient, nioCore, nioPosix, nioHTTP1, nioTLS,
                nioSSL,
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "wechat-fcgi",
            dependencies: [
                "OfficialAccountServer", "OfficialAccountRules", "OfficialAccountClient", "PlatformSimulator",
                "SQLiteStore", "RedisStore", "OfficialAccountBot", "OfficialAccount", "FastCGI", logging,
                argumentParser, yams,
            ],
            swiftSettings: settings),

        .target(
            name: "TestSupport", dependencies: ["FastCGI", "CFastCGI"], path: "Tests/TestSupport",
            swiftSettings: settings),
        .target(
            name: "HTTPStub", dependencies: [nioCore, nioPosix, nioHTTP1, nioConcurrencyHelpers],
            path: "Tests/HTTPStub",
            swiftSettings: settings),
        .executableTarget(
            name: "FastCGIEcho", dependencies: ["FastCGI"], path: "Tests/FastCGIEcho", swiftSettings: settings),
        .testTarget(
            name: "FastCGITests", dependencies: ["FastCGI", "TestSupport", "CFastCGI", "FastCGIEcho"],
            swiftSettings: settings),
        .testTarget(
            name: "OfficialAccountTests", dependencies: ["OfficialAccount"], exclude: ["Vectors/make-vectors"],
            swiftSettings: settings),
        .testTarget(
            name: "OfficialAccountBotTests",
            dependencies: ["OfficialAccountBot", "OfficialAccount", "SQLiteStore", logging],
            swiftSettings: settings),
        .testTarget(
            name: "OfficialAccountClientTests",
            dependencies: [
                "OfficialAccountClient", "OfficialAccountBot", "OfficialAccount", "PlatformSimulator", "HTTPStub",
                nioCore,
                nioPosix, nioHTTP1, nioConcurrencyHelpers, logging,
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "StoreWorker", dependencies: ["SQLiteStore", "RedisStore", "OfficialAccountBot"],
            path: "Tests/StoreWorker", swiftSettings: settings),
        .testTarget(
            name: "StoreTests",
            dependencies: ["SQLiteStore", "RedisStore", "OfficialAccountBot", "FastCGI", "TestSupport", "StoreWorker"],
            swiftSettings: settings),
        .testTarget(
            name: "PlatformSimulatorTests",
            dependencies: ["PlatformSimulator", "OfficialAccount", "FastCGI", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "OfficialAccountServerTests",
            dependencies: [
                "OfficialAccountServer", "OfficialAccountBot", "OfficialAccount", "FastCGI", "TestSupport", logging,
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "LateBot",
            dependencies: [
                "OfficialAccountServer", "OfficialAccountClient", "SQLiteStore", "RedisStore", "OfficialAccountBot",
                "OfficialAccount", logging,
            ],
            path: "Tests/LateBot", swiftSettings: settings),
        .testTarget(
            name: "OfficialAccountRulesTests",
            dependencies: [
                "OfficialAccountRules", "OfficialAccountBot", "OfficialAccount", "OutboundHTTP", "HTTPStub", nioCore,
                nioPosix, nioHTTP1, nioConcurrencyHelpers, crypto, logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ProgramTests",
            dependencies: [
                "wechat-fcgi", "OfficialAccountRules", "OfficialAccountServer", "OfficialAccountBot", "OfficialAccount",
                "FastCGI", "TestSupport", logging,
                argumentParser,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "OfficialAccountBot", "OfficialAccount", "PlatformSimulator", "FastCGI", "TestSupport", "HTTPStub",
                "wechat-fcgi", "LateBot", nioHTTP1,
            ],
            swiftSettings: settings),
    ],
    cLanguageStandard: .gnu11
)
