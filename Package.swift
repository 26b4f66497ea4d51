// swift-tools-version: 6.1
// The compiler must be 6.2 or later (Span). But with tools version 6.2 SwiftPM no longer refuses
// unsafe flags in dependencies, so nothing would show that this package has none.
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A module: a folder of `Sources`, or `path`, the modules that it imports, and files of the folder
/// that are part of the program.
func module(
    _ name: String,
    _ dependencies: [Target.Dependency],
    path: String? = nil,
    embedding files: [String] = []
) -> Target {
    .target(
        name: name,
        dependencies: dependencies,
        path: path,
        resources: files.isEmpty ? nil : files.map { .embedInCode($0) },
        swiftSettings: swiftSettings
    )
}

/// A library of the system: a folder of `Sources/Libraries`, and the Debian package that has it.
func library(_ name: String, pkgConfig: String?, debian package: String) -> Target {
    .systemLibrary(
        name: name,
        path: "Sources/Libraries/" + name,
        pkgConfig: pkgConfig,
        providers: [.apt([package])]
    )
}

/// A part of swift-collections.
func collections(_ name: String) -> Target.Dependency {
    .product(name: name, package: "swift-collections")
}

/// The tests of one module, some with golden files in a folder `Fixtures` that nothing compiles.
func tests(_ name: String, _ dependencies: [Target.Dependency], fixtures: Bool = false) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: ["JamTesting", .target(name: name)] + dependencies,
        exclude: fixtures ? ["Fixtures"] : [],
        swiftSettings: swiftSettings
    )
}

let package = Package(
    name: "jam",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "jam", targets: ["JamTool"]),
        .executable(name: "picture-dictionary", targets: ["PictureDictionaryTool"]),
        .library(name: "Jam", targets: ["Jam"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird",
            from: "2.28.1",
            traits: ["FullFoundation"]
        ),
        // What Hummingbird's interface is made of.
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        // Documentation only: make docs.
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"),
    ],
    targets: [
        // Everything we use of libtorch as a plain C header. The engine behind it is a package of
        // its own, in Engine, built there and opened at the first use (decision 16).
        .target(
            name: "CTorch",
            cSettings: [.define("CT_PACKAGE_FOLDER", to: "\"\(Context.packageDirectory)\"")]
        ),
        // The codecs of image files; our code checks limits before it lets them decode.
        library("CSpng", pkgConfig: "spng", debian: "libspng-dev"),
        library("CLibJPEG", pkgConfig: "libjpeg", debian: "libjpeg62-turbo-dev"),
        // Its errors jump, which Swift cannot.
        .target(name: "CJPEG", dependencies: ["CLibJPEG"]),
        // Its pkg-config file has a flag that SwiftPM warns of.
        library("CAVIF", pkgConfig: nil, debian: "libavif-dev"),
        library("CGIF", pkgConfig: "libgif", debian: "libgif-dev"),
        library("CLibTIFF", pkgConfig: "libtiff-4", debian: "libtiff-dev"),
        // Its input and its messages are callbacks.
        .target(name: "CTIFF", dependencies: ["CLibTIFF"]),
        library("CWebP", pkgConfig: "libwebp", debian: "libwebp-dev"),
        // What shards are compressed with.
        library("CZlib", pkgConfig: "zlib", debian: "zlib1g-dev"),
        library("CZstd", pkgConfig: "libzstd", debian: "libzstd-dev"),
        library("CBzip2", pkgConfig: nil, debian: "libbz2-dev"),
        library("CLZMA", pkgConfig: "liblzma", debian: "liblzma-dev"),
        // Digests of files, at the speed of the disk.
        library("CCrypto", pkgConfig: "libcrypto", debian: "libssl-dev"),

        // Conversions of stored numbers, in vectors of the processor at hand.
        .target(name: "CConversions"),

        module("Basics", ["CCrypto", collections("OrderedCollections")]),
        module("Tensors", ["CTorch", "Basics"]),
        module("Checkpoints", ["CConversions", "Basics"]),
        module(
            "Documents",
            [
                "Basics", "CJPEG", "CSpng", "CWebP", "CAVIF", "CGIF", "CTIFF", "CZlib", "CZstd",
                "CBzip2", "CLZMA",
            ]
        ),
        module(
            "Vocabulary",
            ["Checkpoints", "Documents", "Basics", collections("HeapModule")]
        ),
        module("Layers", ["Tensors", "Checkpoints", "Basics"]),
        module("Decoders", ["Layers", "Tensors", "Checkpoints", "Basics"]),
        module(
            "Vision",
            ["Layers", "Tensors", "Checkpoints", "Vocabulary", "Documents", "Basics"]
        ),
        module("Retrieving", ["CConversions", "Vision", "Checkpoints", "Documents", "Basics"]),
        module("Fusing", ["Decoders", "Layers", "Checkpoints", "Vocabulary", "Basics"]),
        module(
            "Models",
            ["Decoders", "Vision", "Checkpoints", "Vocabulary", "Documents", "Basics"]
        ),
        module(
            "Training",
            [
                "Models", "Retrieving", "Decoders", "Vision", "Layers", "Tensors", "Checkpoints",
                "Vocabulary", "Documents", "Basics", .product(name: "Yams", package: "Yams"),
            ]
        ),
        module(
            "Generating",
            [
                "Models", "Decoders", "Vision", "Layers", "Tensors", "Vocabulary",
                "Documents",
                "Basics",
            ]
        ),
        module(
            "Evaluating",
            ["Training", "Models", "Vocabulary", "Documents", "Basics"]
        ),
        module(
            "Jam",
            [
                "Evaluating", "Training", "Generating", "Fusing", "Models", "Retrieving",
                "Decoders",
                "Vision", "Tensors", "Checkpoints", "Documents", "Basics",
            ]
        ),
        module(
            "Serving",
            [
                "Jam", "Vocabulary", "Documents", "Basics",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            embedding: [
                "Page/index.html", "Page/style.css", "Page/script.js", "Page/state.js",
                "Page/asking.js", "Page/composer.js", "Page/conversation.js", "Page/history.js",
                "Page/settings.js", "Page/region.js", "Page/view.js", "Page/export.js",
                "Page/elements.js", "Page/outside.js", "API/openapi.json",
            ]
        ),
        module(
            "ToolSupport",
            [
                "Jam", "Generating", "Tensors", "Checkpoints", "Documents", "Basics",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(
            name: "JamTool",
            dependencies: [
                "Serving", "Jam", "Evaluating", "Training", "Retrieving", "Models", "Decoders",
                "Vision", "Tensors", "Vocabulary", "Documents", "Checkpoints", "Basics",
                "ToolSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: swiftSettings
        ),

        // The example: a library, a tool of its own, and FreeType for its glyphs.
        .systemLibrary(
            name: "CFreeType",
            path: "Examples/PictureDictionary/CFreeType",
            pkgConfig: "freetype2",
            providers: [.apt(["libfreetype-dev"])]
        ),
        module(
            "PictureDictionary",
            [
                "CFreeType", "Evaluating", "Training", "Generating", "Models", "Fusing",
                "Retrieving", "Decoders", "Vision", "Layers", "Vocabulary", "Documents",
                "Checkpoints", "Basics",
            ],
            path: "Examples/PictureDictionary/Library"
        ),
        .executableTarget(
            name: "PictureDictionaryTool",
            dependencies: [
                "PictureDictionary", "Evaluating", "Generating", "Checkpoints", "Basics",
                "ToolSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Examples/PictureDictionary/Tool",
            swiftSettings: swiftSettings
        ),

        // Golden fixtures, tiny models and scratch folders: for tests only.
        module("JamTesting", ["Decoders", "Layers", "Tensors"]),
        tests("Basics", []),
        tests(
            "ToolSupport",
            [
                "Documents", "Basics",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            fixtures: true
        ),
        tests("Tensors", ["Basics"]),
        tests("Checkpoints", ["Basics"], fixtures: true),
        tests("Documents", ["Basics"], fixtures: true),
        tests("Vocabulary", ["Documents", "Basics"], fixtures: true),
        tests("Layers", ["Tensors", "Checkpoints", "Basics"]),
        tests(
            "Decoders",
            ["Layers", "Tensors", "Checkpoints", "Vocabulary", "Basics"],
            fixtures: true
        ),
        tests(
            "Vision",
            ["Layers", "Tensors", "Checkpoints", "Vocabulary", "Documents", "Basics"],
            fixtures: true
        ),
        tests(
            "Fusing",
            ["Decoders", "Layers", "Tensors", "Checkpoints", "Vocabulary", "Basics"],
            fixtures: true
        ),
        tests(
            "Training",
            [
                "Models", "Retrieving", "Vision", "Decoders", "Layers", "Tensors", "Checkpoints",
                "Vocabulary", "Documents", "Basics",
            ],
            fixtures: true
        ),
        tests(
            "Generating",
            [
                "Models", "Vision", "Decoders", "Layers", "Tensors", "Vocabulary", "Documents",
                "Basics",
            ]
        ),
        tests("Retrieving", ["Vision", "Documents", "Basics"]),
        tests(
            "Evaluating",
            [
                "Models", "Training", "Decoders", "Vision", "Layers", "Tensors", "Checkpoints",
                "Vocabulary", "Documents", "Basics",
            ],
            fixtures: true
        ),
        tests(
            "PictureDictionary",
            [
                "Models", "Evaluating", "Generating", "Training", "Retrieving", "Decoders",
                "Vision", "Layers", "Tensors", "Checkpoints", "Documents", "Vocabulary", "Basics",
            ]
        ),
        tests("Jam", []),
        tests("Serving", ["Jam", "Documents", "Basics"], fixtures: true),
        // The tool as its users run it.
        tests("JamTool", ["Basics"], fixtures: true),
    ]
)

// Its main function is libFuzzer's, so it exists only where scripts/fuzz builds it.
if Context.environment["JAM_FUZZING"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzzing",
            dependencies: ["Serving", "Vocabulary", "Checkpoints", "Documents", "Basics"],
            path: "Tests/Fuzzing",
            exclude: ["Corpus"],
            swiftSettings: swiftSettings
        )
    )
}
