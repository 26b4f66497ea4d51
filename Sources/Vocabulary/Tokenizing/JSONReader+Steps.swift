import Basics

extension JSONReader {
    /// The steps of a part of the pipeline: those in `list` of a `Sequence`, or the one step itself.
    ///
    /// Real files have four at most. Each costs time with every text, and some take a level of the
    /// stack.
    func steps(_ list: String) throws(JSONFieldError) -> [JSONReader] {
        guard try string("type") == "Sequence" else { return [self] }
        let (count, most) = (try array(list).count, 64)
        guard count <= most else {
            throw failure(list, "has \(count) steps; at most \(most) are supported")
        }
        return try objects(list)
    }

    /// Refuses every value of the string `key` but one, by name.
    func require(_ key: String, _ supported: String) throws(JSONFieldError) {
        let found = try string(key)
        guard found == supported else {
            throw failure(key, "\(found.quoted()) is not supported; supported is \"\(supported)\"")
        }
    }
}
