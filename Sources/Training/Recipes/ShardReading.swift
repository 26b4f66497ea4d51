internal import Documents
internal import Foundation

/// Visits the documents of shards in order, with the path of the shard, while more are wanted.
///
/// - Throws: what is wrong with a shard, what `visit` throws, and `CancellationError` if the task
///   is cancelled.
func readDocuments(
    of shards: [String],
    while wantsMore: () -> Bool,
    _ visit: (Document, String) throws -> Void
) throws {
    for path in shards where wantsMore() {
        let documents = try DocumentShard(contentsOf: URL(filePath: path)).documents()
        while wantsMore(), let document = try documents.next() {
            try Task.checkCancellation()
            try visit(document, path)
        }
    }
}

/// The first `limit` items that the documents of shards have; each one has an image.
func readItems<Item>(
    of shards: [String],
    limit: Int,
    onEvent: TrainingEventHandler,
    _ items: (Document) -> [Item]
) throws -> [Item] {
    var all: [Item] = []
    func report(isDone: Bool = false) {
        let total = limit == .max ? nil : limit
        onEvent(.reading("reading", count: all.count, total: total, unit: "images", isDone: isDone))
    }
    report()
    try readDocuments(of: shards, while: { all.count < limit }) { document, _ in
        all += items(document).prefix(limit - all.count)
        if !all.isEmpty { report() }
    }
    report(isDone: true)
    return all
}
