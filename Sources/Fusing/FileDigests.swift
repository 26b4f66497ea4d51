import Checkpoints
import Dispatch
import Synchronization

/// What the files of some folders are, found out on all cores: reading them takes longer than
/// fusing them.
struct FileDigests {
    private let results: [(folder: Int, result: Result<Manifest.File, any Error>)]

    /// Reads the files of each folder.
    init(_ folders: [(path: String, names: [String])]) {
        let jobs = folders.enumerated().flatMap { index, folder in
            folder.names.map { (folder: index, path: folder.path, name: $0) }
        }
        let found = Mutex<[Int: Result<Manifest.File, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
            let job = jobs[index]
            let result = Result { try Manifest.describe([job.name], in: job.path) }
                .map { $0[0] }
            found.withLock { $0[index] = result }
        }
        let all = found.withLock { $0 }
        results = jobs.enumerated().compactMap { index, job in
            all[index].map { (job.folder, $0) }
        }
    }

    /// The files of a folder in the order in which they were named.
    func files(of folder: Int) throws -> [Manifest.File] {
        try results.filter { $0.folder == folder }.map { try $0.result.get() }
    }
}
