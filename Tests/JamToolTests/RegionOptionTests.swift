import Foundation
import JamTesting
import Testing

/// Prevents a malformed region from being read as another one.
@Test("Refuses malformed regions", arguments: ["1,2,3", "a,0,1,1", "0,0,0,1", "0,0,1,1,1"])
func refusesMalformedRegions(text: String) throws {
    let scratch = try ScratchFolder()
    let model = Tool.root.appending(path: "models/dictionary/answers").path
    let result = try Tool.run(
        ["generate", model, "--prompt", "x", "--image", "x.png", "--region", text],
        in: scratch.path
    )
    #expect(result.status == 64)
    #expect(result.error.hasPrefix("error: --region \(text): expected X,Y,WIDTH,HEIGHT"))
}
