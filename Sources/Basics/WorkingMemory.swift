/// Memory that is used again for one piece of work after the other, and grows when one needs more.
package final class WorkingMemory<Element: BitwiseCopyable> {
    private var memory = UnsafeMutableBufferPointer<Element>(start: nil, count: 0)

    /// Begins without memory.
    package init() {}

    deinit { memory.deallocate() }

    /// Room for `count` elements, holding whatever was there; valid until the next call.
    package func room(for count: Int) -> UnsafeMutableBufferPointer<Element> {
        if memory.count < count {
            memory.deallocate()
            memory = .allocate(capacity: count)
        }
        return UnsafeMutableBufferPointer(rebasing: memory[..<count])
    }
}
