import Foundation
import Testing

@Suite struct RoomTests {
    // Prevents: rooms that lean on each other in secret, or a map that shows what is not so.
    @Test("Each room imports just what Package.swift says")
    func importsAreThoseOfThePackage() throws {
        let package = try String(
            contentsOf: Tool.root.appending(path: "Package.swift"),
            encoding: .utf8
        )
        let statement =
            /(?:room\(|executableTarget\(\s*name:)\s*"(\w+)",\s*(?:dependencies: )?\[([^\]]*)\]/
        // The fuzzing program is no room.
        let rooms = package.matches(of: statement).filter { $0.1 != "fuzzing" }.map { match in
            (String(match.1), Set(match.2.matches(of: /"(\w+)"/).map { String($0.1) }))
        }
        let names = Set(rooms.map(\.0))
        #expect(names.count == 16)
        for (room, stated) in rooms {
            #expect(
                try imports(of: room).intersection(names) == stated.intersection(names),
                "\(room)"
            )
        }
    }

    private func imports(of room: String) throws -> Set<String> {
        let folder = Tool.root.appending(path: "Sources/\(room)")
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        var imports: Set<String> = []
        for name in names where name.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            for match in text.matches(of: /(?m)^\s*(?:public |internal )?import (\w+)/) {
                imports.insert(String(match.1))
            }
        }
        return imports
    }
}
