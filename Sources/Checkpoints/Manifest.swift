public import Basics

/// What made a checkpoint, from what, and what its files must be: `jam_manifest.json`.
///
/// It holds no date, so that the same command writes the same bytes.
public struct Manifest: Sendable, Equatable {
    /// The name of the file in a checkpoint folder.
    public static let fileName = "jam_manifest.json"
    /// The version of this format.
    public static let formatVersion = 1

    /// A file as its bytes are.
    public struct File: Sendable, Equatable {
        /// The name in its folder.
        public let name: String
        /// The number of bytes.
        public let byteCount: Int
        /// The SHA-256 digest in hexadecimal digits, if it was taken.
        public let sha256: String?

        /// States what a file must be.
        public init(name: String, byteCount: Int, sha256: String?) {
            self.name = name
            self.byteCount = byteCount
            self.sha256 = sha256
        }
    }

    /// A folder that the checkpoint was made from.
    public struct Input: Sendable, Equatable {
        /// The last part of its path.
        public let name: String
        /// The files that were read.
        public let files: [File]

        /// States what was read.
        public init(name: String, files: [File]) {
            self.name = name
            self.files = files
        }
    }

    /// The version of jam.
    public let jamVersion: String
    /// The command, as `fuse`.
    public let command: String
    /// The method of the command, as `cross`.
    public let method: String
    /// All options of the command, with defaults spelled out.
    public let options: JSON.Object
    /// What the checkpoint was made from.
    public let inputs: [Input]
    /// The files of the checkpoint, without this one.
    public let files: [File]

    /// States what made a checkpoint.
    public init(
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
