package import Basics

/// What made a checkpoint, from what, and what its files must be: `jam_manifest.json`.
///
/// It holds no date, so that the same command writes the same bytes.
package struct Manifest: Sendable, Equatable {
    /// The name of the file in a checkpoint folder.
    package static let fileName = "jam_manifest.json"
    /// The version of this format.
    package static let formatVersion = 1

    /// A file as its bytes are.
    package struct File: Sendable, Equatable {
        /// The name in its folder.
        package let name: String
        /// The number of bytes.
        package let byteCount: Int
        /// The SHA-256 digest in hexadecimal digits, if it was taken.
        package let sha256: String?

        /// States what a file must be.
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
        /// The files that were read.
        package let files: [File]

        /// States what was read.
        package init(name: String, files: [File]) {
            self.name = name
            self.files = files
        }
    }

    /// The version of jam.
    package let jamVersion: String
    /// The command, as `fuse`.
    package let command: String
    /// The method of the command, as `cross`.
    package let method: String
    /// All options of the command, with defaults spelled out.
    package let options: JSON.Object
    /// What the checkpoint was made from.
    package let inputs: [Input]
    /// The files of the checkpoint, without this one.
    package let files: [File]

    /// States what made a checkpoint.
    package init(
        jamVersion: String,
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
