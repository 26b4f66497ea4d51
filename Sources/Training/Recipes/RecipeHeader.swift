package import Basics
package import Documents

/// What recipes of all kinds share.
package struct RecipeHeader: Sendable, Equatable {
    package var training: TrainingOptions
    /// How many documents or images at the end of the data are evaluated and not trained on.
    package var heldOutCount: Int
    /// How many bad documents of each source are passed over.
    package var badDocuments: BadDocumentLimit
    /// The run's folder.
    package var output: String
    /// The run is saved after so many steps, and at its end.
    package var saveInterval: Int
    /// The held-out data is evaluated after so many steps, and at the end.
    package var evaluationInterval: Int
    /// The recipe as it was read, overrides included: what manifests state.
    package let json: JSON.Object

    package init(
        training: TrainingOptions,
        heldOutCount: Int = 0,
        badDocuments: BadDocumentLimit = .none,
        output: String,
        saveInterval: Int = 500,
        evaluationInterval: Int = 500,
        json: JSON.Object = [:]
    ) {
        self.training = training
        self.heldOutCount = heldOutCount
        self.badDocuments = badDocuments
        self.output = output
        self.saveInterval = saveInterval
        self.evaluationInterval = evaluationInterval
        self.json = json
    }

    init(
        _ reader: JSONReader,
        _ json: JSON.Object,
        optimizer: OptimizerOptions
    ) throws(JSONFieldError) {
        training = TrainingOptions(
            schedule: try Schedule(try reader.nested("schedule")),
            optimizer: reader.has("optimizer")
                ? try OptimizerOptions(try reader.nested("optimizer"), default: optimizer)
                : optimizer,
            seed: UInt64(try reader.integer("seed", default: 0, atLeast: 0))
        )
        heldOutCount = try reader.integer("held_out", default: 0, atLeast: 0, atMost: 1 << 40)
        let allowed = try reader.number("max_bad_documents", default: 0)
        guard let badDocuments = BadDocumentLimit(allowed) else {
            throw reader.failure(
                "max_bad_documents",
                "a count or a share below 1 is expected, found \(allowed)"
            )
        }
        self.badDocuments = badDocuments
        output = try reader.string("output")
        saveInterval = try reader.integer("save_every", default: 500, atLeast: 1)
        evaluationInterval = try reader.integer("evaluate_every", default: 500, atLeast: 1)
        self.json = json
    }

    /// The folder of the trained model.
    package var modelFolder: String { output + "/model" }

    /// What of it differs from the recipe that a run was started with, and would change the weights, such
    /// as "seed was 6 and is 7"; empty if the run can be resumed.
    package func changes(since old: JSON.Object) -> [String] {
        JSON.object(Self.decisive(json)).changes(since: .object(Self.decisive(old)), at: "")
    }

    /// A recipe without the keys that do not change the weights.
    private static func decisive(_ json: JSON.Object) -> JSON.Object {
        var recipe = json
        for key in ["output", "save_every", "evaluate_every", "dtype"] { recipe[key] = nil }
        return recipe
    }
}

extension JSONReader {
    /// A number from 0 to 1.
    func share(_ key: String, default value: Double) throws(JSONFieldError) -> Double {
        let share = try number(key, default: value)
        guard (0...1).contains(share) else { throw failure(key, "\(share) is not from 0 to 1") }
        return share
    }

    /// A number of at least 0.
    func nonNegative(_ key: String, default value: Double? = nil) throws(JSONFieldError) -> Double {
        let number = try number(key, default: value)
        guard number >= 0 else { throw failure(key, "\(number) is below 0") }
        return number
    }

    /// A number above 0.
    func positive(_ key: String, default value: Double? = nil) throws(JSONFieldError) -> Double {
        let number = try number(key, default: value)
        guard number > 0 else { throw failure(key, "\(number) is not above 0") }
        return number
    }

    /// A number from 0 to below 1.
    fileprivate func decay(_ key: String, default value: Double) throws(JSONFieldError) -> Double {
        let number = try number(key, default: value)
        guard (0..<1).contains(number) else {
            throw failure(key, "\(number) is not from 0 to below 1")
        }
        return number
    }
}

extension Schedule {
    fileprivate init(_ reader: JSONReader) throws(JSONFieldError) {
        let steps = try reader.integer("steps", atLeast: 1, atMost: 1 << 40)
        self.init(
            learningRate: try reader.positive("learning_rate"),
            warmupSteps: try reader.integer("warmup_steps", default: 0, atLeast: 0, atMost: steps),
            stepCount: steps,
            minimumRatio: try reader.share("min_lr_ratio", default: 0.1),
            shape: try reader.choice("shape", default: .cosine)
        )
    }
}

extension OptimizerOptions {
    fileprivate init(_ reader: JSONReader, default usual: OptimizerOptions) throws(JSONFieldError) {
        self = usual
        method = try reader.choice("method", default: method)
        momentum = try reader.decay("momentum", default: momentum)
        beta1 = try reader.decay("beta1", default: beta1)
        beta2 = try reader.decay("beta2", default: beta2)
        epsilon = try reader.positive("epsilon", default: epsilon)
        weightDecay = try reader.nonNegative("weight_decay", default: weightDecay)
        clipNorm = try reader.positive("clip_norm", default: clipNorm)
        if reader.has("lr_multipliers") {
            let multipliers = try reader.nested("lr_multipliers")
            for prefix in multipliers.object.keys {
                learningRateMultipliers[prefix] = try multipliers.number(prefix)
            }
        }
    }
}
