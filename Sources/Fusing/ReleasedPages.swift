import Checkpoints

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension Parents {
    /// Gives the memory of a weight that was read back to the system, so that reading a parent does
    /// not fill the memory with it; when read again, it comes from the file again.
    func releasePages(of weight: ParentWeight) throws {
        try self[weight.parent].folder.withBytes(of: weight.name) { bytes in
            guard let start = bytes.baseAddress else { return }
            let page = Int(getpagesize())
            // Only pages that hold nothing but this weight.
            let first = (UInt(bitPattern: start) + UInt(page) - 1) / UInt(page) * UInt(page)
            let end = UInt(bitPattern: start + bytes.count) / UInt(page) * UInt(page)
            guard end > first, let address = UnsafeMutableRawPointer(bitPattern: first) else {
                return
            }
            // Advice: where the system does not take it, nothing is lost but memory.
            _ = madvise(address, Int(end - first), MADV_DONTNEED)
        }
    }
}
