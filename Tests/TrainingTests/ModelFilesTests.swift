import Basics
import Foundation
import JamTesting
import Testing
import Training

@Suite struct ModelFilesTests {
    /// Prevents a link in the folder of a tokenizer from bringing a file of the system into a model.
    @Test("Refuses links that lead out") func refusesLinksThatLeadOut() throws {
        let (scratch, outside) = (try ScratchFolder(), try ScratchFolder())
        try scratch.write("tokenizer.json", "{}".utf8)
        let link = scratch.file("chat_template.jinja")
        try FileManager.default.createSymbolicLink(
            atPath: link,
            withDestinationPath: outside.write("secret", "x".utf8)
        )
        for tokenizer in [scratch.path, scratch.file("tokenizer.json")] {
            #expect(throws: Basics.FileError.leadsOut(path: link)) {
                try ModelFiles(config: [:], tokenizer: tokenizer)
            }
        }
    }
}
