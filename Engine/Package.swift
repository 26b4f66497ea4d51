// swift-tools-version: 6.1
import PackageDescription

// The engine: the C++ on libtorch that jam's programs open when they first compute (decision 16).
//
// It is a package of its own because it cannot be built without flags that SwiftPM calls unsafe, and
// a package with such flags cannot be depended on by version.

let repository = Context.packageDirectory + "/.."

// libtorch: the folder that holds `include` and `lib`. `scripts/setup` unpacks it into `.libtorch`;
// the variable LIBTORCH names another installation.
let libtorch = Context.environment["LIBTORCH"] ?? repository + "/.libtorch"

let package = Package(
    name: "Engine",
    products: [.library(name: "TorchEngine", type: .dynamic, targets: ["TorchEngine"])],
    targets: [
        .target(
            name: "TorchEngine",
            // Nobody includes its headers: it is asked for one function by name.
            publicHeadersPath: ".",
            cxxSettings: [
                .unsafeFlags([
                    // The header that it shares with the programs, from outside this package.
                    "-I", repository + "/Sources/CTorch/include",
                    // -isystem: libtorch's headers warn under our flags.
                    "-isystem", libtorch + "/include",
                    "-isystem", libtorch + "/include/torch/csrc/api/include",
                    "-O2", "-fno-math-errno",
                ])
            ],
            linkerSettings: [
                .unsafeFlags([
                    "-L" + libtorch + "/lib", "-Xlinker", "-rpath", "-Xlinker", libtorch + "/lib",
                ]),
                .linkedLibrary("torch_cpu"),
                .linkedLibrary("c10"),
            ]
        )
    ],
    cxxLanguageStandard: .cxx20
)
