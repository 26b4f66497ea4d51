import Basics
import Foundation
import Testing
import Vocabulary

/// Prevents a template that came with a model from taking the program down: by time, memory or stack.
@Suite struct ChatTemplateLimitTests {
    static let doubling =
        "{% set ns = namespace(x='xxxxxxxx') %}{% for i in range(60) %}"
        + "{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}"
    static let nesting =
        "{% set ns = namespace(x=[]) %}{% for i in range(90000) %}"
        + "{% set ns.x = [ns.x] %}{% endfor %}"
    static let chain =
        "{% set ns = namespace(x=0) %}{% for i in range(90000) %}"
        + "{% set ns.x = namespace(x=ns.x) %}{% endfor %}"
    static let sharing =
        "{% set ns = namespace(x=[1, 1]) %}{% for i in range(60) %}"
        + "{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}"

    @Test(
        "Refuses what runs away",
        arguments: [
            ("{{ range(10 ** 9) }}", "range has more than 100000 numbers"),
            ("{{ range(0, 9223372036854775807) }}", "range has more than 100000 numbers"),
            (
                "{% for a in range(99999) %}{% for b in range(99999) %}{{ b }}{% endfor %}{% endfor %}",
                "takes more than 250000 steps; simplify the template"
            ),
            ("{{ 'x' * 10 ** 9 }}", "makes a text of more than 1048576 bytes"),
            ("{{ 'x' * 10 ** 18 * 10 ** 18 }}", "makes a text of more than 1048576 bytes"),
            ("{{ [0] * 10 ** 9 }}", "takes more than 250000 steps; simplify the template"),
            ("{{ 10 ** 99 }}", "an integer has more than 64 bits"),
            ("{{ 9223372036854775807 + 1 }}", "an integer has more than 64 bits"),
            (
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "is nested more than 200 levels deep"
            ),
            (
                "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
                "is nested more than 200 levels deep"
            ),
            (
                "{% for x in [[]] recursive %}{{ loop([x]) }}{% endfor %}",
                "is nested more than 200 levels deep"
            ),
            (doubling, "makes a text of more than 1048576 bytes"),
            (nesting, "nests values more than 64 levels deep"),
            (chain, "takes more than 250000 steps; simplify the template"),
            (sharing, "takes more than 250000 steps; simplify the template"),
            (
                "{% for a in range(99999) %}{% set x = ['y' * 9999] | join %}{% endfor %}",
                "takes more than 250000 steps; simplify the template"
            ),
            ("{{ 'x' | center(10 ** 12) }}", "makes a text of more than 1048576 bytes"),
            (
                "{{ ('ab' * 99999).replace('', 'c' * 99999) }}",
                "makes a text of more than 1048576 bytes"
            ),
            (
                "{{ (['y' * 99999] * 99) | join('z' * 99999) }}",
                "makes a text of more than 1048576 bytes"
            ),
            (
                "{% for i in range(20000) %}" + String(repeating: "x", count: 64) + "{% endfor %}",
                "makes a text of more than 1048576 bytes"
            ),
        ]
    )
    func refusesWhatRunsAway(template: String, problem: String) throws {
        let read = try ChatTemplateParityTests.template(template)
        let error = #expect(throws: TemplateError.self) { try read.render([]) }
        guard case .failed(_, let line, let found)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found == problem)
        #expect(line == 1)
    }

    static let parentheses =
        String(repeating: "(", count: 80_000) + "1" + String(repeating: ")", count: 80_000)
    static let brackets =
        String(repeating: "[", count: 80_000) + String(repeating: "]", count: 80_000)

    @Test(
        "Refuses what is no expression",
        arguments: [
            (parentheses, "is nested more than 100 levels deep"),
            (brackets, "is nested more than 100 levels deep"),
            ("(1", "unexpected '}'"),
            (String(repeating: "not ", count: 60_000), "is nested more than 100 levels deep"),
            (String(repeating: "- ", count: 80_000), "is nested more than 100 levels deep"),
            ("1" + String(repeating: " + 1", count: 60_000), "more than 100 operators in a row"),
            ("x" + String(repeating: ".x", count: 80_000), "more than 100 operators in a row"),
            ("x" + String(repeating: " | trim", count: 30_000), "more than 100 operators in a row"),
            ("x | evil", "no filter is named 'evil'"),
            ("x is evil", "no test is named 'evil'"),
            ("x ! y", "unexpected character '!'"),
            ("'x", "a string has no end"),
            ("99999999999999999999", "the integer 99999999999999999999 is too large"),
        ]
    )
    func refusesWhatIsNoExpression(expression: String, problem: String) throws {
        let error = #expect(throws: TemplateError.self) {
            try ChatTemplateParityTests.template("\n{{ \(expression) }}")
        }
        guard case .unreadable(_, 2, problem)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "Names statements that are not supported",
        arguments: [
            "include 'x'", "extends 'x'", "import 'x' as x", "block x", "do x", "autoescape true",
        ]
    )
    func namesStatementsThatAreNotSupported(statement: String) throws {
        let error = #expect(throws: TemplateError.self) {
            try ChatTemplateParityTests.template("{% \(statement) %}")
        }
        let name = statement.split(separator: " ")[0]
        #expect(
            error?.description.hasSuffix(
                "chat_template.jinja, line 1: the chat template cannot be read: the statement '\(name)' "
                    + "is not supported; supported are if, for, set, macro, call, filter, with, "
                    + "break, continue, generation and raw"
            ) == true
        )
    }

    @Test("Refuses deeply nested statements") func refusesDeeplyNestedStatements() throws {
        let deep = String(repeating: "{% if 1 %}", count: 20_000)
        #expect(throws: TemplateError.self) { try ChatTemplateParityTests.template(deep) }
        let long = String(repeating: "x", count: 1 << 18) + "x"
        #expect(throws: TemplateError.self) { try ChatTemplateParityTests.template(long) }
    }
}
