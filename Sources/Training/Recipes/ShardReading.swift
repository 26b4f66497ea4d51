internal import Documents

/// Visits the documents of shards in order, with the path of the shard, while more are wanted.
///
/// - Parameters:
///   - shards: JSON Lines files or WebDataset archives.
///   - limit: how many bad documents are passed over.
///   - wantsMore: whether one more is wanted.
///   - onRemark: takes sentences about what was passed over.
///   - visit: takes a document.
/// - Returns: how many bad documents were passed over.
/// - Throws: what is wrong with a shard, what `visit` throws, and `CancellationError` if the task
///   is cancelled.
func readDocuments(
    of shards: [String],
    limit: BadDocumentLimit,
    while wantsMore: () -> Bool,
    onRemark: @escaping (String) -> Void,
    _ visit: (Document, String) throws -> Void
) throws -> Int {
    let reader = ShardsReader(shards, limit: limit, onRemark: onRemark)
    while wantsMore(), let (document, path) = try reader.next() {
        try Task.checkCancellation()
        try visit(document, path)
    }
    try reader.finish()
    return reader.badCount
}

/// The first `limit` items that the documents of shards have, each with an image, and the number of
/// bad documents.
func readItems<Item>(
    of shards: [String],
    limit: Int,
    badDocuments: BadDocumentLimit,
    onEvent: @escaping TrainingEventHandler,
    _ items: (Document) -> [Item]
) throws -> (items: [Item], badCount: Int) {
    var all: [Item] = []
    func report(isDone: Bool = false) {
        let total = limit == .max ? nil : limit
        onEvent(.reading("reading", count: all.count, total: total, unit: "images", isDone: isDone))
    }
    report()
    let badCount = try readDocuments(
        of: shards,
        limit: badDocuments,
        while: { all.count < limit },
        onRemark: { onEvent(.warning($0)) }
    ) { document, _ in
        all += items(document).prefix(limit - all.count)
        if !all.isEmpty { report() }
    }
    report(isDone: true)
    return (all, badCount)
}
