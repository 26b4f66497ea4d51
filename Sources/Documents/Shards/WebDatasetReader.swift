import Basics

/// Reads one document from the adjacent members of a tar archive that share a key.
///
/// A member's name is its key up to the first dot of its last path component, then its suffix.
final class WebDatasetReader: DocumentReader {
    private let file: FileInput
    private let archive: TarReader
    private let limits: ShardLimits
    private var ahead: (key: String, suffix: String, member: TarReader.Member)?
    private var hasBegun = false
    private var seenKeys: Set<String> = []

    init(_ file: FileInput, limits: ShardLimits) {
        self.file = file
        self.limits = limits
        archive = TarReader(file)
    }

    func next() throws -> Document? {
        if !hasBegun {
            try advance()
            hasBegun = true
        }
        guard let key = ahead?.key else { return nil }
        guard seenKeys.insert(key).inserted else {
            throw archive.failure("the members of a sample are not adjacent", key)
        }
        var sample = WebDatasetSample(place: "\(file.name):\(key)", limits: limits)
        var problem: ShardError?
        while let (nextKey, suffix, member) = ahead, nextKey == key {
            // A refused sample is skipped to its end.
            if problem == nil, let refusal = sample.refusal(of: suffix, bytes: member.size) {
                problem = refusal
            }
            if problem == nil, sample.takes(suffix) {
                sample.add(try archive.read(member), suffix: suffix)
            } else {
                try archive.skip(member)
            }
            try advance()
        }
        if let problem { throw problem }
        return try sample.document()
    }

    private func advance() throws {
        guard let member = try archive.next() else {
            ahead = nil
            return
        }
        let folderEnd = member.name.lastIndex(of: "/").map(member.name.index(after:))
        let base = member.name[(folderEnd ?? member.name.startIndex)...]
        guard let dot = base.firstIndex(of: "."), dot > base.startIndex else {
            throw archive.failure(
                "a name such as 000001.txt, key and suffix, is expected",
                member.name
            )
        }
        let suffix = base[base.index(after: dot)...].lowercased()
        ahead = (String(member.name[..<dot]), suffix, member)
    }
}
