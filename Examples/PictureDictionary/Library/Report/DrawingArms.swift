import Documents
import Generating
import Retrieving
import Vision

/// What a drawing report compares.
struct DrawingArms {
    let painter: ScenePainter
    let seed: UInt64

    /// Guidance and CD-K, alternating in the last arm (CM3Leon, section 2.4).
    func guidances(_ model: DictionaryModel) -> [EvaluationArm] {
        let guidances: [[Guidance]] =
            [1, 2, 3, 5].map { [.classifierFree($0)] }
            + [
                [.contrastive(k: 1, alpha: 0.1)], [.contrastive(k: 2, alpha: 0.5)],
                [.contrastive(k: 5, alpha: 0.1)], mix,
            ]
        return guidances.map { .captioned(model, $0, seed: seed) }
    }

    private let mix = [Guidance.usual, .contrastive(k: 1, alpha: 0.1)]

    func reranking(_ model: DictionaryModel, _ embedder: CLIPEmbedder) -> [EvaluationArm] {
        [[.classifierFree(1)], [.usual], [mix[1]], mix].map {
            .captioned(model, $0, seed: seed, rerankedBy: embedder)
        }
    }

    func inpainting(_ model: DictionaryModel) -> [EvaluationArm] {
        EvaluationArm.Mask.allCases.flatMap { mask in
            [.empty(mask, painter)]
                + [1, 2].map { .inpainted(model, mask, painter, .classifierFree($0), seed: seed) }
        }
    }

    func retrieval(
        _ model: DictionaryModel,
        _ retriever: Retriever<CLIPEmbedder>
    ) -> [EvaluationArm] {
        func arm(_ count: Int, _ guidance: Guidance, _ embedder: CLIPEmbedder?) -> EvaluationArm {
            .captioned(
                model,
                [guidance],
                seed: seed,
                label: "\(count) retrieved, \(guidance.summary)",
                after: count == 0
                    ? nil : { try retriever.retrieve(count, for: $0).map(retriever.documents) },
                rerankedBy: embedder
            )
        }
        return [.classifierFree(1), .usual].flatMap { guidance in
            (0...2).map { arm($0, guidance, nil) }
        }
            + [0, 2].map { arm($0, .usual, retriever.embedder) }
    }
}
