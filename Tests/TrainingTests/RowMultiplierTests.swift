import Basics
import Checkpoints
import Decoders
import Foundation
import JamTesting
import Layers
import Tensors
import Testing
import Training
import Vocabulary

/// Rows of tables and heads with learning rates of their own; the last five special tokens are the
/// added ones.
@Suite struct RowMultiplierTests {
    private static let added = SmallSpace.space.count - 5..<SmallSpace.space.count

    private static func loop(
        _ multipliers: [String: Double],
        steps: Int = 12,
        learningRate: Double = 3e-3,
        _ model: (any LanguageModel, ParameterStore)? = nil,
        added: Range<Int> = added
    ) throws -> LanguageModelTraining {
        let (model, store) = try model ?? SmallModel.fresh()
        return try LanguageModelTraining(
            model,
            store.parameters,
            Batcher(
                try DataTests.mixture(),
                BatchSizes(tokensPerStep: 300, microBatchTokens: 128, contextLength: 64)
            ),
            in: SmallSpace.space,
            addedRows: added,
            TrainingOptions(
                schedule: Schedule(learningRate: learningRate, warmupSteps: 3, stepCount: steps),
                optimizer: OptimizerOptions(learningRateMultipliers: multipliers)
            )
        )
    }

    /// The bits of each row of a weight.
    private static func rows(_ name: String, _ loop: LanguageModelTraining) throws -> [[UInt8]] {
        let tensors = loop.modelTensors + loop.optimizerState
        let tensor = try #require(tensors.first { $0.name == name }).tensor
        let bytes = try withTorchErrors { try tensor.bytes() }
        let size = bytes.count / SmallSpace.space.count
        return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<$0 + size]) }
    }

    private static let table = "model.embed_tokens.weight"
    private static let head = "lm_head.weight"

    /// Prevents the knowledge of a parent from drifting while new tokens are learned.
    @Test(
        "Frozen rows stay bit for bit, and all others move",
        arguments: [
            ("lm_head[text]", 0..<26), ("lm_head[image]", 26..<42),
            ("lm_head[special]", 42..<SmallSpace.space.count), ("lm_head[added]", added),
            ("lm_head[parent]", 0..<added.lowerBound),
        ]
    )
    func frozenRowsStay(key: String, frozen: Range<Int>) throws {
        let loop = try Self.loop([key: 0])
        let (table, head) = (try Self.rows(Self.table, loop), try Self.rows(Self.head, loop))
        for _ in 0..<5 { _ = try loop.step() }
        let after = try Self.rows(Self.head, loop)
        for row in head.indices {
            #expect((head[row] == after[row]) == frozen.contains(row), "row \(row)")
        }
        #expect(try Self.rows(Self.table, loop) != table)
        for moment in ["first.", "second."] {
            let moments = try Self.rows(moment + Self.head, loop)
            #expect(moments[frozen].joined().allSatisfy { $0 == 0 })
        }
    }

    @Test("The gradients of frozen rows do not count in the norm")
    func frozenRowsDoNotCount() throws {
        func norm(_ multipliers: [String: Double]) throws -> Double {
            try #require(try Self.loop(multipliers).step()["gradient_norm"])
        }
        let (whole, partial) = (try norm([:]), try norm(["lm_head[text]": 0, "lm_head": 1]))
        #expect(partial < whole)
        let frozen = try norm(["lm_head": 0])
        let groups = ["lm_head[text]", "lm_head[image]", "lm_head[special]"]
        let rest = try groups.map { kept in
            let others = groups.filter { $0 != kept }.map { ($0, 0.0) }
            return try norm(Dictionary(uniqueKeysWithValues: others))
        }
        // Each group adds its squares to those of the rest of the model.
        let squares = rest.map { $0 * $0 - frozen * frozen }.reduce(frozen * frozen, +)
        #expect(abs(squares.squareRoot() - whole) < 1e-5 * whole)
    }

    @Test("A multiplier of rows is a learning rate of these rows")
    func aMultiplierOfRowsIsALearningRate() throws {
        let mixed = try Self.loop(["lm_head[text]": 0.5, "model.embed_tokens[text]": 0.5])
        let (whole, half) = (try Self.loop([:]), try Self.loop([:], learningRate: 3e-3 / 2))
        for loop in [mixed, whole, half] { _ = try loop.step() }
        for name in [Self.table, Self.head] {
            let rows = try Self.rows(name, mixed)
            #expect(try rows[..<26] == Self.rows(name, half)[..<26])
            #expect(try rows[26...] == Self.rows(name, whole)[26...])
        }
    }

    @Test("The longest prefix wins, then a group, then added rows over others")
    func precedence() throws {
        let loop = try Self.loop([
            "": 1, "model": 0, "model.embed_tokens[text]": 1, "lm_head": 0, "lm_head[parent]": 1,
            "lm_head[special]": 0, "lm_head[added]": 1, "lm_head.w[image]": 0,
        ])
        let (table, head) = (try Self.rows(Self.table, loop), try Self.rows(Self.head, loop))
        for _ in 0..<4 { _ = try loop.step() }
        let (tableAfter, headAfter) = (
            try Self.rows(Self.table, loop), try Self.rows(Self.head, loop)
        )
        for row in head.indices {
            let isAdded = Self.added.contains(row)
            #expect((tableAfter[row] != table[row]) == (row < 26), "row \(row)")
            #expect((headAfter[row] != head[row]) == (row < 26 || isAdded), "row \(row)")
        }
    }

    @Test("A run with multipliers of rows resumes bit for bit", arguments: [1, 5])
    func resumes(at stop: Int) throws {
        let multipliers = [
            "lm_head[text]": 0, "lm_head[added]": 0.3, "model.embed_tokens[parent]": 0.5,
        ]
        let path = try SmallModel.scratch().path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let header = RecipeHeader(
            training: TrainingOptions(
                schedule: Schedule(learningRate: 3e-3, warmupSteps: 3, stepCount: 12)
            ),
            output: path,
            saveInterval: 4
        )
        let whole = try Self.loop(multipliers)
        while !whole.isDone { _ = try whole.step() }
        do {
            let first = try Self.loop(multipliers)
            for _ in 0..<stop { _ = try first.step() }
            try RunFolder(path).save(first, header, ResumeTests.files())
        }
        let second = try Self.loop(multipliers)
        #expect(
            try RunFolder(path)
                .restoreNewest(into: second, recipe: header, warn: { _ in }) == stop
        )
        while !second.isDone { _ = try second.step() }
        #expect(try SmallModel.digest(second) == SmallModel.digest(whole))
    }

    /// Prevents bridges to the image tower from changing a single answer in words.
    @Test("With the text tower and the parents' head frozen, the logits of text stay bit for bit")
    func theTextTowerStays() throws {
        let towers = (SmallModel.config, SmallModel.config)
        let config = CrossConfig(
            text: towers.0,
            image: towers.1,
            bridges: CrossConfig.bridges(every: 1, .toImage, text: 2, image: 2),
            norms: .own,
            head: .concatenated,
            embeddings: .perTower
        )
        let (model, store) = try withTorchErrors {
            try ParameterStore.build(from: InitializationSource(seed: 5)) {
                try CrossDecoder(config, $0)
            }
        }
        // As fused: image rows read the image tower, all others the text tower.
        for row in 0..<SmallSpace.space.count {
            let half = SmallSpace.space.image.contains(row) ? 0..<32 : 32..<64
            model.head.blocks[0].weight.detached().narrowed(0, row..<row + 1).narrowed(1, half)
                .copy(from: .zeros([1]))
        }
        let loop = try Self.loop(
            ["towers.text": 0, "lm_head[parent]": 0],
            learningRate: 1e-2,
            (model, store)
        )
        let text = SmallSpace.space.text.ranges.joined().map { $0 }
        func logits() throws -> [[Float]] {
            let floats = try withTorchErrors {
                try withoutGradients { try model.logits(Tensor(text, [1, text.count])).floats() }
            }
            let count = SmallSpace.space.count
            return text.indices.map { Array(floats[$0 * count..<($0 + 1) * count]) }
        }
        let before = try logits()
        while !loop.isDone { _ = try loop.step() }
        let after = try logits()
        for (old, new) in zip(before, after) {
            for row in old.indices {
                let isText = SmallSpace.space.text.contains(row)
                #expect(!isText || old[row].bitPattern == new[row].bitPattern)
            }
            #expect(old[26..<42] != new[26..<42])
            #expect(old[Self.added] != new[Self.added])
        }
    }

    /// Prevents bridges, gates and the image tower's words from changing an answer without images.
    @Test("A text head of its own needs no more than a frozen text tower")
    func aTextHeadOfItsOwnStays() throws {
        let (model, store) = try Self.seeing()
        let loop = try Self.loop(["towers.text": 0], learningRate: 1e-2, (model, store))
        let seen = Array(26..<30) + Self.text
        let before = try Self.textLogits(model, Self.text)
        let beforeSeen = try Self.textLogits(model, seen)
        while !loop.isDone { _ = try loop.step() }
        #expect(try Self.textLogits(model, Self.text) == before)
        // With an image before, bridges and gates have learned something.
        #expect(try Self.textLogits(model, seen) != beforeSeen)
        let gates = store.parameters.filter {
            $0.spec.name.hasSuffix(".gate") || $0.spec.name.contains("head.gate")
        }
        #expect(gates.count == 6)
        for gate in gates {
            #expect(try withTorchErrors { try gate.tensor.floats() }.contains { $0 != 0 })
        }
    }

    /// Prevents that an alternative text is weighed as what follows an image.
    @Test("In an alternative text the towers' words have no weights to learn")
    func anAlternativeTextHasNoWeights() throws {
        let (model, store) = try Self.seeing(altText: 42)
        let frozen = ["towers": 0.0, "bridges": 0]
        let loop = try Self.loop(frozen, learningRate: 1e-2, (model, store))
        let (image, described) = (Array(26..<30), [42] + Self.text)
        let before = try Self.textLogits(model, image + described)
        let beforeSeen = try Self.textLogits(model, image + Self.text)
        while !loop.isDone { _ = try loop.step() }
        let after = try Self.textLogits(model, image + described)
        #expect(after[image.count...] == before[image.count...])
        #expect(try Self.textLogits(model, image + Self.text) != beforeSeen)
    }

    private static let text = SmallSpace.space.text.ranges.joined().map { $0 }

    /// A model that keeps its text parent.
    private static func seeing(altText: Int? = nil) throws -> (CrossDecoder, ParameterStore) {
        var config = CrossConfig(
            text: SmallModel.config,
            image: SmallModel.config,
            bridges: CrossConfig.bridges(every: 1, text: 2, image: 2),
            norms: .own,
            head: .seeing,
            embeddings: .perTower
        )
        (config.reads.text, config.attends.text, config.gate) = (.own, .foreign, .scalar)
        config.imageTokens = CrossConfig.ImageTokens(
            ranges: [26..<SmallSpace.space.count],
            codes: 26..<42,
            altText: altText
        )
        return try withTorchErrors {
            try ParameterStore.build(from: InitializationSource(seed: 5)) {
                try CrossDecoder(config, $0)
            }
        }
    }

    /// The bits of the logits of text tokens at each token.
    private static func textLogits(_ model: CrossDecoder, _ tokens: [Int]) throws -> [[UInt32]] {
        let floats = try withTorchErrors {
            try withoutGradients { try model.logits(TokenRows([tokens])).floats() }
        }
        let count = SmallSpace.space.count
        return tokens.indices.map { place in
            floats[place * count..<place * count + 26].map(\.bitPattern)
        }
    }

    @Test("A key that names no rows is refused in one line")
    func refusals() throws {
        func error(_ key: String, added: Range<Int> = Self.added) -> String? {
            #expect(throws: OptimizerError.self) { try Self.loop([key: 0], added: added) }?
                .description
        }
        #expect(
            error("lm_head[words]")
                == "the learning rate multiplier of \"lm_head[words]\" names \"words\", which is no "
                + "group of rows; groups are \"parent\", \"text\", \"image\", \"special\", \"added\""
        )
        #expect(
            error("model.layers[text]")
                == "the learning rate multiplier of \"model.layers[text]\" is of rows, but no table "
                + "or head has such a name; there are \"model.embed_tokens.weight\", "
                + "\"lm_head.weight\""
        )
        #expect(
            error("lm_head[added]", added: 0..<0)
                == "the learning rate multiplier of \"lm_head[added]\" names no rows: the model has "
                + "none of the group \"added\"; leave it out"
        )
        #expect(
            TableRows(SmallSpace.space, vocabularySize: SmallSpace.space.count).hasRows(
                of: .text,
                in: ParameterSpec(name: Self.head, shape: [SmallSpace.space.count, 8], role: .head)
            )
        )
        // The joint head of a model whose text tokens have one of their own has the last rows alone.
        let last = ParameterSpec(name: Self.head, shape: [20, 8], role: .head)
        let tables = TableRows(SmallSpace.space, vocabularySize: SmallSpace.space.count)
        #expect(!tables.hasRows(of: .text, in: last) && tables.hasRows(of: .special, in: last))
        #expect(error("bridges[text]")?.hasPrefix("no weight has a name") == true)
        #expect(error("lm_head[]")?.contains("names \"\",") == true)
    }
}
