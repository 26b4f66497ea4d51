import Foundation

/// The folders in which bases of deltas are looked for.
package struct BaseFolders: Sendable, Equatable {
    /// The environment variable that names folders, separated by colons.
    package static let variable = "JAM_BASES"

    /// In the order in which they are searched.
    package let paths: [String]

    /// The folders of ``variable``, then `jam/bases` in the user's cache folder.
    package init(environment: [String: String]) {
        let named = (environment[Self.variable] ?? "").split(separator: ":").map(String.init)
        let cache = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home = environment["HOME"].map { $0 + "/.cache" }
        paths = named + [cache ?? home].compactMap { $0 }.map { $0 + "/jam/bases" }
    }

    /// Whether a file or folder is directly in one of the folders.
    func contain(_ path: String) -> Bool {
        let folder = URL(filePath: path).deletingLastPathComponent().resolvingSymlinksInPath().path
        return paths.contains { URL(filePath: $0).resolvingSymlinksInPath().path == folder }
    }

    package static var current: BaseFolders {
        BaseFolders(environment: ProcessInfo.processInfo.environment)
    }
}
