internal import Basics
internal import Layers

extension Activation {
    /// The names of activations in `transformers` that have others beside ``rawValue``.
    private static let otherNames: [String: Activation] = [
        "swish": .silu, "gelu_python": .gelu, "gelu_new": .geluTanh, "gelu_fast": .geluTanh,
    ]

    /// Reads the activation `key` by any of its names.
    static func read(_ reader: JSONReader, _ key: String, default fallback: Activation)
        throws(JSONFieldError) -> Activation
    {
        let name = try reader.string(key, default: fallback.rawValue)
        if let activation = otherNames[name] { return activation }
        return try reader.choice(key, default: fallback)
    }
}
