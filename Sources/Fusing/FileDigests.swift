import Basics
import Checkpoints
import Synchronization

/// What the files of some folders are, found out on all cores: hashing them takes longer than
/// fusing them.
struct FileDigests {
    private let results: [(folder: Int, file: Manifest.File)]

    /// Looks at the files of each folder; `ofWeights` says whether weights are hashed, too.
    init(_ folders: [(path: String, names: [String])], ofWeights: Bool) throws {
        let jobs = folders.enumerated().flatMap { index, folder in
            folder.names.map { (folder: index, path: folder.path, name: $0) }
        }
        let found = Mutex<[Int: Manifest.File]>([:])
        try inParallel(jobs.count) { index in
            let job = jobs[index]
            let file = try Manifest.describe([job.name], in: job.path) {
                ofWeights || !$0.hasSuffix(".safetensors")
            }
            found.withLock { $0[index] = file[0] }
        }
        let files = found.withLock { $0 }
        results = jobs.enumerated().compactMap { index, job in
            files[index].map { (job.folder, $0) }
        }
    }

    /// The files of a folder in the order in which they were named.
    func files(of folder: Int) -> [Manifest.File] {
        results.filter { $0.folder == folder }.map(\.file)
    }
}
