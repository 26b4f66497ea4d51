internal import Checkpoints

/// The weights of a source with a name prefix, which is removed.
struct PrefixedWeights: WeightSource {
    let prefix: String
    let names: [String]
    private let source: any WeightSource

    init(_ source: any WeightSource, prefix: String) {
        self.source = source
        self.prefix = prefix
        names = source.names.filter { $0.hasPrefix(prefix) }.map {
            String($0.dropFirst(prefix.count))
        }
    }

    var path: String { source.path }

    func entry(_ name: String) -> WeightEntry? { source.entry(prefix + name) }

    func withBytes<Result>(
        of name: String,
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        try source.withBytes(of: prefix + name, body)
    }
}
