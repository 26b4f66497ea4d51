package import Basics
package import Documents

/// Tasks of images and texts as conversations, for supervised tuning (CM3Leon, section 4): what is
/// said stands in a YAML file, not in code.
///
/// A task states which parts its documents have and how they may be put into words:
/// ```yaml
/// editing:
///   parts: [image, text, image]
///   templates:
///     - [user: "{image 1} {text}", assistant: "{image 2}"]
/// ```
/// A template is a list of turns, the last one the assistant's. `{{` and `}}` stand for braces.
package struct TaskTemplates: Sendable, Equatable {
    /// The tasks by name.
    package let tasks: [String: TaskTemplate]
    private let source: String

    /// Reads a file of tasks.
    ///
    /// - Throws: `FileError`, ``RecipeError`` and `JSONFieldError`, which names the member.
    package init(contentsOf path: String) throws {
        try self.init(YAML.json(contentsOf: path, overrides: []), source: path)
    }

    /// Reads tasks; every placeholder must be a part.
    package init(_ json: JSON, source: String) throws {
        guard case .object(let object) = json else { throw RecipeError.notMapping(source: source) }
        let reader = try JSONReader(json, source: source)
        var tasks: [String: TaskTemplate] = [:]
        for name in object.keys { tasks[name] = try TaskTemplate(reader.nested(name)) }
        try reader.finish()
        self.tasks = tasks
        self.source = source
    }

    /// The task of a name.
    ///
    /// - Throws: ``TaskError`` if there is none.
    package subscript(name: String) -> TaskTemplate {
        get throws(TaskError) {
            guard let task = tasks[name] else {
                throw .unknownTask(source: source, name: name, known: tasks.keys.sorted())
            }
            return task
        }
    }
}

/// One task: the parts of its documents, and conversations with places for them.
package struct TaskTemplate: Sendable, Equatable {
    /// What a part is.
    package enum Part: String, Sendable, CaseIterable {
        case text
        case image
    }

    /// A conversation with places for parts.
    struct Conversation: Sendable, Equatable {
        enum Piece: Sendable, Equatable {
            case words(String)
            /// The part with this index.
            case part(Int)
        }

        var turns: [(role: Role, pieces: [Piece])]

        static func == (left: Conversation, right: Conversation) -> Bool {
            left.turns.elementsEqual(right.turns) {
                $0.role == $1.role && $0.pieces == $1.pieces
            }
        }
    }

    /// The parts that each document has, in order.
    package let parts: [Part]
    let conversations: [Conversation]

    /// A conversation about the parts of a document, its wording drawn from the templates.
    ///
    /// Neighbouring words and texts are one text.
    /// - Parameters:
    ///   - document: its segments are the parts.
    ///   - place: what messages call the document.
    ///   - random: draws the wording.
    /// - Returns: what the roles say and show.
    /// - Throws: ``TaskError`` if the document has other parts.
    package func conversation(
        about document: Document,
        at place: @autoclosure () -> String,
        using random: inout SeededGenerator
    ) throws(TaskError) -> Document {
        let found = document.segments.map { segment -> Part in
            if case .image = segment.content { .image } else { .text }
        }
        guard found == parts else {
            throw .parts(place: place(), found: found, expected: parts)
        }
        if let blank = document.texts.first(where: \.isBlank) {
            throw .blank(place: place(), found: blank)
        }
        let chosen = conversations[Int.random(in: conversations.indices, using: &random)]
        var segments: [Segment] = []
        for turn in chosen.turns {
            var text = ""
            func close() {
                let words = text.trimmingBlanks
                if !words.isEmpty { segments.append(.text(words, role: turn.role)) }
                text = ""
            }
            for piece in turn.pieces {
                switch piece {
                case .words(let words): text += words
                case .part(let index):
                    switch document.segments[index].content {
                    case .text(let words): text += words
                    case .image(let image):
                        close()
                        segments.append(.image(image, role: turn.role))
                    }
                }
            }
            close()
        }
        return Document(segments)
    }
}

/// Why documents cannot become conversations of a task.
package enum TaskError: UserError, Equatable {
    /// The file has no such task.
    case unknownTask(source: String, name: String, known: [String])
    /// A text of a document says nothing.
    case blank(place: String, found: String)
    /// A document has other parts than its task.
    case parts(place: String, found: [TaskTemplate.Part], expected: [TaskTemplate.Part])

    package var kind: ErrorKind {
        switch self {
        case .unknownTask: .invalidSetting
        case .blank, .parts: .malformedInput
        }
    }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .unknownTask(let source, let name, let known):
            "\(source): there is no task \(name.quoted()); there are "
                + (known.isEmpty ? "none" : known.map { $0.quoted() }.joined(separator: ", "))
        case .blank(let place, let found):
            "\(place): the text \(found.quoted()) is blank; every text of a task says something"
        case .parts(let place, let found, let expected):
            "\(place): has \(found.sentence); the task expects \(expected.sentence)"
        }
    }
}

extension [TaskTemplate.Part] {
    fileprivate var sentence: String {
        isEmpty ? "no parts" : map(\.rawValue).joined(separator: ", ")
    }
}

extension String {
    fileprivate var trimmingBlanks: String {
        let start = drop(while: \.isWhitespace)
        let blanks = start.reversed().prefix(while: \.isWhitespace).count
        return String(start.dropLast(blanks))
    }
}
