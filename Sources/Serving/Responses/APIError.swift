internal import Basics
internal import HTTPTypes
internal import Hummingbird
internal import Jam
internal import Vocabulary

/// An error as clients of OpenAI's interfaces read it: `{"error": {"message", "type", "param", "code"}}`.
struct APIError: Error, HTTPResponseError {
    let status: HTTPResponse.Status
    let message: String
    var type: String
    /// The member of the request that is wrong.
    var param: String?
    var code: String?
    var headers: HTTPFields
    /// What went wrong here, for whoever runs the server; clients do not see it.
    private(set) var cause: String?

    init(
        _ status: HTTPResponse.Status,
        _ message: String,
        type: String = "invalid_request_error",
        param: String? = nil,
        code: String? = nil,
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.message = message
        self.type = type
        self.param = param
        self.code = code
        self.headers = headers
    }

    /// What a request's reader, a setting or the model throws, without a word about this machine.
    init(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as JSONFieldError:
            self.init(
                .badRequest,
                "\(error.field.brief(160)): \(error.problem)",
                param: error.field.brief(160)
            )
        case let error as SettingError:
            let member = error.setting.member
            self.init(
                .badRequest,
                "\(member) \(error.value): expected \(error.allowed)",
                param: member
            )
        case let error as JamError:
            if let setting = error.underlying as? SettingError {
                self.init(setting)
            } else if let generation = error.underlying as? GenerationError {
                self.init(generation)
            } else if let template = error.underlying as? TemplateError {
                self.init(template)
            } else if error.kind == .interrupted {
                self.init(.serviceUnavailable, "the server stops", type: "server_error")
            } else {
                self.init(.internalServerError, "the model failed", type: "server_error")
                cause = error.description
            }
        case let error as any UserError where error.kind == .malformedInput:
            self.init(.badRequest, error.line)
        case let error as HTTPError:
            self.init(error.status, error.body ?? error.status.reasonPhrase)
        case is ClientIsGone: self.init(.badRequest, "the client is gone")
        case is CancellationError:
            self.init(.serviceUnavailable, "the server stops", type: "server_error")
        default:
            self.init(.internalServerError, "the server failed", type: "server_error")
            cause = "\(error)".brief(1000)
        }
    }

    private init(_ error: TemplateError) {
        switch error {
        case .refused(_, let message):
            self.init(.badRequest, "the chat template refuses the conversation: \(message)")
        case .failed(_, _, let problem):
            self.init(.badRequest, "the chat template fails with the conversation: \(problem)")
        case .dropsImages:
            self.init(.badRequest, "the chat template has no place for images")
        case .unreadable, .noDefault, .missing, .changesContent:
            self.init(.internalServerError, "the model failed", type: "server_error")
            cause = error.line
        }
    }

    private init(_ error: GenerationError) {
        switch error {
        case .promptTooLong:
            self.init(
                .badRequest,
                error.line,
                code: "context_length_exceeded"
            )
        case .promptEmpty: self.init(.badRequest, error.line)
        case .logitsNotFinite, .imagesRetrieved, .contextTooLong:
            self.init(.internalServerError, "the model failed", type: "server_error")
            cause = error.line
        }
    }

    /// As JSON.
    var json: JSON {
        [
            "error": [
                "message": .string(message), "type": .string(type),
                "param": param.map(JSON.string) ?? .null,
                "code": code.map(JSON.string) ?? .null,
            ]
        ]
    }

    func response(from request: Request, context: some RequestContext) -> Response {
        var response = Response(json: json, status: status)
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension SettingError.Setting {
    /// The member of a request that has it.
    fileprivate var member: String {
        switch self {
        case .temperature: "temperature"
        case .topP: "top_p"
        case .imageTemperature: "image_temperature"
        case .imageTopP: "image_top_p"
        case .guidance, .imageGuidance, .contrastive: "guidance"
        case .guidancePlausibility: "guidance_plausibility"
        case .imageCount: "max_images"
        case .imageSize: "size"
        case .maximumTextTokens: "max_tokens"
        case .region: "mask"
        case .contextLimit, .candidates: rawValue
        }
    }
}
