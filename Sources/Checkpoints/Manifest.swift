package import Basics

/// `jam_manifest.json`: how a checkpoint was made, from what, and the sizes and digests of its files.
///
/// There is no date in it, so that the same command writes the same bytes.
package struct Manifest: Sendable, Equatable {
    package static let fileName = "jam_manifest.json"
    package static let formatVersion = 1

    /// A file of the checkpoint or of an input.
    package struct File: Sendable, Equatable {
        /// The path from its folder.
        package let name: String
        package let byteCount: Int
        /// The SHA-256 digest in hexadecimal digits, if it was taken.
        package let sha256: String?

        package init(name: String, byteCount: Int, sha256: String?) {
            self.name = name
            self.byteCount = byteCount
            self.sha256 = sha256
        }
    }

    /// A folder that the checkpoint was made from.
    package struct Input: Sendable, Equatable {
        /// The last part of its path.
        package let name: String
        package let files: [File]

        package init(name: String, files: [File]) {
            self.name = name
            self.files = files
        }
    }

    package let jamVersion: String
    /// The command, such as `fuse`.
    package let command: String
    /// The method of the command, such as `cross`.
    package let method: String
    /// All options of the command, with defaults spelled out.
    package let options: JSON.Object
    package let inputs: [Input]
    /// The files of the checkpoint, without this one.
    package let files: [File]

    package init(
        jamVersion: String = Basics.jamVersion,
        command: String,
        method: String,
        options: JSON.Object,
        inputs: [Input],
        files: [File]
    ) {
        self.jamVersion = jamVersion
        self.command = command
        self.method = method
        self.options = options
        self.inputs = inputs
        self.files = files
    }
}
