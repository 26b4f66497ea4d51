import Basics
import Testing

@Suite struct JSONTests {
    /// Prevents two readers of one file from silently disagreeing about a duplicate key.
    @Test("Refuses duplicate keys") func refusesDuplicateKeys() {
        #expect(throws: JSONError(problem: "duplicate key \"a\"", offset: 7)) {
            try JSON(parsing: #"{"a":1,"a":2}"#)
        }
    }

    /// Prevents a vocabulary with composed and decomposed tokens from being refused.
    @Test("Tells keys apart by their bytes") func tellsKeysApartByTheirBytes() throws {
        let json = try JSON(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        guard case .object(let object) = json else {
            Issue.record("an object is expected")
            return
        }
        #expect(object["\u{E9}"] == .integer(1))
        #expect(object["e\u{301}"] == .integer(2))
    }

    /// Prevents objects that know the places of their keys from behaving otherwise than small ones.
    @Test("Keeps members in order", arguments: [3, 8, 9, 100])
    func keepsMembersInOrder(count: Int) {
        var object = JSON.Object()
        for number in 0..<count { object["\(number)"] = .integer(number) }
        object["1"] = "one"
        object["0"] = nil
        object["none"] = nil
        object["last"] = true
        #expect(object.keys == (1..<count).map(String.init) + ["last"])
        #expect(object["1"] == "one" && object["2"] == 2 && object["last"] == true)
        #expect(object["0"] == nil && object["none"] == nil)

        var backwards = JSON.Object()
        for (key, value) in object.members.reversed() { backwards[key] = value }
        #expect(backwards == object && backwards.keys != object.keys)
        backwards["2"] = 3
        #expect(backwards != object)
    }

    @Test(
        "Refuses what is not JSON",
        arguments: [
            "", "{", "[1,]", "01", "1.", "NaN", "-Infinity", "1e999", "\"\\ud800\"", "1\u{FEFF}",
            "1 2", "\"\u{1}\"", "{\"a\" 1}", "tru", "-", "\u{FEFF}", "[\u{FEFF}1]",
        ]
    )
    func refusesWhatIsNotJSON(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test("Reads a byte order mark as nothing, and numbers that are none only where asked")
    func readsWhatIsNearlyJSON() throws {
        #expect(try JSON(parsing: "\u{FEFF} [1]") == [1])
        let numbers = Array("[NaN, Infinity, {\"a\": -Infinity}, -1]".utf8)
        #expect(
            try JSON(parsing: numbers, nonFiniteAsNull: true) == [.null, .null, ["a": .null], -1]
        )
        for text in ["Nan", "Inf", "-Inf", "+Infinity", "[NaN1]", "NaNNaN"] {
            #expect(throws: JSONError.self) {
                try JSON(parsing: Array(text.utf8), nonFiniteAsNull: true)
            }
        }
        let error = #expect(throws: JSONError.self) { try JSON(parsing: "[NaN]") }
        #expect(error?.description == "not valid JSON: NaN is no number of JSON at byte 1")
    }

    @Test("Refuses deep nesting") func refusesDeepNesting() {
        let text = String(repeating: "[", count: 10_000)
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test("Writes what it reads") func writesWhatItReads() throws {
        let text = #"{"z":[1,-2.5,1e-06,"\u0001é😀\n"],"a":{"b":null,"c":[true,false,[]]}}"#
        let json = try JSON(parsing: text)
        #expect(try JSON(parsing: json.text()) == json)
        #expect(try JSON(parsing: json.text(.indented)) == json)
        guard case .object(let object) = json else {
            Issue.record("an object is expected")
            return
        }
        #expect(object.keys == ["z", "a"])
    }
}
