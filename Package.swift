// swift-tools-version: 6.2
import PackageDescription

// `make deps` puts a link to libwasmtime's folder here; the shipped binary finds it in ../lib.
let wasmtimeLibrary = Context.packageDirectory + "/.deps/wasmtime/lib"

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: strict)
}

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nio = ["NIOCore", "NIOHTTP1", "NIOPosix"].map { Target.Dependency.product(name: $0, package: "swift-nio") }
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

let package = Package(
    name: "swiftlet",
    products: [.executable(name: "swiftlet", targets: ["swiftlet"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // L0: nouns, frames, the C libraries
        module("Model"),
        module("Wire", ["Model"]),
        .target(
            name: "CWasmtime",
            linkerSettings: [
                .linkedLibrary("wasmtime"),
                .unsafeFlags(["-L", wasmtimeLibrary, "-Xlinker", "-rpath", "-Xlinker", wasmtimeLibrary]),
            ]),
        .target(name: "CLinux"),
        module("Wasmtime", ["CWasmtime"]),
        // L1
        module("Storage", ["Model"]),
        module("Sandbox", ["Model", "Wasmtime", "CLinux"]),
        // L2
        module("StorageSQLite", ["Storage", "Model", grdb]),
        module("WorkerHost", ["Model", "Wire", "CLinux", crypto, logging, lifecycle]),
        module("WorkerMain", ["Model", "Wire", "Sandbox", "CLinux"]),
        module("Client", ["Model", httpClient, nioSSL, yams] + nio),
        // L3
        module("Platform", ["Model", "Storage", crypto, logging, lifecycle]),
        // L4
        module("FaceFaaSpot", ["Platform", "Model", hummingbird, logging]),
        // L5
        module("Server", ["FaceFaaSpot", "Platform", "StorageSQLite", "Storage", "WorkerHost", "Model", hummingbird, lifecycle, logging]),
        module("Commands", ["Server", "Client", "WorkerMain", "Model", arguments]),
        // L6
        .executableTarget(
            name: "swiftlet", dependencies: ["Commands"], swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../lib"])]),
        .executableTarget(name: "probe", dependencies: ["Sandbox", "Model"]),
        // Tests
        tests("Model", ["Model"]),
    ]
)
