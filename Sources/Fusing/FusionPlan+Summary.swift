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
