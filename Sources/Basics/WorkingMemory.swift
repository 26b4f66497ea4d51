/// A reusable buffer that grows on demand.
package final class WorkingMemory<Element: BitwiseCopyable> {
    private var memory = UnsafeMutableBufferPointer<Element>(start: nil, count: 0)

    package init() {}

    deinit { memory.deallocate() }

    /// A buffer for `count` elements with arbitrary content; valid until the next call.
    package func room(for count: Int) -> UnsafeMutableBufferPointer<Element> {
        if memory.count < count {
            memory.deallocate()
            memory = .allocate(capacity: count)
        }
        return UnsafeMutableBufferPointer(rebasing: memory[..<count])
    }
}
