internal import Documents
package import Generating
package import Models
package import Retrieving
package import Vision

extension DrawingReport {
    static func contrasts(_ generator: MultimodalModel, _ seed: UInt64) -> [EvaluationArm] {
        let contrasts: [[Guidance]] =
            [1, 2, 3, 5].map { [.classifierFree($0)] }
            + [
                [.contrastive(k: 1, alpha: 0.1)], [.contrastive(k: 2, alpha: 0.5)],
                [.contrastive(k: 5, alpha: 0.1)], mix,
            ]
        return contrasts.map { .drawn(by: generator, $0, seed: seed) }
    }

    /// Half with guidance and half by contrastive decoding (CM3Leon, section 2.4).
    private static let mix = [Guidance.usual, .contrastive(k: 1, alpha: 0.1)]

    static func choices(
        _ embedder: CLIPEmbedder?,
        _ generator: MultimodalModel,
        _ seed: UInt64
    ) -> [EvaluationArm] {
        guard let embedder else { return [] }
        return [[.classifierFree(1)], [.usual], [mix[1]], mix].map {
            .chosen(by: embedder, of: candidateCount, by: generator, $0, seed: seed)
        }
    }

    static func holes(_ generator: MultimodalModel, _ painter: ScenePainter, _ seed: UInt64)
        -> [EvaluationArm]
    {
        EvaluationArm.Hole.allCases.flatMap { hole in
            [EvaluationArm.empty(hole, painter)]
                + [Guidance.classifierFree(1), .classifierFree(2)].map {
                    .inpainted(by: generator, hole, painter, $0, seed: seed)
                }
        }
    }

    /// How many images CLIP chooses from.
    static let candidateCount = 4

    static func recollections(_ recalling: Recalling?, _ seed: UInt64) -> [EvaluationArm] {
        guard let recalling else { return [] }
        let (generator, retriever) = (recalling.generator, recalling.retriever)
        func retrieval(_ count: Int) -> (([Document]) throws -> [[Document]])? {
            guard count > 0 else { return nil }
            return { try retriever.retrieve(count, for: $0).map(retriever.documents) }
        }
        func label(_ count: Int, _ contrast: Guidance) -> String {
            "\(count) retrieved, \(contrast.summary)"
        }
        let plain = [Guidance.classifierFree(1), .usual].flatMap { contrast in
            (0...2).map { count in
                EvaluationArm.drawn(
                    by: generator,
                    [contrast],
                    seed: seed,
                    labelled: label(count, contrast),
                    behind: retrieval(count)
                )
            }
        }
        let chosen = [0, 2].map { count in
            EvaluationArm.chosen(
                by: retriever.embedder,
                of: candidateCount,
                by: generator,
                [.usual],
                seed: seed,
                labelled: label(count, .usual),
                behind: retrieval(count)
            )
        }
        return plain + chosen
    }

    /// A model that was trained with retrieval, and what it retrieves from.
    package struct Recalling {
        let generator: MultimodalModel
        let retriever: Retriever<CLIPEmbedder>

        /// Joins them.
        package init(_ generator: MultimodalModel, _ retriever: Retriever<CLIPEmbedder>) {
            self.generator = generator
            self.retriever = retriever
        }
    }
}
