import Checkpoints

/// The weights of one part of the model that are made by one rule.
struct PlanLine: Sendable, Equatable {
    let group: PlannedTensor.Group
    let rule: String
    var tensorCount = 0
    var parameterCount = 0
}

extension FusionPlan {
    /// The weights summed up by part and rule, in the order of the parts.
    var lines: [PlanLine] {
        var lines: [PlanLine] = []
        for tensor in tensors {
            let (group, rule) = (tensor.group, tensor.rule.summary)
            let found = lines.firstIndex { $0.group == group && $0.rule == rule }
            let index = found ?? lines.endIndex
            if found == nil { lines.append(PlanLine(group: group, rule: rule)) }
            lines[index].tensorCount += 1
            lines[index].parameterCount += tensor.spec.count
        }
        return PlannedTensor.Group.allCases.flatMap { group in
            lines.filter { $0.group == group }
        }
    }
}

extension Int {
    /// The number with a comma after every third digit from the right.
    var grouped: String {
        let digits = Array(String(magnitude))
        var text = self < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// The number of bytes in the unit that suits it, as `1.5 GB`.
    var byteText: String {
        var (value, unit) = (Double(self), "bytes")
        for larger in ["kB", "MB", "GB", "TB"] where value >= 1000 {
            value /= 1000
            unit = larger
        }
        guard unit != "bytes" else { return "\(self) bytes" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(unit)"
    }
}
