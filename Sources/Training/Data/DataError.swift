package import Basics
internal import Documents
internal import Vocabulary

/// Why documents cannot be trained on.
package enum DataError: UserError, Equatable {
    case noSources
    case empty(source: String)
    /// A source has no more documents than are to be held out.
    case tooFew(source: String, found: Int, heldOut: Int)
    /// There are fewer captioned images than a batch and the held-out ones need.
    case tooFewPairs(source: String, found: Int, expected: Int)
    /// All documents of a bank are too similar to be retrieved.
    case nothingNear(source: String)
    /// The model's context is too short for an objective.
    case context(source: String, length: Int)
    /// A weight is not a positive number.
    case weight(source: String, found: Double)
    /// An objective needs a special token that the vocabulary lacks.
    case specialToken(source: String, spelling: String)
    /// A document has no token that its objective trains on.
    case nothingToLearn(source: String, document: Int)
    /// A token is not in the vocabulary of the model.
    case token(source: String, document: Int, found: Int, count: Int)
    /// Only a tower's vocabulary can be replaced.
    case transplant(path: String)
    /// A saved position belongs to other data.
    case position(sources: Int, expected: Int)
    /// The documents of a source are not those that a run began with.
    case changed(source: String)

    package var kind: ErrorKind {
        switch self {
        case .noSources, .tooFew, .tooFewPairs, .nothingNear, .context, .weight, .specialToken,
            .transplant, .position, .changed:
            .invalidConfiguration
        case .empty, .nothingToLearn, .token: .malformedInput
        }
    }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .noSources: "there is no data to train on; name at least one source"
        case .empty(let source): "\(source): there are no documents"
        case .tooFew(let source, let found, let heldOut):
            found == 0
                ? "\(source): there are no documents"
                : "\(source): there are \(found) documents, and held_out is \(heldOut); lower held_out"
        case .tooFewPairs(let source, let found, let expected):
            "\(source): there are \(found) images with a text; batch and held_out need \(expected); "
                + "lower one of them"
        case .nothingNear(let source):
            "\(source): all documents of the bank are more similar than relevance_limit allows; "
                + "1 allows all"
        case .context(let source, let length):
            "\(source): the model's context of \(length) tokens is too short for this objective"
        case .weight(let source, let found):
            "\(source): the weight is \(found); a number above zero is expected"
        case .specialToken(let source, let spelling):
            "\(source): the objective needs the token \(spelling), which the tokenizer lacks"
        case .nothingToLearn(let source, let document):
            "\(source): document \(document + 1) has nothing that its objective trains on; "
                + "\"instruct\" needs conversations in which the assistant speaks"
        case .token(let source, let document, let found, let count):
            "\(source): document \(document + 1) has the token \(found); "
                + "the vocabulary has 0 to \(count - 1)"
        case .transplant(let path):
            "\(path): has two towers; transplant takes the model of one, before it is fused"
        case .position(let sources, let expected):
            "the saved position has \(sources) sources, the data \(expected); "
                + "resume with the data that the run started with"
        case .changed(let source):
            "\(source): the documents, or their tokens, are not those that the run began with; put "
                + "those back, or begin a new run"
        }
    }
}

extension ExampleSource {
    /// Makes sure that every document can be trained on.
    func check(in space: TokenSpace) throws(DataError) {
        guard !sequences.isEmpty else { throw .empty(source: name) }
        guard weight > 0, weight.isFinite else { throw .weight(source: name, found: weight) }
        if let specialToken = objective.missingSpecialToken(in: space) {
            throw .specialToken(source: name, spelling: specialToken.spelling)
        }
        for (index, sequence) in sequences.enumerated() {
            if let wrong = sequence.tokens.first(where: { !(0..<space.count).contains($0) }) {
                throw .token(source: name, document: index, found: wrong, count: space.count)
            }
            let isTrainable: Bool
            switch objective {
            case .causal, .cm3: isTrainable = sequence.tokens.count > 1
            case .instruct: isTrainable = !sequence.answers.isEmpty
            }
            guard isTrainable else { throw .nothingToLearn(source: name, document: index) }
        }
    }
}
