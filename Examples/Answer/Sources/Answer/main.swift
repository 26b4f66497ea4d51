import Jam

let model = try await Model(contentsOf: "models/dictionary/answers")
for try await event in model.answer("What is a volcano?") {
    switch event {
    case .text(let text): print(text, terminator: "")
    case .image(let image): try image.write(to: "volcano.png")
    case .altText, .imageProgress, .partialImage, .finished: break
    }
}
