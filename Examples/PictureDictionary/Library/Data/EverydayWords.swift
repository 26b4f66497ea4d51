import Basics

/// Random words around what is asked about, so that a model finds that by what it says and not by
/// the words that usually stand there.
enum EverydayWords {
    /// Words of talk that name nothing visible; none of them is the verb or noun by which a held-out
    /// wording asks.
    private static let words =
        """
        able about above after again all almost already also always am an and another any anyone \
        are around as ask at away back be because been before begin best better between both bring \
        but by call came can can't come could dear did didn't do does doesn't doing don't done each \
        early easy either else enough even ever every exactly far feel few first for found free from \
        full get getting give glad go going gone good got great had happy has have haven't he heard \
        hello help her here hers hey hi him his how how's I I'd I'll I'm I've if in instead into is \
        isn't it it's its just keep kind knew last late later least less let like little long love \
        made make many may maybe me mean might mine more most much must my need never new next nice \
        no none nor not nothing now of off often oh ok old on once one only or other our out over own \
        perhaps please quick quite rather ready real really right said same say says see seem seen \
        send several she should show shown since so some someone something sometimes soon sorry still \
        such sure take talk tell than thank thanks that that's the their them then there these they \
        thing think this those though thought through time to today together told tomorrow too took \
        true try turn two under until up us use used very want wanted was way we we'd well were what \
        what's when where which while who whole why will wish with without won't word would wouldn't \
        yes yesterday yet you you'd your yours
        """
        .split(separator: " ").map(String.init)

    /// A phrase after up to six words and before up to three.
    static func around(_ phrase: String, using random: inout SeededGenerator) -> String {
        let marks = ["", "", ".", "?", "!", ":", ","]
        func some(upTo most: Int) -> [String] {
            (0..<Int.random(in: 0...most, using: &random)).map { _ in
                words[Int.random(in: 0..<words.count, using: &random)]
            }
        }
        let before = some(upTo: 6)
        let after = some(upTo: 3)
        let text = (before + [phrase] + after).joined(separator: " ")
        let mark = marks[Int.random(in: 0..<marks.count, using: &random)]
        return (Bool.random(using: &random) ? text.capitalizedFirst : text) + mark
    }
}
