internal import Basics

extension VisionError {
    /// Throws ``configuration(field:problem:)`` unless a condition holds.
    static func require(
        _ condition: Bool,
        _ field: String,
        _ problem: @autoclosure () -> String
    ) throws(VisionError) {
        guard condition else { throw .configuration(field: field, problem: problem()) }
    }

    static func check(_ field: String, _ value: Int, in range: ClosedRange<Int>)
        throws(VisionError)
    {
        let isAllowed = range.contains(value)
        try require(
            isAllowed,
            field,
            "\(value) is not in \(range.lowerBound)...\(range.upperBound)"
        )
    }
}

extension JSONReader {
    /// Refuses a config of another `model_type`.
    func check(modelType expected: String) throws(JSONFieldError) {
        let found = try string("model_type")
        guard found == expected else {
            throw failure("model_type", "\(found.quoted()) is not \(expected.quoted())")
        }
    }

    /// Runs the validation of a config that was read, and adds the file to its error.
    func check(_ validate: () throws(VisionError) -> Void) throws(JSONFieldError) {
        do {
            try validate()
        } catch .configuration(let field, let problem) {
            throw failure(field, problem)
        } catch {
            preconditionFailure("validation throws nothing else: \(error)")
        }
    }
}
