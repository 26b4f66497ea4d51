import Basics
import Fusing

extension Fusion {
    /// What a fusion will make: parts and the rules for their weights, tokens, sizes, notes.
    public struct Plan: Sendable, CustomStringConvertible {
        let plan: FusionPlan

        init(_ plan: FusionPlan) {
            self.plan = plan
        }

        /// The plan as a table for a terminal.
        public var description: String { plan.description }
        /// The plan as JSON text, with the fused config and the rule of each weight.
        public var json: String { plan.json.text(.indented) }
        /// The number of parameters of the fused model.
        public var parameterCount: Int { plan.parameterCount }
        /// The bytes of the fused weights.
        public var byteCount: Int { plan.byteCount }
    }
}
