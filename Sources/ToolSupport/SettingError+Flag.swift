import Generating

extension SettingError {
    /// The error with the flag of the command line in place of the setting's name.
    var lineWithFlag: String { "\(flag) \(value): expected \(allowed)" }

    private var flag: String {
        switch setting {
        case .temperature: "--temperature"
        case .topP: "--top-p"
        case .imageTemperature: "--image-temperature"
        case .imageTopP: "--image-top-p"
        case .guidance: "--guidance"
        case .imageGuidance: "--image-guidance"
        case .contrastive: "--contrastive"
        case .guidancePlausibility: "--guidance-plausibility"
        case .imageCount: "--images"
        case .imageSize: "--image-size"
        case .maximumTextTokens: "--max-tokens"
        case .contextLimit: "--context"
        case .region: "--region"
        case .candidates: "--candidates"
        }
    }
}
