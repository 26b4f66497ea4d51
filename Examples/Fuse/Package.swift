// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Fuse",
    platforms: [.macOS(.v15)],
    // In your own package: .package(url: "https://…/jam", from: "0.1.0")
    dependencies: [.package(name: "jam", path: "../..")],
    targets: [
        .executableTarget(name: "Fuse", dependencies: [.product(name: "Jam", package: "jam")])
    ]
)
