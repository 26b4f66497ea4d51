/// A plain background; captions name it.
package enum Background: String, Sendable, CaseIterable {
    case white, black, gray, red, orange, yellow, green, blue, purple, pink

    package var color: SIMD3<UInt8> {
        switch self {
        case .white: [255, 255, 255]
        case .black: [16, 16, 16]
        case .gray: [158, 158, 158]
        case .red: [214, 48, 49]
        case .orange: [255, 152, 32]
        case .yellow: [255, 221, 64]
        case .green: [56, 158, 72]
        case .blue: [48, 110, 214]
        case .purple: [126, 70, 172]
        case .pink: [255, 168, 196]
        }
    }
}
