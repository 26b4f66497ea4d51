internal import Basics
internal import HTTPTypes
internal import Hummingbird

extension Response {
    /// A response of JSON.
    init(json: JSON, status: HTTPResponse.Status = .ok) {
        self.init(json.text(), type: "application/json", status: status)
    }

    /// A response of text.
    init(_ text: String, type: String, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status,
            headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
