import Foundation
import Jam
import JamTesting
import Testing

/// The facade as a package that imports it sees it: no `package` access is used here.
@Suite struct ModelTests {
    private static let models = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "models/dictionary").path

    private static func options(seed: UInt64 = 3) -> AnswerOptions {
        var options = AnswerOptions(seed: seed)
        options.imageCount = 1...1
        options.maximumTextTokens = 12
        return options
    }

    // Prevents: a stream that tells another story than the finished answer.
    @Test("The events of an answer add up to the finished answer")
    func eventsAddUp() async throws {
        let model = try await Model(contentsOf: Self.models + "/answers")
        var (text, images, progress) = ("", [Image](), [Int]())
        var finished: Answer?
        for try await event in model.answer("What is a cat?", options: Self.options()) {
            #expect(finished == nil)
            switch event {
            case .text(let delta): text += delta
            case .image(let image): images.append(image)
            case .imageProgress(let count, let total):
                progress.append(count)
                #expect(total == 64)
            case .altText: Issue.record("this model has no token for it")
            case .partialImage: Issue.record("nobody asked for it")
            case .finished(let answer): finished = answer
            }
        }
        let answer = try #require(finished)
        #expect(answer.document.texts.joined() == text)
        #expect(answer.document.images == images && images.count == 1)
        #expect(progress == Array(0...64))
        #expect(answer.finishReason != .cancelled)
        let again = try await model.answer("What is a cat?", options: Self.options()).finished()
        #expect(again.document == answer.document && again.codes == answer.codes)
    }

    // Prevents: a caller that promises an answer and then cannot give it.
    @Test("An answer that is begun is one; what is wrong with a prompt is told before")
    func begins() async throws {
        let model = try await Model(contentsOf: Self.models + "/answers")
        let prompt = Document([.text("What is a cat?", role: .user)])
        let begun = try await model.begin(prompt, options: Self.options()).finished()
        let answer = try await model.answer(prompt, options: Self.options()).finished()
        #expect(begun.document == answer.document)
        let long = Document([.text(String(repeating: "a ", count: 2000))])
        let error = await #expect(throws: JamError.self) { try await model.begin(long) }
        #expect(error?.kind == .malformedInput)
        let image = try #require(answer.document.images.first)
        let region = try #require(ImageRegion(x: 0, y: 0, width: 8, height: 8))
        let drawn = try await model.begin(Inpainting(image, region, caption: "a cat")).finished()
        #expect(drawn.document.images.count == 1)
        let outside = try #require(ImageRegion(x: 99, y: 0, width: 1, height: 1))
        let refused = await #expect(throws: JamError.self) {
            try await model.begin(Inpainting(image, outside, caption: "a cat"))
        }
        #expect(refused?.kind == .invalidSetting)
    }

    // Prevents: answers that depend on what else is being answered, in the last bit of a sum.
    @Test("Answers asked for by several tasks are those of single calls")
    func answersDoNotDependOnCompany() async throws {
        let model = try await Model(contentsOf: Self.models + "/answers", maximumBatchSize: 4)
        var asked: [(question: String, options: AnswerOptions)] = []
        for (index, question) in ["What is a cat?", "Draw a dog.", "Draw a small house."]
            .enumerated()
        {
            var options = Self.options(seed: UInt64(index))
            options.guidance = [.usual, .off, .contrastive(k: 4, alpha: 0.1)][index]
            asked.append((question, options))
            options.guidance = [.classifierFree(3), .editing(text: 2, image: 1), .usual][index]
            options.imageCount = [0...0, 2...2, 1...1][index]
            options.maximumTextTokens = 40
            options.text = .sampled(temperature: 1.5, topP: 1)
            options.guidancePlausibility = 0
            asked.append((question, options))
        }
        var alone: [Answer] = []
        for (question, options) in asked {
            alone.append(try await model.answer(question, options: options).finished())
        }
        let together = try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            for (index, (question, options)) in asked.enumerated() {
                group.addTask {
                    // Some join while others are in the middle.
                    try await Task.sleep(for: .milliseconds(70 * index))
                    return (index, try await model.answer(question, options: options).finished())
                }
            }
            return try await group.reduce(into: [Int: Answer]()) { $0[$1.0] = $1.1 }
        }
        for (index, answer) in alone.enumerated() {
            #expect(together[index]?.document == answer.document, "\(asked[index].question)")
            #expect(together[index]?.codes == answer.codes)
        }
    }

    // Prevents: a conversation that depends on what the model remembers, in the last bit of a sum.
    @Test("A later turn reads what is new only, and is what it is when all is read")
    func laterTurns() async throws {
        let models = [Self.models + "/answers", Self.models + "/../jam-smollm2"]
        for folder in models where (try? await Model(contentsOf: folder)) != nil {
            let remembering = try await Model(contentsOf: folder)
            let forgetful = try await Model(contentsOf: folder, prefixCacheBytes: 0)
            var options = Self.options(seed: 5)
            options.maximumTextTokens = 40
            options.text = .sampled(temperature: 1.2, topP: 1)
            options.imageCount = 0...1
            var turns: [Segment] = []
            for question in ["What is a cat?", "Is it small?", "Draw a dog.", "And a house?"] {
                turns.append(.text(question, role: .user))
                let answer = try await remembering.answer(Document(turns), options: options)
                    .finished()
                let whole = try await forgetful.answer(Document(turns), options: options)
                    .finished()
                #expect(answer.document == whole.document && answer.codes == whole.codes)
                #expect(whole.counts.cachedPrompt == 0)
                #expect((answer.counts.cachedPrompt > 0) == (turns.count > 1))
                turns += answer.document.segments
            }
        }
    }

    // Prevents: links of shipped models that lead nowhere, as after a move.
    @Test("The image tokenizers of all shipped models are there")
    func imageTokenizersAreThere() {
        let models = URL(filePath: Self.models).deletingLastPathComponent()
        for name in ["book/image", "jam-smollm2", "dictionary/image", "dictionary/answers"] {
            let weights = models.appending(path: name + "/image_tokenizer/model.safetensors").path
            #expect(FileManager.default.fileExists(atPath: weights), "\(name)")
        }
    }

    // Prevents: a generation that goes on for nobody.
    @Test("Cancelling ends the generation within one token, and frees the model")
    func cancelling() async throws {
        let model = try await Model(contentsOf: Self.models + "/answers")
        var options = AnswerOptions(seed: 1)
        options.imageCount = 4...4
        let (long, counts) = (options, Counter())
        let task = Task {
            for try await event in model.answer("Draw four cats.", options: long) {
                if case .imageProgress = event { counts.add() }
                if counts.value == 3 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        _ = await task.result
        // The model is free for the next question.
        let answer = try await model.answer("What is a cat?", options: Self.options()).finished()
        #expect(answer.document.images.count == 1)
        #expect(counts.value < 260, "four images have 260 events")
    }

    // Prevents: errors that a caller cannot tell apart, or that speak of a command line.
    @Test("Mistakes are errors of one type, with their kind")
    func mistakes() async throws {
        let missing = await #expect(throws: JamError.self) {
            _ = try await Model(contentsOf: "/nowhere")
        }
        #expect(missing?.kind == .notFound)
        let model = try await Model(contentsOf: Self.models + "/text")
        var options = AnswerOptions()
        options.text = .sampled(temperature: -1, topP: 1)
        let setting = await #expect(throws: JamError.self) {
            _ = try await model.answer("Hello", options: options).finished()
        }
        #expect(setting?.kind == .invalidSetting)
        #expect(
            setting?.description == "temperature -1.0: expected 0, or a number from 0.01 to 100"
        )
        options = AnswerOptions()
        options.imageCount = 1...1
        let images = await #expect(throws: JamError.self) {
            _ = try await model.answer(Document([.text("a")]), options: options).finished()
        }
        #expect(images?.kind == .invalidConfiguration)
    }

    // Prevents: an evaluation that differs by how documents are put together.
    @Test("Evaluations of parts add up to that of the whole")
    func evaluations() async throws {
        let model = try await Model(contentsOf: Self.models + "/text")
        let documents = ["A cat is an animal.", "A volcano is a mountain."].map {
            Document([.text($0)])
        }
        let whole = try await model.evaluate(documents)
        var parts = Evaluation()
        for document in documents { parts.add(try await model.evaluate([document])) }
        let (a, b) = (try #require(whole.textLoss), try #require(parts.textLoss))
        #expect(abs(a - b) < 1e-4)
        #expect(whole.imageLoss == nil)
        #expect(try #require(whole.textPerplexity) > 1)
    }
}

/// A count that several tasks can add to.
final class Counter: @unchecked Sendable {  // All access is under the lock.
    private let lock = NSLock()
    private var count = 0

    func add() { lock.withLock { count += 1 } }
    var value: Int { lock.withLock { count } }
}
