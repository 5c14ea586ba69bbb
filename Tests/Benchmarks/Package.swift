// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who uses the libraries resolves what only their benchmarks need.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "wechat-fcgi-benchmarks",
    dependencies: [
        .package(name: "wechat-fcgi", path: "../.."),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        // Without its traits: they replace the allocator and the runtime's reference counting, which is not what ships.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        // A bot as anybody would write it, which deploy/bench puts under load.
        .executableTarget(
            name: "small-bot",
            dependencies: [
                .product(name: "OfficialAccount", package: "wechat-fcgi"),
                .product(name: "OfficialAccountBot", package: "wechat-fcgi"),
                .product(name: "OfficialAccountServer", package: "wechat-fcgi"),
            ],
            path: "SmallBot/Sources",
            swiftSettings: settings),
        // Single functions. The benchmark plugin looks for targets whose folder is in one named Benchmarks: this one's.
        .executableTarget(
            name: "Micro",
            dependencies: [
                .product(name: "OfficialAccount", package: "wechat-fcgi"),
                .product(name: "OfficialAccountBot", package: "wechat-fcgi"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Benchmark", package: "benchmark"),
            ],
            path: "Micro",
            swiftSettings: settings,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ]
)
