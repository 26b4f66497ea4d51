import Basics

extension JSONReader {
    /// The steps of a `Sequence` in its member `list`, or the one step itself.
    ///
    /// Real files have four at most. Each costs time for every text, and some take a stack frame.
    func steps(_ list: String) throws(JSONFieldError) -> [JSONReader] {
        guard try string("type") == "Sequence" else { return [self] }
        let (count, most) = (try array(list).count, 64)
        guard count <= most else {
            throw failure(list, "has \(count) steps; at most \(most) are supported")
        }
        return try objects(list)
    }

    /// Refuses all values of the string `key` but one.
    func require(_ key: String, _ supported: String) throws(JSONFieldError) {
        let found = try string(key)
        guard found == supported else {
            throw failure(key, "\(found.quoted()) is not supported; supported is \"\(supported)\"")
        }
    }
}
