/// What Git LFS leaves in place of a large file until the file is fetched: a small text about it.
package enum LargeFilePointer {
    /// What a message says of such a file.
    package static let problem =
        "this is a Git LFS pointer, not the file; fetch it with `git lfs pull`"

    /// The beginnings of all pointers; the second is from before Git LFS had its name.
    private static let beginnings = [
        "version https://git-lfs.github.com/spec/", "version https://hawser.github.com/spec/",
    ]

    /// Whether a file that begins with `bytes` is a pointer.
    package static func begins(_ bytes: some Collection<UInt8>) -> Bool {
        beginnings.contains { bytes.starts(with: $0.utf8) }
    }
}
