package import Basics

/// What can be wrong with the sources or the data of the dictionary.
package enum DictionaryError: UserError, Equatable {
    case missing(path: String, package: String)
    case unreadable(path: String)
    /// A source file does not follow its format.
    case malformed(path: String, line: Int, found: String, package: String)
    /// FreeType cannot open the font, or it has no bitmaps.
    case unusableFont(path: String, problem: String)
    /// The sources do not match.
    case tooFewConcepts(found: Int, expected: Int)
    /// The list of what drawings show is not there.
    case noNames(path: String)
    /// The data lacks a shard that this version needs.
    case noShard(path: String)
    /// There is no report of an arm.
    case noReports(path: String)

    package var description: String {
        switch self {
        case .missing(let path, let package):
            "\(path) is missing: install the Debian package \(package)"
        case .unreadable(let path):
            "\(path) cannot be read: check its permissions"
        case .malformed(let path, let line, let found, let package):
            "\(path), line \(line): found \(found): "
                + "the file is damaged or a different version; reinstall \(package)"
        case .unusableFont(let path, let problem):
            "\(path): \(problem): expected the font of the Debian package fonts-noto-color-emoji"
        case .tooFewConcepts(let found, let expected):
            "found \(found) named images where at least \(expected) were expected: "
                + "the font and the CLDR do not match; reinstall both packages"
        case .noNames(let path):
            "\(path) is missing: call the tool in the repository's folder, or name the folder of the "
                + "lists with --names"
        case .noShard(let path):
            "\(path) is missing: the data is from an earlier version; remove its folder"
        case .noReports(let path):
            "\(path) has no reports: expected is a file of book-report for each seed"
        }
    }

    package var kind: ErrorKind {
        switch self {
        case .missing, .noNames, .noShard, .noReports: .notFound
        case .unreadable: .inputOutput
        case .malformed, .unusableFont, .tooFewConcepts: .malformedInput
        }
    }
}
