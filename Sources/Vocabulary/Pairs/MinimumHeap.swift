/// A binary heap that gives its least element first.
struct MinimumHeap<Element: Comparable> {
    private var elements: [Element] = []

    /// Makes a heap without elements.
    init() {}

    /// Adds an element in O(log n).
    mutating func insert(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard element < elements[parent] else { break }
            elements[child] = elements[parent]
            child = parent
        }
        elements[child] = element
    }

    /// Takes the least element out in O(log n); `nil` if there is none.
    mutating func popLeast() -> Element? {
        guard let last = elements.popLast() else { return nil }
        guard let least = elements.first else { return last }
        var hole = 0
        while true {
            var child = 2 * hole + 1
            guard child < elements.count else { break }
            if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
            guard elements[child] < last else { break }
            elements[hole] = elements[child]
            hole = child
        }
        elements[hole] = last
        return least
    }
}

extension MinimumHeap: Sendable where Element: Sendable {}
