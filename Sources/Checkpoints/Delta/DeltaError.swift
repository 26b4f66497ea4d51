package import Basics

/// What is wrong in a part of a delta, without its place.
package struct DeltaProblem: Error {
    package let text: String

    init(_ text: String) { self.text = text }
}

/// Why a delta cannot be read or made.
package enum DeltaError: UserError, Equatable {
    case malformed(file: String, problem: String)
    /// No place has the base; `others` says which files of its name are not it.
    case missingBase(
        file: String,
        base: String,
        places: [String],
        others: [String],
        source: String?
    )
    /// A base is itself a delta.
    case baseIsDelta(path: String)
    /// A file of the delta is stored, but listed as one that the base gives.
    case storedTwice(path: String)
    /// A file made of the base's is not the one that the delta was made of.
    case wrongText(path: String)
    /// What was written does not give the model that it was made of.
    case inconsistent(path: String, name: String)

    package var kind: ErrorKind {
        switch self {
        case .missingBase: .notFound
        case .malformed, .baseIsDelta, .storedTwice, .wrongText: .malformedInput
        case .inconsistent: .internalFailure
        }
    }

    package var description: String {
        switch self {
        case .malformed(let file, let problem): "\(file): \(problem)"
        case .missingBase(let file, let base, let places, let others, let source):
            Self.missing(file, base, places, others, source)
        case .baseIsDelta(let path):
            "\(path): a base is a whole model, and this is a delta; make it whole with jam import"
        case .storedTwice(let path):
            "\(path): is there, but \(DeltaFolder.fileName) makes it of the base; remove one of both"
        case .wrongText(let path):
            "\(path): made of the base's file, it has another digest than in "
                + "\(DeltaFolder.fileName); the delta was made by another version of jam or changed"
        case .inconsistent(let path, let name):
            "\(path): \(name.quoted()) does not give back what it was made of"
        }
    }

    private static func missing(
        _ file: String,
        _ base: String,
        _ places: [String],
        _ others: [String],
        _ source: String?
    ) -> String {
        let found =
            others.isEmpty
            ? "is not in \(places.joined(separator: ", "))"
            : "is missing: \(others.joined(separator: "; "))"
        let origin = source.map { " (from \($0))" } ?? ""
        let target = places.last ?? "a folder"
        return "\(file): the base \(base) \(found); put it\(origin) into \(target), or name its "
            + "folder in \(BaseFolders.variable)"
    }
}
