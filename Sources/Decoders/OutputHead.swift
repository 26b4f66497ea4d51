package import Tensors

// N positions, S size of the hidden states, V vocabulary.

/// The output projection of a model: the logits of tokens by a hidden state.
///
/// Most models have one matrix. A head can also consist of several blocks, each of which reads some
/// columns of the hidden states and adds to the logits of some tokens.
package struct OutputHead {
    /// A matrix that reads a part of the hidden states for a part of the vocabulary.
    package struct Block {
        /// The tokens whose logits it adds to.
        package let rows: Range<Int>
        /// The columns of the hidden states that it reads.
        package let columns: Range<Int>
        private let table: Tensor
        private let tableRows: Range<Int>?

        /// The rows `tableRows` of a table, or all; those beyond `rows` count for nothing but the
        /// shape of the product.
        package init(
            rows: Range<Int>,
            columns: Range<Int>,
            _ table: Tensor,
            _ tableRows: Range<Int>? = nil
        ) {
            self.rows = rows
            self.columns = columns
            self.table = table
            self.tableRows = tableRows
        }

        /// [rows, columns].
        package var weight: Tensor {
            guard let tableRows else { return table }
            let start = tableRows.lowerBound
            return table.narrowed(0, start..<start + rows.count)
        }

        /// The logits [..., rows] of hidden states [..., columns].
        func logits(_ hiddenStates: Tensor) -> Tensor {
            let logits = hiddenStates.linear(tableRows.map { table.narrowed(0, $0) } ?? table)
            let last = hiddenStates.shape.count - 1
            return logits.size(last) == rows.count ? logits : logits.narrowed(last, 0..<rows.count)
        }

        func shifted(by count: Int) -> Block {
            Block(
                rows: rows.lowerBound + count..<rows.upperBound + count,
                columns: columns,
                table,
                tableRows
            )
        }

        /// The part for some of its tokens, which become 0, 1 and so on from `first` on.
        func restricted(to part: Range<Int>, from first: Int) -> Block {
            let start = (tableRows?.lowerBound ?? 0) - rows.lowerBound
            let isWhole = tableRows == nil && part == rows
            return Block(
                rows: part.lowerBound - first..<part.upperBound - first,
                columns: columns,
                table,
                isWhole ? nil : start + part.lowerBound..<start + part.upperBound
            )
        }
    }

    /// In the order of their rows; each token is in at least one.
    package let blocks: [Block]
    package let vocabularySize: Int
    /// Image codes whose probability is among image codes alone, and that of other tokens among other
    /// tokens, as in answers, where codes and others never compete; `nil` if all do.
    package let separateCodes: Range<Int>?

    /// One matrix [V, S].
    init(_ weight: Tensor, vocabularySize: Int, width: Int) {
        blocks = [Block(rows: 0..<vocabularySize, columns: 0..<width, weight)]
        self.vocabularySize = vocabularySize
        separateCodes = nil
    }

    /// Blocks that cover a vocabulary.
    package init(_ blocks: [Block], vocabularySize: Int, separateCodes: Range<Int>?) {
        self.blocks = blocks
        self.vocabularySize = vocabularySize
        self.separateCodes = separateCodes
    }

    /// The head for some tokens alone, which become 0, 1 and so on.
    package func restricted(to rows: Range<Int>) -> OutputHead {
        OutputHead(
            blocks.compactMap { block in
                let common = block.rows.clamped(to: rows)
                return common.isEmpty
                    ? nil : block.restricted(to: common, from: rows.lowerBound)
            },
            vocabularySize: rows.count,
            separateCodes: nil
        )
    }

    /// The head for all tokens but some, which those behind take the places of.
    private func without(_ rows: Range<Int>) -> OutputHead {
        let before = restricted(to: 0..<rows.lowerBound)
        let after = restricted(to: rows.upperBound..<vocabularySize)
        return OutputHead(
            before.blocks + after.blocks.map { $0.shifted(by: rows.lowerBound) },
            vocabularySize: vocabularySize - rows.count,
            separateCodes: nil
        )
    }

    /// The logits [..., V] of hidden states [..., S].
    package func logits(_ hiddenStates: Tensor) -> Tensor {
        let last = hiddenStates.shape.count - 1
        func logits(of block: Block) -> Tensor {
            guard block.columns.count < hiddenStates.size(last) else {
                return block.logits(hiddenStates)
            }
            // A copy: the last bits of a product can depend on how its input lies in memory.
            let columns = hiddenStates.narrowed(last, block.columns)
            return block.logits(.concatenated([columns], along: last))
        }
        var parts: [(rows: Range<Int>, logits: Tensor)] = []
        for block in blocks {
            if let previous = parts.last, previous.rows == block.rows {
                parts[parts.count - 1].logits = previous.logits + logits(of: block)
            } else {
                parts.append((block.rows, logits(of: block)))
            }
        }
        return parts.count == 1 ? parts[0].logits : .concatenated(parts.map(\.logits), along: last)
    }

    /// The weighted cross-entropy of hidden states [N, S] and N target tokens.
    ///
    /// - Returns: Σ weights[i] · losses[i], with gradient, and the losses [N] without.
    package func crossEntropy(_ hiddenStates: Tensor, targets: [Int], weights: [Float])
        -> (loss: Tensor, losses: Tensor)
    {
        func sum(_ head: OutputHead, _ hiddenStates: Tensor, _ targets: [Int], _ weights: [Float])
            -> (loss: Tensor, losses: Tensor)
        {
            Tensor.headCrossEntropy(
                head.blocks.map { block in
                    Tensor.HeadBlock(
                        hiddenStates: block.columns.count == hiddenStates.size(1)
                            ? hiddenStates : hiddenStates.narrowed(1, block.columns),
                        weight: block.weight,
                        firstRow: block.rows.lowerBound
                    )
                },
                vocabularySize: head.vocabularySize,
                targets: Tensor(targets, [targets.count]),
                weights: Tensor(weights, [weights.count])
            )
        }
        guard let codes = separateCodes, !targets.isEmpty else {
            return sum(self, hiddenStates, targets, weights)
        }
        let places = targets.indices.partitioned { codes.contains(targets[$0]) }
        /// The token of a target in the head without codes.
        func other(_ token: Int) -> Int { token < codes.lowerBound ? token : token - codes.count }
        let groups = [
            (without(codes), places.others, other),
            (restricted(to: codes), places.fitting, { $0 - codes.lowerBound }),
        ]
        let parts = groups.filter { !$0.1.isEmpty }.map { head, places, index in
            sum(
                head,
                hiddenStates.selected(0, Tensor(places, [places.count])),
                places.map { index(targets[$0]) },
                places.map { weights[$0] }
            )
        }
        guard parts.count == 2 else { return parts[0] }
        // Back into the order of the targets.
        var order = [Int](repeating: 0, count: targets.count)
        for (index, place) in (places.others + places.fitting).enumerated() { order[place] = index }
        let losses = Tensor.concatenated(parts.map(\.losses), along: 0)
        return (
            parts[0].loss + parts[1].loss, losses.selected(0, Tensor(order, [order.count]))
        )
    }
}

extension Sequence {
    /// The elements that fit a condition, and the others.
    fileprivate func partitioned(_ fits: (Element) -> Bool) -> (
        fitting: [Element], others: [Element]
    ) {
        reduce(into: ([], [])) { parts, element in
            if fits(element) { parts.0.append(element) } else { parts.1.append(element) }
        }
    }
}
