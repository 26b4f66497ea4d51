import Foundation

extension ChatInput {
    /// What the beginning of a line can become: commands and paths.
    static func completions(of text: String) -> [String] {
        guard text.hasPrefix("/") else { return [] }
        guard let blank = text.firstIndex(of: " ") else {
            return names.filter { $0.hasPrefix(text) }.map { $0 + " " }
        }
        let argument = String(text[text.index(after: blank)...])
        switch text[..<blank] {
        case "/image", "/save": return paths(argument).map { text[...blank] + $0 }
        case "/settings":
            return (ChatSettings.names + ["reset"]).filter { $0.hasPrefix(argument) }
                .map { text[...blank] + $0 + " " }
        default: return []
        }
    }

    /// The commands that ``commands`` lists.
    private static var names: [String] {
        commands.split(separator: "\n").compactMap {
            $0.split(separator: " ").first.map(String.init)
        }
        .filter { $0.hasPrefix("/") && !$0.hasPrefix("//") }
    }

    /// The files and folders whose paths begin so, hidden ones only where they are meant.
    private static func paths(_ start: String) -> [String] {
        let split = start.lastIndex(of: "/").map(start.index(after:)) ?? start.startIndex
        let (folder, name) = (String(start[..<split]), start[split...])
        let path = NSString(string: folder.isEmpty ? "." : folder).expandingTildeInPath
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return entries.filter { $0.hasPrefix(name) && ($0.hasPrefix(".") == name.hasPrefix(".")) }
            .sorted()
            .map { entry in
                var isFolder: ObjCBool = false
                _ = FileManager.default.fileExists(
                    atPath: path + "/" + entry,
                    isDirectory: &isFolder
                )
                return folder + entry + (isFolder.boolValue ? "/" : "")
            }
    }
}
