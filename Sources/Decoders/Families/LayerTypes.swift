internal import Basics

/// The member `layer_types`: which layers attend to all positions and which have a window.
enum LayerTypes {
    static let key = "layer_types"
    private static let full = "full_attention"
    private static let windowed = "sliding_attention"
    static let known = [full, windowed]

    /// The layers that attend to all positions; `nil` if the member is missing.
    static func fullLayers(_ reader: JSONReader, layers: Int) throws(JSONFieldError) -> Set<Int>? {
        guard reader.has(key) else { return nil }
        let types = try reader.strings(key)
        guard types.count == layers, types.allSatisfy(known.contains) else {
            throw reader.failure(
                key,
                "\(layers) layers are expected, each \"\(full)\" or \"\(windowed)\""
            )
        }
        return Set(types.indices.filter { types[$0] == full })
    }

    static func json(_ window: SlidingWindow?, layers: Int) -> JSON {
        let fullLayers = window?.fullLayers ?? Set(0..<layers)
        return .array((0..<layers).map { .string(fullLayers.contains($0) ? full : windowed) })
    }
}
