public import Basics

/// Everything that a training run is told: what `jam train` reads from a YAML file.
///
/// Paths are taken from the folder that the program was started in.
public struct Recipe: Sendable, Equatable {
    /// What is taught.
    public enum Start: Sendable, Equatable {
        /// The model of a folder.
        case folder(String)
        /// A Llama with fresh weights.
        case llama(LlamaSizes)
    }

    /// The sizes of a fresh Llama; the vocabulary is the tokenizer's, the context the batch's.
    public struct LlamaSizes: Sendable, Equatable {
        /// D.
        public var width: Int
        /// The number of layers.
        public var layers: Int
        /// H.
        public var heads: Int
        /// K.
        public var keyValueHeads: Int
        /// The inner width of the feed-forward layers.
        public var feedForward: Int
        /// Whether the output projection is the embedding table.
        public var tied: Bool
    }

    /// Documents of one kind.
    public struct Data: Sendable, Equatable {
        /// What reports call them.
        public var name: String
        /// The shards: JSON Lines or WebDataset.
        public var paths: [String]
        /// How they are learned.
        public var objective: Objective
        /// How often documents of this kind come; `nil` makes each as frequent as any other.
        public var weight: Double?
    }

    /// What the evaluation during a run reads.
    public struct HeldOut: Sendable, Equatable {
        /// The shards.
        public var paths: [String]
        /// The objective that says which tokens count.
        public var objective: Objective
        /// After how many steps.
        public var every: Int
    }

    /// The recipe's file, for messages.
    public var source: String
    /// What is taught.
    public var start: Start
    /// The folder that has `tokenizer.json`.
    public var tokenizer: String
    /// The folder of the image tokenizer; `nil` where no document has pictures.
    public var pictures: String?
    /// The documents.
    public var data: [Data]
    /// What is evaluated during the run, if anything.
    public var heldOut: HeldOut?
    /// Schedule, batch sizes, optimizer.
    public var training: TrainingOptions
    /// The seed of all random choices.
    public var seed: UInt64
    /// The folder of the run.
    public var output: String
    /// After how many steps the run is saved.
    public var saveEvery: Int
    /// How many saved steps are kept.
    public var keep: Int
    /// The whole recipe as it was read, overrides included.
    public var json: JSON.Object

    /// What identifies the run: the digest of all that its numbers depend on.
    ///
    /// Where a run is kept, and how often it is saved or evaluated, may change on the way.
    public var identity: String {
        var object = json
        for key in ["output", "save_every", "keep", "held_out"] { object[key] = nil }
        let bytes = Array(JSON.object(object.sorted).text().utf8)
        return bytes.withUnsafeBytes { SHA256.hex(of: $0) }
    }
}

extension JSON.Object {
    /// The members by name, and so in nested objects: the same for any order in a file.
    fileprivate var sorted: JSON.Object {
        var object = JSON.Object()
        for (key, value) in members.sorted(by: { $0.key < $1.key }) { object[key] = value.sorted }
        return object
    }
}

extension JSON {
    fileprivate var sorted: JSON {
        switch self {
        case .object(let object): .object(object.sorted)
        case .array(let elements): .array(elements.map(\.sorted))
        default: self
        }
    }
}
