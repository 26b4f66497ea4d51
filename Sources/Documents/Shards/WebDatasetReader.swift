import Basics

/// Reads one document from the adjacent members of a tar archive that share a key.
///
/// A member's name is its key up to the first dot of its last path component, then its suffix. As
/// `webdataset` does, it passes over other names and what is no file; it counts them.
final class WebDatasetReader: DocumentReader {
    private let file: ShardInput
    private let archive: TarReader
    private let limits: ShardLimits
    private var ahead: (key: String, suffix: String, member: TarReader.Member)?
    private var hasBegun = false
    /// By their bytes: names that look alike can differ.
    private var seenKeys: Set<[UInt8]> = []
    private var unused = LeftAlone()
    private(set) var lastRanges: [Range<Int>] = []

    var leftAlone: LeftAlone {
        var all = unused
        all.add(archive.leftAlone)
        return all
    }

    init(_ file: ShardInput, limits: ShardLimits) {
        self.file = file
        self.limits = limits
        archive = TarReader(file)
    }

    func next() throws -> Document? {
        if !hasBegun {
            try advance()
            hasBegun = true
        }
        while let key = ahead?.key {
            if let document = try document(of: key) { return document }
        }
        return nil
    }

    /// Reads the sample `key`, whose first member is next; `nil` if it has nothing that is used.
    private func document(of key: String) throws -> Document? {
        var sample = WebDatasetSample(place: "\(file.name):\(key)", limits: limits)
        var problem: ShardError?
        lastRanges = []
        while let (nextKey, suffix, member) = ahead, nextKey.utf8.elementsEqual(key.utf8) {
            // A refused sample is skipped to its end.
            if problem == nil, let refusal = sample.refusal(of: suffix, bytes: member.size) {
                problem = refusal
            }
            if problem == nil, WebDatasetSample.Use(suffix) != nil {
                sample.add(try archive.read(member), suffix: suffix)
            } else {
                try archive.skip(member)
            }
            lastRanges.append(member.start..<file.offset)
            try advance()
        }
        if sample.hasUse, !seenKeys.insert(Array(key.utf8)).inserted {
            throw archive.failure("the members of a sample are not adjacent", key)
        }
        if let problem { throw problem }
        let document = try sample.document()
        for (suffix, name) in sample.unused { unused.add(.suffix(suffix), name) }
        return document
    }

    /// Finds the next member of a sample.
    private func advance() throws {
        while let member = try archive.next() {
            let folderEnd = member.name.lastIndex(of: "/").map(member.name.index(after:))
            let base = member.name[(folderEnd ?? member.name.startIndex)...]
            if let dot = base.firstIndex(of: "."), dot > base.startIndex {
                let suffix = base[base.index(after: dot)...].lowercased()
                ahead = (String(member.name[..<dot]), suffix, member)
                return
            }
            unused.add(base.first == "." ? .hidden : .noSuffix, member.name)
            try archive.skip(member)
        }
        ahead = nil
    }
}
