internal import HTTPTypes
internal import Hummingbird

/// The web page and the description of the interface: files that are part of the program.
enum PageRoute {
    private static let files: [(path: String, type: String, bytes: [UInt8])] = [
        ("/", "text/html; charset=utf-8", PackageResources.index_html),
        ("/openapi.json", "application/json", PackageResources.openapi_json),
        ("/style.css", "text/css; charset=utf-8", PackageResources.style_css),
        script("script", PackageResources.script_js),
        script("state", PackageResources.state_js),
        script("asking", PackageResources.asking_js),
        script("composer", PackageResources.composer_js),
        script("conversation", PackageResources.conversation_js),
        script("history", PackageResources.history_js),
        script("settings", PackageResources.settings_js),
        script("region", PackageResources.region_js),
        script("view", PackageResources.view_js),
        script("export", PackageResources.export_js),
        script("elements", PackageResources.elements_js),
        script("outside", PackageResources.outside_js),
    ]

    private static func script(_ name: String, _ bytes: [UInt8]) -> (String, String, [UInt8]) {
        ("/\(name).js", "text/javascript; charset=utf-8", bytes)
    }

    static var all: [Route] {
        files.map { file in
            Route(.get, file.path) { _, _ in
                Response(
                    status: .ok,
                    headers: [.contentType: file.type, .cacheControl: "no-cache"],
                    body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes))
                )
            }
        }
    }
}
