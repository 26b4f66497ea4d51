import ArgumentParser
import Foundation
import Jam

extension ChatSettings {
    /// A setting that can be changed.
    private struct Setting: Sendable {
        /// That of its option.
        let name: String
        /// Its value on the command line, if it has one there.
        let value: @Sendable (ChatSettings) -> String?
        /// What it is otherwise.
        var otherwise: String?
    }

    /// All settings, in the order of the command's help.
    private static let all = [
        Setting(name: "turns", value: { $0.turns.map(String.init) }, otherwise: "as many as fit"),
        Setting(name: "temperature") { "\($0.sampling.temperature)" },
        Setting(name: "top-p") { "\($0.sampling.topP)" },
        Setting(name: "image-temperature") { "\($0.sampling.imageTemperature)" },
        Setting(name: "image-top-p") { "\($0.sampling.imageTopP)" },
        Setting(
            name: "guidance",
            value: { $0.sampling.guidance.guidance.map { "\($0)" } },
            otherwise: "\(Guidance.usualScale)"
        ),
        Setting(
            name: "image-guidance",
            value: { $0.sampling.guidance.imageGuidance.map { "\($0)" } },
            otherwise: "none"
        ),
        Setting(name: "guidance-plausibility") { "\($0.sampling.guidance.guidancePlausibility)" },
        Setting(
            name: "contrastive",
            value: { $0.sampling.guidance.contrastive },
            otherwise: "none"
        ),
        Setting(name: "mix") { $0.sampling.guidance.mix ? "on" : "off" },
        Setting(name: "images") { $0.sampling.images },
        Setting(
            name: "image-size",
            value: { $0.sampling.imageSize },
            otherwise: "the model's own"
        ),
        Setting(name: "max-tokens") { "\($0.sampling.maxTokens)" },
        Setting(name: "seed") { $0.seeding.seed.map { "\($0)" } },
    ]

    /// The names of the settings.
    static var names: [String] { all.map(\.name) }

    /// The value of a setting as it is on the command line, `nil` if it is not there.
    ///
    /// - Throws: `ValidationError` if there is no such setting.
    func value(of name: String) throws -> String? {
        guard let setting = Self.all.first(where: { $0.name == name }) else {
            throw ValidationError("there is no setting \(name); /settings lists them")
        }
        return setting.value(self)
    }

    /// The settings in two columns, `seed` being that of the next answer.
    func table(seed: UInt64) -> String {
        let width = Self.names.map(\.count).max() ?? 0
        return Self.all.map { setting in
            var value = setting.value(self) ?? setting.otherwise ?? ""
            if setting.name == "seed" { value = "\(seed)" }
            // Contrastive decoding takes its place.
            if setting.name == "guidance", sampling.guidance.contrastive != nil,
                !sampling.guidance.mix
            {
                value = "none"
            }
            return setting.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + value
        }
        .joined(separator: "\n")
    }

    /// The settings with another value for one of them, or without it.
    ///
    /// - Throws: what the command line says of such a value.
    func changing(_ name: String, to value: String?) throws -> ChatSettings {
        _ = try self.value(of: name)
        let arguments = try Self.all.compactMap { setting -> String? in
            // What the table says where there is none.
            let new = value == setting.otherwise ? nil : value
            let value = setting.name == name ? new : setting.value(self)
            guard let value, setting.name == "mix" else {
                return value.map { "--\(setting.name)=\($0)" }
            }
            guard ["on", "off"].contains(value) else {
                throw ValidationError("mix is \(value); on or off is expected")
            }
            return value == "on" ? "--mix" : nil
        }
        do {
            return try Self.parse(arguments)
        } catch {
            throw ValidationError(Self.message(for: error))
        }
    }
}
