// swift-tools-version: 6.2
import PackageDescription

// `scripts/deps` puts a link to libwasmtime's folder here, and one next to the folders that SwiftPM builds programs in:
// they find it in ../lib, as the shipped program does.
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

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nio = ["NIOCore", "NIOHTTP1", "NIOPosix"].map { Target.Dependency.product(name: $0, package: "swift-nio") }
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")

let package = Package(
    name: "swiftlet",
    products: [.executable(name: "swiftlet", targets: ["swiftlet"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
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
        .target(name: "CLinux"),
        module("Kernel", ["CLinux"]),
        module("Model", ["Kernel"]),
        module("Labels"),
        module("Multipart"),
        module("Wire", ["Model"]),
        .target(
            name: "CWasmtime",
            linkerSettings: [
                .linkedLibrary("wasmtime"),
                .unsafeFlags(["-L", wasmtimeLibrary, "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../lib"]),
            ]),
        .target(name: "CUnpack", linkerSettings: [.linkedLibrary("z")]),
        module("Wasmtime", ["CWasmtime", "CLinux"]),
        // L1
        module("Storage", ["Model"]),
        module("Blobs", ["Model", "CLinux", crypto]),
        module("Identity", ["Labels", "Model", crypto, cryptoExtras]),
        module("Sandbox", ["Model", "Wasmtime", "Kernel", "CLinux"]),
        module("FrameSocket", ["Kernel", "Wire", "CLinux"]),
        module("Packages", ["Model", "Kernel", "CUnpack", crypto]),
        // L2
        module("StorageSQLite", ["Storage", "Model", "Kernel", grdb, sqlite]),
        module("SharedState", ["Storage", "Model", "Kernel"]),
        module(
            "WorkerHost",
            [
                "Model", "Packages", "Wire", "FrameSocket", "Sandbox", "Kernel", "CLinux", crypto, logging, lifecycle,
            ]),
        module("WorkerMain", ["Model", "Wire", "FrameSocket", "Sandbox", "Kernel", "CLinux"]),
        module("LabelledFiles", ["Blobs", "Storage", "Labels", "Model"]),
        module("Client", ["Model", httpClient, nioSSL, yams, crypto] + nio),
        // L3
        module(
            "Platform",
            [
                "Model", "Labels", "Identity", "Packages", "Storage", "SharedState", "Blobs", "Kernel", crypto,
                cryptoExtras, logging, lifecycle,
            ]),
        module("PlatformHTTP", ["Platform", hummingbird, hummingbirdCore, httpTypes, lifecycle, logging] + nio),
        module(
            "Gatehouse",
            [
                "Platform", "LabelledFiles", "Packages", "Blobs", "Storage", "Labels", "Model", "Kernel", crypto,
                logging, lifecycle,
            ]),
        // L4
        module(
            "FaceFaaSpot",
            ["PlatformHTTP", "Platform", "Packages", "Storage", "Model", hummingbird, httpTypes, nioCore, logging]),
        module(
            "FaceFaasm",
            ["PlatformHTTP", "Platform", "SharedState", "Storage", "Model", hummingbird, httpTypes, nioCore, logging]),
        module(
            "FaceOpenFaaS",
            [
                "PlatformHTTP", "Platform", "Packages", "Storage", "Model", hummingbird, httpTypes, nioCore, crypto,
                logging, lifecycle,
            ]),
        module(
            "FaceFaasten",
            [
                "Gatehouse", "PlatformHTTP", "Platform", "LabelledFiles", "Identity", "Multipart", "Blobs", "Labels",
                "Storage", "Model", hummingbird, httpTypes, nioCore, crypto, logging, lifecycle,
            ]),
        module("Callbacks", ["Platform", httpClient] + nio),
        // L5
        module(
            "Server",
            [
                "Callbacks", "FaceFaasm", "FaceFaaSpot", "FaceFaasten", "FaceOpenFaaS", "Gatehouse", "PlatformHTTP",
                "Platform", "LabelledFiles", "Identity", "Blobs", "Labels", "Packages", "StorageSQLite", "Storage",
                "WorkerHost", "Model", hummingbird,
                hummingbirdCore, httpTypes, nioCore, .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"), lifecycle,
                signals, logging,
            ]),
        module(
            "Commands",
            [
                "Server", "Platform", "Packages", "Storage", "Client", "WorkerHost", "WorkerMain", "LabelledFiles",
                "Identity", "Labels", "Kernel", "CLinux", "Model", arguments,
            ]),
        // L6
        .executableTarget(name: "swiftlet", dependencies: ["Commands"], swiftSettings: strict),
        .executableTarget(
            name: "StorageBench", dependencies: ["SharedState", "StorageSQLite", "Storage", "Model"],
            path: "benchmarks/StorageBench", swiftSettings: strict),
        .executableTarget(
            name: "FilesBench",
            dependencies: ["LabelledFiles", "Blobs", "StorageSQLite", "Storage", "Labels", "Model"],
            path: "benchmarks/FilesBench", swiftSettings: strict),
        .executableTarget(
            name: "SandboxBench", dependencies: ["Sandbox", "Model", "Kernel"], path: "benchmarks/SandboxBench",
            swiftSettings: strict),
        .executableTarget(
            name: "FuzzTargets",
            dependencies: [
                "SandboxTesting", "FaceOpenFaaS", "FaceFaaSpot", "Client", "Platform", "LabelledFiles", "Identity",
                "Multipart", "Blobs", "Storage", "Wire", "Packages", "Sandbox", "Model", "Labels", "Kernel", httpTypes,
            ],
            path: "Tests/FuzzTargets", swiftSettings: strict),
        // Tests
        .target(
            name: "SandboxTesting", dependencies: ["Sandbox", "Wasmtime", "Model", "Kernel"],
            path: "Tests/SandboxTesting", swiftSettings: strict),
        tests("Wire", ["SandboxTesting", "Wire", "Model"], exclude: ["Snapshots"]),
        tests("Wasmtime", ["Wasmtime"]),
        tests("Sandbox", ["SandboxTesting", "Sandbox", "Wasmtime", "Model", "Kernel"]),
        tests("Packages", ["SandboxTesting", "Packages", "Model"], exclude: ["Samples"]),
        tests("Model", ["Model"]),
        tests("Labels", ["SandboxTesting", "Labels"]),
        tests("Multipart", ["SandboxTesting", "Multipart"]),
        tests("Identity", ["Identity", "Labels", "Model", crypto, cryptoExtras]),
        tests("WorkerHost", ["WorkerHost", "Wasmtime", "Model", "swiftlet", logging]),
        .target(
            name: "TestSupport",
            dependencies: ["Platform", "Packages", "Storage", "Model", crypto, logging, lifecycle],
            path: "Tests/TestSupport", swiftSettings: strict),
        tests("Storage", ["Storage", "StorageSQLite", "Model", grdb], exclude: ["Fixtures"]),
        tests("SharedState", ["SharedState", "StorageSQLite", "Storage", "Sandbox", "Model", "Kernel"]),
        tests("Blobs", ["Blobs", "Model", crypto]),
        tests("LabelledFiles", ["LabelledFiles", "Blobs", "StorageSQLite", "Storage", "Labels", "Model", crypto]),
        tests(
            "Gatehouse",
            [
                "TestSupport", "Gatehouse", "Platform", "LabelledFiles", "Blobs", "Labels", "Storage", "Model", logging,
                lifecycle,
            ]),
        tests(
            "Platform",
            [
                "TestSupport", "Platform", "Identity", "Labels", "Packages", "Storage", "Model", crypto, logging,
                lifecycle,
            ]),
        tests(
            "Server",
            ["TestSupport", "Server", "Platform", "StorageSQLite", "Storage", "Model", httpClient, lifecycle, logging]
                + nio),
        tests("PlatformHTTP", ["PlatformHTTP", hummingbird, httpTypes, hummingbirdTesting, lifecycle, logging] + nio),
        tests(
            "FaceFaaSpot",
            [
                "TestSupport", "FaceFaaSpot", "PlatformHTTP", "Platform", "Storage", "Model", hummingbird, httpTypes,
                nioCore,
                hummingbirdTesting,
            ]),
        tests(
            "FaceOpenFaaS",
            [
                "TestSupport", "FaceOpenFaaS", "PlatformHTTP", "Platform", "Packages", "Storage", "Model", hummingbird,
                httpTypes,
                nioCore,
                hummingbirdTesting,
            ]),
        tests(
            "FaceFaasm",
            [
                "TestSupport", "FaceFaasm", "PlatformHTTP", "Platform", "Storage", "Model", hummingbird, httpTypes,
                nioCore,
                hummingbirdTesting,
            ]),
        tests(
            "FaceFaasten",
            [
                "TestSupport", "FaceFaasten", "Gatehouse", "PlatformHTTP", "Platform", "LabelledFiles", "Identity",
                "Blobs", "Labels",
                "Callbacks", "Storage", "Model", hummingbird, httpTypes, nioCore, hummingbirdTesting, crypto,
                cryptoExtras, logging,
            ], exclude: ["Snapshots"]),
        tests("Callbacks", ["Callbacks", "Platform", hummingbird, hummingbirdTesting, httpTypes] + nio),
        tests("Client", ["Client", hummingbird, httpTypes] + nio),
        tests("Commands", ["Commands", "Client", "Server", "swiftlet", arguments], exclude: ["Snapshots"]),
    ]
)
