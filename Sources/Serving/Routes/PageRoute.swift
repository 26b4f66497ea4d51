internal import HTTPTypes
internal import Hummingbird

/// The web page and the description of the interface: files that are part of the program.
enum PageRoute {
    private static let files: [(path: String, type: String, bytes: [UInt8])] = [
        ("/", "text/html; charset=utf-8", PackageResources.index_html),
        ("/openapi.json", "application/json", PackageResources.openapi_json),
        ("/style.css", "text/css; charset=utf-8", PackageResources.style_css),
        ("/script.js", "text/javascript; charset=utf-8", PackageResources.script_js),
        ("/asking.js", "text/javascript; charset=utf-8", PackageResources.asking_js),
        ("/region.js", "text/javascript; charset=utf-8", PackageResources.region_js),
        ("/view.js", "text/javascript; charset=utf-8", PackageResources.view_js),
        ("/outside.js", "text/javascript; charset=utf-8", PackageResources.outside_js),
    ]

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
