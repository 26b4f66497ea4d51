package import Basics

/// What can be wrong with the sources of the picture dictionary.
package enum DictionaryError: UserError, Equatable {
    /// A source file is not there.
    case missing(path: String, package: String)
    /// A source file is there and cannot be read.
    case unreadable(path: String)
    /// A source file does not hold what its format says.
    case malformed(path: String, line: Int, found: String, package: String)
    /// FreeType does not open the font, or the font has no coloured bitmaps.
    case unusableFont(path: String, problem: String)
    /// The sources were read and hold too little to make a dictionary.
    case tooFewConcepts(found: Int, expected: Int)
    /// A dictionary that was built by an earlier version lacks a shard.
    case noShard(path: String)

    /// One line: what was found, what was expected, what to do.
    package var description: String {
        switch self {
        case .missing(let path, let package):
            "\(path) is not there: install the Debian package \(package), "
                + "or name the file's place"
        case .unreadable(let path):
            "\(path) cannot be read: check its permissions"
        case .malformed(let path, let line, let found, let package):
            "\(path), line \(line): found \(found): "
                + "the file is damaged or of another version; reinstall \(package)"
        case .unusableFont(let path, let problem):
            "\(path): \(problem): expected the font of the Debian package fonts-noto-color-emoji"
        case .tooFewConcepts(let found, let expected):
            "found \(found) named images where at least \(expected) were expected: "
                + "the font and the CLDR do not belong together; reinstall both packages"
        case .noShard(let path):
            "\(path) is not there: the data are of an earlier version; remove their folder"
        }
    }

    package var kind: ErrorKind {
        switch self {
        case .missing, .noShard: .notFound
        case .unreadable: .inputOutput
        case .malformed, .unusableFont, .tooFewConcepts: .malformedInput
        }
    }
}
