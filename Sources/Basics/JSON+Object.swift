extension JSON {
    /// The members of an object, in the order of the file, each key once.
    ///
    /// Small objects, of which a file may have a million, are searched from the start; larger ones
    /// keep the places of their keys.
    package struct Object: Sendable, Equatable, ExpressibleByDictionaryLiteral {
        /// The members in order.
        package private(set) var members: [(key: String, value: JSON)] = []
        /// Where each key stands; empty while there are few.
        private var places: [ExactKey: Int] = [:]

        /// The most members that are searched from the start.
        private static let fewCount = 8

        /// Makes an object without members.
        package init() {}

        /// Makes an object of members in order; a key may stand only once.
        package init(dictionaryLiteral elements: (String, JSON)...) {
            for (key, value) in elements {
                precondition(self[key] == nil, "the key \(key) stands twice")
                self[key] = value
            }
        }

        /// The member `key`; setting a new key appends it, setting `nil` removes it.
        package subscript(key: String) -> JSON? {
            get { place(of: key).map { members[$0].value } }
            set {
                switch (place(of: key), newValue) {
                case (let place?, let value?): members[place].value = value
                case (let place?, nil): remove(at: place)
                case (nil, let value?): append(key, value)
                case (nil, nil): break
                }
            }
        }

        /// The number of members.
        package var count: Int { members.count }

        /// The keys in order.
        package var keys: [String] { members.map(\.key) }

        /// Compares members without regard to their order, as JSON does.
        package static func == (left: Object, right: Object) -> Bool {
            left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
        }

        private func place(of key: String) -> Int? {
            let key = ExactKey(text: key)
            guard places.isEmpty else { return places[key] }
            return members.firstIndex { ExactKey(text: $0.key) == key }
        }

        /// Adds a member; false, and nothing added, if its key is there.
        @discardableResult
        mutating func append(_ key: String, _ value: JSON) -> Bool {
            if places.isEmpty {
                guard place(of: key) == nil else { return false }
                members.append((key, value))
                if count > Self.fewCount { rememberPlaces() }
                return true
            }
            if let place = places.updateValue(count, forKey: ExactKey(text: key)) {
                places[ExactKey(text: key)] = place
                return false
            }
            members.append((key, value))
            return true
        }

        private mutating func remove(at place: Int) {
            members.remove(at: place)
            places = [:]
            if count > Self.fewCount { rememberPlaces() }
        }

        private mutating func rememberPlaces() {
            places.reserveCapacity(2 * count)
            for (place, member) in members.enumerated() {
                places[ExactKey(text: member.key)] = place
            }
        }

        /// A key compared by its bytes, as JSON does: to `String`, "é" and "e\u{301}" are one.
        private struct ExactKey: Hashable, Sendable {
            let text: String

            static func == (left: ExactKey, right: ExactKey) -> Bool {
                // What differs to `String` differs in bytes, too, and that is the quicker question.
                left.text == right.text && left.text.utf8.elementsEqual(right.text.utf8)
            }

            func hash(into hasher: inout Hasher) {
                var text = text
                text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            }
        }
    }
}
