import Basics

extension JSON.Object {
    /// What must be the same for a run to be resumed: a digest of everything in the recipe but how
    /// the run is kept.
    var identity: String {
        var recipe = self
        for key in ["output", "save_every", "evaluate_every", "storage"] { recipe[key] = nil }
        return Array(JSON.object(recipe).text().utf8).withUnsafeBytes { SHA256.hex(of: $0) }
    }
}
