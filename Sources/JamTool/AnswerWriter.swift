import ArgumentParser
import Basics
import Foundation
import Jam
import ToolSupport

/// Where answers go, by the ending of the name; checked before the work begins.
struct AnswerWriter {
    private enum Format {
        case html, markdown, json, png, folder
    }

    let path: String
    private let format: Format

    init(_ path: String, answerCount: Int) throws {
        self.path = path
        let url = URL(filePath: path)
        switch url.pathExtension.lowercased() {
        case "html": format = .html
        case "md": format = .markdown
        case "json": format = .json
        case "png":
            guard answerCount == 1 else {
                throw ValidationError("--output \(path) holds one image; name a folder instead")
            }
            format = .png
        case "": format = .folder
        case let other:
            throw ValidationError(
                "--output ends in .\(other); .html, .md, .json, .png or a folder is expected"
            )
        }
        // Neither leaves anything behind.
        if format == .folder { _ = try OutputFolder(at: path) } else { _ = try AtomicFile(path) }
    }

    func write(_ answers: [Answer], to questions: [Document]) throws {
        let conversations = zip(questions, answers).map {
            Document($0.segments + $1.document.segments)
        }
        switch format {
        case .html:
            let page = HTMLRenderer().render(
                conversations,
                title: "jam",
                subtitle: answers.summary
            )
            try AtomicFile.write(page, to: path)
        case .json: try AtomicFile.write(answers.json.text(.indented) + "\n", to: path)
        case .markdown:
            let texts = conversations.map { $0.markdown() }
            try AtomicFile.write(texts.joined(separator: "\n---\n\n"), to: path)
        case .png:
            let images = answers[0].document.images
            guard let image = images.first else { throw AnswerError.noImage(path: path) }
            try Self.write(image, answers[0], to: path)
            if images.count > 1 {
                Console.report(
                    "warning: \(path) has the first of \(images.count) images; a folder, "
                        + "--output NAME, has all"
                )
            }
        case .folder:
            let folder = try OutputFolder(at: path)
            let images = answers.flatMap { answer in
                answer.document.images.map { (answer, $0) }
            }
            for (index, (answer, image)) in images.enumerated() {
                try Self.write(image, answer, to: folder.file("\(index).png"))
            }
            try AtomicFile.write(
                answers.json.text(.indented) + "\n",
                to: folder.file("answers.json")
            )
            try folder.commit()
        }
    }

    private static func write(_ image: Image, _ answer: Answer, to path: String) throws {
        let bytes = image.png(comments: [("Software", "jam"), ("seed", "\(answer.seed)")])
        try AtomicFile.write(bytes, to: path)
    }
}

/// Why an answer cannot be written in the form that was asked for.
enum AnswerError: UserError {
    case noImage(path: String)

    var kind: ErrorKind { .malformedInput }

    var description: String {
        switch self {
        case .noImage(let path):
            "the answer has no image for \(path); ask for one by --images 1"
        }
    }
}
