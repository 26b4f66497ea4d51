import Foundation
import Testing

@Suite struct ModuleTests {
    // Prevents: modules that lean on each other in secret, or a map that shows what is not so.
    @Test("Each module imports just what Package.swift says")
    func importsAreThoseOfThePackage() throws {
        let package = try String(
            contentsOf: Tool.root.appending(path: "Package.swift"),
            encoding: .utf8
        )
        let statement =
            /(?:module\(|executableTarget\(\s*name:)\s*"(\w+)",\s*(?:dependencies: )?\[([^\]]*)\]/
        // The fuzzing program is no module.
        let modules = package.matches(of: statement).filter { $0.1 != "fuzzing" }.map { match in
            (String(match.1), Set(match.2.matches(of: /"(\w+)"/).map { String($0.1) }))
        }
        let names = Set(modules.map(\.0))
        #expect(names.count >= 16)
        for (module, stated) in modules {
            #expect(
                try imports(of: module).intersection(names) == stated.intersection(names),
                "\(module)"
            )
        }
    }

    private func imports(of module: String) throws -> Set<String> {
        let folder = Tool.root.appending(path: "Sources/\(module)")
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        var imports: Set<String> = []
        for name in names where name.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            for match in text.matches(of: /(?m)^\s*(?:public |package |internal )?import (\w+)/) {
                imports.insert(String(match.1))
            }
        }
        return imports
    }
}
