import Foundation
import JamTesting
import Testing

@Suite struct DependencyTests {
    // Prevents: a package that can be built and not depended on. SwiftPM refuses unsafe flags in
    // what is depended on by version, and tells nobody who works in the package itself.
    @Test("A user's package can depend on this one by version, and could not with unsafe flags")
    func versionCanBeDependedOn() throws {
        let scratch = try ScratchFolder()
        try publish(in: scratch)
        let clean = try graph(of: "1.0.0", in: scratch)
        #expect(clean.status == 0, "\(clean.error)")
        #expect(clean.output.contains("jam@1.0.0"))

        let unsafe = try graph(of: "2.0.0", in: scratch)
        #expect(unsafe.status != 0)
        #expect(
            unsafe.error.contains(
                "the target 'CTorch' in product 'Jam' contains unsafe build flags"
            )
        )
    }

    /// Makes a repository of what the package is built from, as version 1.0.0, and with unsafe flags
    /// in the lowest of its targets as 2.0.0.
    private func publish(in scratch: ScratchFolder) throws {
        try scratch.makeFolder("jam/Examples")
        for name in ["Package.swift", "Sources", "Examples/PictureDictionary"] {
            try FileManager.default.copyItem(
                at: Tool.root.appending(path: name),
                to: URL(filePath: scratch.file("jam/\(name)"))
            )
        }
        try git("init --quiet", in: scratch)
        try commit("1.0.0", in: scratch)
        let manifest =
            try scratch.read("jam/Package.swift")
                + """

                for target in package.targets where target.name == "CTorch" {
                    target.cSettings?.append(.unsafeFlags(["-O1"]))
                }
                """.utf8
        try scratch.write("jam/Package.swift", manifest)
        try commit("2.0.0", in: scratch)
    }

    private func commit(_ version: String, in scratch: ScratchFolder) throws {
        try git("add --all", in: scratch)
        try git("commit --quiet -m \(version)", in: scratch)
        try git("tag \(version)", in: scratch)
    }

    private func git(_ command: String, in scratch: ScratchFolder) throws {
        // Whatever the settings of who runs this are.
        let settings =
            "-c user.name=test -c user.email=test@localhost -c commit.gpgSign=false "
            + "-c tag.gpgSign=false"
        let result = try run("git \(settings) \(command)", in: scratch.file("jam"))
        try #require(result.status == 0, "git \(command)\n\(result.error)")
    }

    /// Has SwiftPM load the whole graph of a package that depends on a version of this one; nothing
    /// is compiled but manifests.
    private func graph(of version: String, in scratch: ScratchFolder) throws -> Tool.Result {
        let user = "user-\(version)"
        try scratch.makeFolder("\(user)/Sources/user")
        try scratch.write("\(user)/Sources/user/main.swift", Array("import Jam\n".utf8))
        let manifest = """
            // swift-tools-version: 6.1
            import PackageDescription

            let package = Package(
                name: "user",
                dependencies: [.package(url: "\(scratch.file("jam"))", exact: "\(version)")],
                targets: [
                    .executableTarget(
                        name: "user",
                        dependencies: [.product(name: "Jam", package: "jam")]
                    )
                ]
            )
            """
        try scratch.write("\(user)/Package.swift", Array(manifest.utf8))
        try scratch.makeFolder("\(user)/.swiftpm/configuration")
        try scratch.write("\(user)/.swiftpm/configuration/mirrors.json", Array(mirrors().utf8))
        // Not the user's cache, which would keep each version of each run.
        return try run(
            "swift package --cache-path \(scratch.file("cache")) show-dependencies",
            in: scratch.file(user)
        )
    }

    /// Other packages in place of their addresses, as they were fetched for the build of this test:
    /// it needs no network.
    private func mirrors() throws -> String {
        let manifest = try String(
            contentsOf: Tool.root.appending(path: "Package.swift"),
            encoding: .utf8
        )
        let build = sequence(first: Tool.executable) { $0.deletingLastPathComponent() }
            .lazy.map { $0.appending(path: "checkouts") }
            .prefix(8).first { FileManager.default.fileExists(atPath: $0.path) }
        let checkouts = try #require(build, "no checkouts above \(Tool.executable.path)")
        let mirrors = manifest.matches(of: /\.package\(url: "([^"]+)"/).map { match in
            let checkout = checkouts.appending(
                path: URL(filePath: String(match.1)).lastPathComponent
            )
            return #"{"original": "\#(match.1)", "mirror": "\#(checkout.path)"}"#
        }
        return #"{"version": 1, "object": [\#(mirrors.joined(separator: ", "))]}"#
    }

    private func run(_ command: String, in folder: String) throws -> Tool.Result {
        try Tool.run(Tool.words(of: command), in: folder, as: URL(filePath: "/usr/bin/env"))
    }
}
