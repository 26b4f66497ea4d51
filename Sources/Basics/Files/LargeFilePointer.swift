/// The small text file that stands for a large one until Git LFS fetches it.
package enum LargeFilePointer {
    package static let problem =
        "this is a Git LFS pointer, not the file; fetch it with `git lfs pull`"

    /// The prefixes of all pointers; the second is older than the name Git LFS.
    private static let beginnings = [
        "version https://git-lfs.github.com/spec/", "version https://hawser.github.com/spec/",
    ]

    package static func begins(_ bytes: some Collection<UInt8>) -> Bool {
        beginnings.contains { bytes.starts(with: $0.utf8) }
    }
}
