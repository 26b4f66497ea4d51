/// Small integers in 32-bit ones, as compressed-tensors' format "pack-quantized" has them, with a scale
/// for each row and group of columns: value = integer × scale.
///
/// A weight `X` [rows, columns] is stored as `X_packed` of type I32 [rows, columns · bits / 32], from the
/// lowest bits up, each integer plus half of the numbers that its bits have; `X_scale` of floats [rows,
/// columns / group size]; and `X_shape` of type I64 [2]. Its bits are 4 or 8.
enum PackedIntegers {
    static let suffix = "_packed"

    static func packedName(of name: String) -> String { name + suffix }
    static func scaleName(of name: String) -> String { name + "_scale" }
    static func shapeName(of name: String) -> String { name + "_shape" }
}
