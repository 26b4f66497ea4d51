internal import Basics

extension VisionError {
    /// Refuses a size of a config that is not in a range.
    static func check(_ field: String, _ value: Int, in range: ClosedRange<Int>)
        throws(VisionError)
    {
        guard range.contains(value) else {
            throw .configuration(
                field: field,
                problem: "\(value) is not in \(range.lowerBound)...\(range.upperBound)"
            )
        }
    }
}

extension JSONReader {
    /// Passes on what is wrong with a config that was read, with its place.
    func check(_ validate: () throws(VisionError) -> Void) throws(JSONFieldError) {
        do {
            try validate()
        } catch .configuration(let field, let problem) {
            throw failure(field, problem)
        } catch {
            preconditionFailure("a config has no other errors: \(error)")
        }
    }
}
