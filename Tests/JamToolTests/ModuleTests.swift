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
            /(?:module\(|executableTarget\(\s*name:)\s*"(\w+)",\s*(?:dependencies: )?\[([^\]]*)\](?:,\s*path: "([^"]+)")?/
        // The fuzzing program is no module.
        let modules = package.matches(of: statement).filter { $0.1 != "fuzzing" }.map { match in
            (
                name: String(match.1),
                stated: Set(match.2.matches(of: /"(\w+)"/).map { String($0.1) }),
                folder: match.3.map(String.init) ?? "Sources/\(match.1)"
            )
        }
        let names = Set(modules.map(\.name))
        #expect(names.count >= 18)
        for (name, stated, folder) in modules {
            #expect(
                try imports(in: folder).intersection(names) == stated.intersection(names),
                "\(name)"
            )
        }
    }

    private func imports(in folder: String) throws -> Set<String> {
        let folder = Tool.root.appending(path: folder)
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
