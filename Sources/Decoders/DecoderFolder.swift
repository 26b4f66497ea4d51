internal import Basics
package import Checkpoints

/// A checkpoint folder as a decoder reads it: its config, and the weights under the names that the
/// decoder declares.
package struct DecoderFolder {
    package let folder: CheckpointFolder
    package let config: DecoderConfig

    package init(_ path: String) throws { try self.init(CheckpointFolder(path)) }

    /// Reads the config, finds the names, and compares a stored head with the input table.
    ///
    /// - Throws: ``LoadingError/quantized(path:method:name:)`` for weights of a format that is not read.
    package init(_ opened: CheckpointFolder) throws {
        if let (method, name) = QuantizationMethod.found(in: opened) {
            throw LoadingError.quantized(path: opened.path, method: method.rawValue, name: name)
        }
        let config = try DecoderConfig(try opened.configReader())
        guard case .tower(var tower) = config else {
            (folder, self.config) = (opened, config)
            return
        }
        let names = StoredNames(opened.names, of: tower)
        var warnings: [String] = []
        if opened.roundsActivations {
            warnings.append(
                "\(opened.path): config.json rounds activations; they are not rounded here"
            )
        }
        let leftOut = opened.names.filter { tower.leavesOut(names($0)) }
        if let first = leftOut.first {
            warnings.append(
                "\(opened.path): \(leftOut.count) weights of parts that are not run are left out, "
                    + "such as \"\(first)\""
            )
        }
        let renamed = try opened.renamed(adding: warnings, names.callAsFunction)
        guard tower.tiesEmbeddings, try renamed.storesAnotherHead(than: tower.tableName) else {
            (folder, self.config) = (renamed, config)
            return
        }
        // As transformers does.
        tower.tiesEmbeddings = false
        let warning =
            "\(opened.path): config.json ties the head to the input table, but "
            + "\"\(TowerConfig.untiedHeadName)\" is stored with other values, which are used"
        folder = try renamed.renamed(adding: [warning]) { $0 }
        self.config = .tower(tower)
    }
}

extension CheckpointFolder {
    /// Whether the config wants activations rounded, as compressed-tensors' W8A8 does.
    fileprivate var roundsActivations: Bool {
        guard case .object(let config) = config,
            case .object(let quantization) = config["quantization_config"],
            case .object(let groups) = quantization["config_groups"]
        else { return false }
        return groups.members.contains { _, group in
            if case .object(let group) = group { group.has("input_activations") } else { false }
        }
    }

    fileprivate func storesAnotherHead(than table: String) throws -> Bool {
        let head = TowerConfig.untiedHeadName
        guard let ofHead = entry(head), let ofTable = entry(table) else { return false }
        guard ofHead.shape == ofTable.shape else { return true }
        if ofHead.elementType == ofTable.elementType, FloatFormat(ofHead.elementType) != nil {
            return try withBytes(of: head) { head in
                try withBytes(of: table) { !head.elementsEqual($0) }
            }
        }
        return try floats(of: head) != floats(of: table)
    }
}
