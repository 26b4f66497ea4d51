import Basics

// Beside a second file, and without a main.swift, this is compiled as a library is: the main
// function is libFuzzer's.

/// Called by libFuzzer: an input may be refused by an error for users, and nothing else.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try Target.chosen.read(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch is any UserError {
        return 0
    } catch {
        fatalError("not an error for users: \(error)")
    }
    return 0
}
