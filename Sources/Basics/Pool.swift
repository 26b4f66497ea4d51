internal import Synchronization

/// Reusable objects, each used by one thread at a time.
package final class Pool<Element>: @unchecked Sendable {
    // Unchecked: a lent element is not in the list, so only one thread uses it.

    private let idle = Mutex<[Lent]>([])
    private let make: @Sendable () -> Element

    private struct Lent: @unchecked Sendable {
        let element: Element
    }

    /// Starts empty; `make` creates an element when none is idle.
    package init(_ make: @escaping @Sendable () -> Element) {
        self.make = make
    }

    /// Lends an element to `body`.
    package func lend<Result>(_ body: (Element) throws -> Result) rethrows -> Result {
        let lent = idle.withLock { $0.popLast() } ?? Lent(element: make())
        defer { idle.withLock { $0.append(lent) } }
        return try body(lent.element)
    }
}
