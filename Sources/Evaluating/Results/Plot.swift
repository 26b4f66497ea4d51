/// An image of numbers: one panel beside the other, all over the same names.
package struct Plot: Sendable, Equatable {
    /// How the numbers of a panel are drawn.
    package enum Shape: Sendable, Equatable {
        /// A bar for each name: for things that have no order.
        case bars
        /// Points joined by a line: for names that are steps of one quantity.
        case line
    }

    /// One kind of number.
    package struct Panel: Sendable, Equatable {
        /// What is measured, and in what unit.
        package let title: String
        /// Whether more is better, which the panel says.
        package let isMoreBetter: Bool
        /// How its numbers are written.
        package let figure: Figure
        /// A number for each name, `nil` for what was not run.
        package let values: [Double?]

        /// Describes a panel.
        package init(_ title: String, isMoreBetter: Bool, _ figure: Figure, _ values: [Double?]) {
            self.title = title
            self.isMoreBetter = isMoreBetter
            self.figure = figure
            self.values = values
        }
    }

    /// What stands over the plot.
    package let title: String
    /// What is compared, in order.
    package let names: [String]
    /// How the numbers are drawn.
    package let shape: Shape
    /// The panels from left to right.
    package let panels: [Panel]

    /// Describes a plot; every panel has a number for each name.
    package init(_ title: String, names: [String], _ shape: Shape, panels: [Panel]) {
        precondition(!names.isEmpty && !panels.isEmpty, "a plot shows something")
        precondition(panels.allSatisfy { $0.values.count == names.count }, "a number for each name")
        self.title = title
        self.names = names
        self.shape = shape
        self.panels = panels
    }
}
