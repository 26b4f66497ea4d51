package import Basics

/// A setting of generation that is out of its range.
package struct SettingError: UserError, Equatable {
    /// The settings that can be.
    package enum Setting: String, Sendable, CaseIterable {
        case temperature, topP, imageTemperature, imageTopP
        case guidance, imageGuidance, contrastive, guidancePlausibility
        case imageCount, imageSize, maximumTextTokens, contextLimit, region, candidates
    }

    /// What was set.
    package let setting: Setting
    /// The value it was given.
    package let value: String
    /// The values that are allowed.
    package let allowed: String

    package init(_ setting: Setting, _ value: String, _ allowed: String) {
        self.setting = setting
        self.value = value
        self.allowed = allowed
    }

    package var kind: ErrorKind { .invalidSetting }

    package var description: String { "\(setting.rawValue) \(value): expected \(allowed)" }
}
