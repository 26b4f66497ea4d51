package import Basics
package import Documents

/// Tasks on images and texts as conversations, for supervised fine-tuning (CM3Leon, section 4).
///
/// A task states which parts its documents have, and templates of conversations about them:
/// ```yaml
/// editing:
///   parts: [image, text, image]
///   templates:
///     - [user: "{image 1} {text}", assistant: "{image 2}"]
/// ```
/// The last turn of a template is the assistant's. `{{` and `}}` are braces.
package struct TaskTemplates: Sendable, Equatable {
    package let tasks: [String: TaskTemplate]
    private let source: String

    /// - Throws: `FileError`, ``RecipeError`` and `JSONFieldError`, which names the member.
    package init(contentsOf path: String) throws {
        try self.init(YAML.json(contentsOf: path, overrides: []), source: path)
    }

    package init(_ json: JSON, source: String) throws {
        guard case .object(let object) = json else { throw RecipeError.notMapping(source: source) }
        let reader = try JSONReader(json, source: source)
        var tasks: [String: TaskTemplate] = [:]
        for name in object.keys { tasks[name] = try TaskTemplate(reader.nested(name)) }
        try reader.finish()
        self.tasks = tasks
        self.source = source
    }

    /// - Throws: ``TaskError`` if there is no such task.
    package subscript(name: String) -> TaskTemplate {
        get throws(TaskError) {
            guard let task = tasks[name] else {
                throw .unknownTask(source: source, name: name, known: tasks.keys.sorted())
            }
            return task
        }
    }
}

/// A task: the parts of its documents, and templates of conversations.
package struct TaskTemplate: Sendable, Equatable {
    package enum Part: String, Sendable, CaseIterable {
        case text
        case image
    }

    /// A conversation with placeholders.
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

    /// The parts of each document, in order.
    package let parts: [Part]
    let conversations: [Conversation]

    /// Fills a random template with the segments of a document, which messages call `place`.
    ///
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
                let words = text.trimmed
                if !words.isEmpty { segments.append(.text(words, role: turn.role)) }
                text = ""
            }
            for piece in turn.pieces {
                switch piece {
                case .words(let words): text += words
                case .part(let index):
                    switch document.segments[index].content {
                    case .text(let words): text += words
                    case .image:
                        close()
                        var segment = document.segments[index]
                        segment.role = turn.role
                        segments.append(segment)
                    }
                }
            }
            close()
        }
        return Document(segments)
    }
}

/// Why a document does not fit a task.
package enum TaskError: UserError, Equatable {
    case unknownTask(source: String, name: String, known: [String])
    case blank(place: String, found: String)
    case parts(place: String, found: [TaskTemplate.Part], expected: [TaskTemplate.Part])

    package var kind: ErrorKind {
        switch self {
        case .unknownTask: .invalidSetting
        case .blank, .parts: .malformedInput
        }
    }

    package var description: String {
        switch self {
        case .unknownTask(let source, let name, let known):
            "\(source): there is no task \(name.quoted()); there are "
                + (known.isEmpty ? "none" : known.map { $0.quoted() }.joined(separator: ", "))
        case .blank(let place, let found):
            "\(place): the text \(found.quoted()) is blank; the texts of a task must not be"
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
