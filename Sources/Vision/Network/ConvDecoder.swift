internal import Layers
internal import Tensors

/// Code vectors → pixels; as in the encoder, only the residual branches have norms.
struct ConvDecoder {
    /// The blocks at one resolution, and the convolution after the upsampling that follows them.
    private struct Stage {
        let blocks: [ResidualBlock]
        let upsample: Convolution?
    }

    private let patchSize: Int
    private let input: Convolution
    /// From the coarsest grid to the finest.
    private let stages: [Stage]
    private let output: Convolution

    init(_ config: ConvVQConfig, _ scope: ParameterScope) throws {
        patchSize = config.patchSize
        let sizes = config.decoder
        input = try Convolution(config.codeWidth, sizes[sizes.count - 1].channels, scope / "input")
        stages = try sizes.indices.reversed().map { index in
            let scope = scope / "stages" / index
            let channels = sizes[index].channels
            return Stage(
                blocks: try (0..<sizes[index].blocks).map {
                    try ResidualBlock(
                        channels,
                        channels,
                        groups: config.normGroups,
                        scope / "blocks" / $0
                    )
                },
                upsample: index == 0
                    ? nil
                    : try Convolution(channels, sizes[index - 1].channels, scope / "upsample")
            )
        }
        output = try Convolution(sizes[0].channels, 3 * patchSize * patchSize, scope / "output")
    }

    /// Code vectors [B, grid, grid, code width] → pixels [B, H, W, 3], about -1 to 1.
    func callAsFunction(_ vectors: Tensor) -> Tensor {
        var x = input(vectors.permuted([0, 3, 1, 2]))
        for stage in stages {
            for block in stage.blocks { x = block(x) }
            if let upsample = stage.upsample { x = upsample(x.upsampled(by: 2)) }
        }
        return output(x).unfoldingPixels(patchSize)
    }
}
