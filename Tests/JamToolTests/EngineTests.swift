import Foundation
import JamTesting
import Testing

@Suite struct EngineTests {
    // Prevents: commands that compute nothing from waiting for libtorch, or dying without it.
    @Test("Without the engine the tool still fuses, and says what it cannot do")
    func engineIsOpenedWhenSomethingIsComputed() throws {
        let scratch = try ScratchFolder()
        let models = Tool.root.appending(path: "models/dictionary").path
        let nowhere = ["JAM_ENGINE": "/nowhere/libTorchEngine.so"]
        func run(_ command: String) throws -> Tool.Result {
            try Tool.run(Tool.words(of: command), in: scratch.path, variables: nowhere)
        }
        for command in [
            "--help", "inspect \(models)/image",
            "fuse cross --text \(models)/text --image \(models)/image --output fused --verify",
        ] {
            let result = try run(command)
            #expect(result.status == 0, "\(command): \(result.error)")
        }
        let result = try run("generate \(models)/image --prompt Hello --output answer.html")
        #expect(result.status == 69)
        #expect(
            result.error.hasPrefix(
                "error: the engine cannot be opened: there is no /nowhere/libTorchEngine.so; "
                    + "JAM_ENGINE names it; unset that and run `make engine` in /"
            )
        )
        #expect(result.error.split(separator: "\n").count == 1)
        #expect(try scratch.list() == ["fused"])
    }

    // Prevents: calls through a table whose functions are in other places.
    @Test("An engine of another build is refused")
    func otherNamesAreRefused() throws {
        let scratch = try ScratchFolder()
        let other = try engine("other", in: scratch, names: #""other functions""#)
        let image = Tool.root.appending(path: "models/dictionary/image").path
        let result = try Tool.run(
            ["generate", image, "--prompt", "Hello"],
            in: scratch.path,
            variables: ["JAM_ENGINE": other]
        )
        #expect(result.status == 69)
        let reason = "other.so does not match this build of the program; JAM_ENGINE names it"
        #expect(result.error.hasPrefix("error: the engine cannot be opened: /"))
        #expect(result.error.contains(reason))
        #expect(result.error.split(separator: "\n").count == 1)
    }

    // Prevents: an engine from elsewhere in place of the one that belongs to the program.
    @Test("The engine is looked for in four places, in this order")
    func placesHaveAnOrder() throws {
        let scratch = try ScratchFolder()
        try scratch.write("program.c", Array(Self.program.utf8))
        let source = Tool.root.appending(path: "Sources/CTorch/open.c").path
        try scratch.makeFolder("programs")
        try clang(
            ["program.c", source, "-o", "programs/program", "-ldl", "-w"]
                + [#"-DCT_PACKAGE_FOLDER="\#(scratch.file("package"))""#],
            in: scratch
        )
        // A link to the program is not beside the engine.
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("link"),
            withDestinationPath: "programs/program"
        )
        func answer(_ named: String = "") throws -> String {
            let result = try Tool.run(
                [],
                in: scratch.path,
                as: URL(filePath: scratch.file("link")),
                variables: ["JAM_ENGINE": named, "LD_LIBRARY_PATH": scratch.file("system")]
            )
            #expect(result.status == 0, "\(result.error)")
            return result.output
        }

        let none = try answer()
        let package = scratch.file("package")
        #expect(none.hasPrefix("libTorchEngine.so: cannot open shared object file: No such file"))
        #expect(
            none.hasSuffix(
                "/programs/libTorchEngine.so, beside the program, nor "
                    + "\(package)/Engine/.build/release/libTorchEngine.so exists; "
                    + "run `make engine` in \(package) or set JAM_ENGINE"
            )
        )
        for place in ["system", "package/Engine/.build/release", "programs"] {
            try scratch.makeFolder(place)
            try engine("\(place)/libTorchEngine", in: scratch)
            #expect(try answer() == "\(place)/libTorchEngine")
        }
        let named = try engine("named", in: scratch)
        #expect(try answer(named) == "named")
        #expect(try answer("named.so") == "named")
        #expect(try answer("libTorchEngine.so").hasPrefix("there is no libTorchEngine.so; "))
        // What is there and cannot be opened is not passed over.
        try scratch.write("programs/libTorchEngine.so", [])
        #expect(try answer().contains("/programs/libTorchEngine.so: file too short; it is beside"))
    }

    /// Says which engine is opened, or why none is.
    private static let program = """
        #include <stdio.h>
        #include "ctorch.h"
        int main(void) {
            const char *why;
            const CTFunctions *functions = ct_open(&why);
            fputs(functions == NULL ? why : functions->last_error(), stdout);
        }
        """

    /// Builds a library that an engine could be, which says its name in place of an error.
    @discardableResult
    private func engine(
        _ name: String,
        in scratch: ScratchFolder,
        names: String = "CT_NAMES"
    ) throws -> String {
        let code = """
            #include "ctorch.h"
            static const char *name(void) { return "\(name)"; }
            const CTFunctions *ct_functions(void) {
                static const CTFunctions table = {.names = \(names), .last_error = name};
                return &table;
            }
            """
        try scratch.write("engine.c", Array(code.utf8))
        try clang(["engine.c", "-shared", "-fPIC", "-o", "\(name).so"], in: scratch)
        return scratch.file("\(name).so")
    }

    private func clang(_ arguments: [String], in scratch: ScratchFolder) throws {
        let header = Tool.root.appending(path: "Sources/CTorch/include").path
        let result = try Tool.run(
            ["clang", "-I", header] + arguments,
            in: scratch.path,
            as: URL(filePath: "/usr/bin/env")
        )
        try #require(result.status == 0, "\(result.error)")
    }
}
