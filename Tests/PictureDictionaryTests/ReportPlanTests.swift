import Basics
import Generating
import JamTesting
import PictureDictionary
import Testing

@Suite struct ReportPlanTests {
    @Test("Reads YAML") func readsYAML() throws {
        let scratch = try ScratchFolder()
        let yaml = """
            models:
              - {name: text, label: text parent, folder: models/text, kind: text_parent}
              - {name: cross-2, label: Cross, folder: runs/cross-2, kind: tuned}
            ablations:
              - {variable: bridges, arms: [{label: "2", model: cross-2}]}
            """
        let path = try scratch.write("plan.yaml", Array(yaml.utf8))
        let plan = try ReportPlan(contentsOf: path)
        #expect(plan.models.map(\.name) == ["text", "cross-2"])
        #expect(plan.models.map(\.label) == ["text parent", "Cross"])
        #expect(plan.models.map(\.folder) == ["models/text", "runs/cross-2"])
        #expect(plan.models.map(\.kind) == [.textParent, .tuned])
        #expect(plan.ablations.map(\.variable) == [.bridges])
        #expect(plan.ablations[0].arms.map(\.label) == ["2"])
        #expect(plan.ablations[0].arms.map(\.model) == ["cross-2"])
    }

    @Test(
        "Errors name the field",
        arguments: [
            ("{\"models\": []}", "models: at least one is expected"),
            (
                "{\"models\": [\(entry("a/b", "tuned"))]}",
                "models[0].name: \"a/b\" names files: only a to z, 0 to 9, - and _ are allowed"
            ),
            (
                "{\"models\": [\(entry("a", "tuned")), \(entry("a", "fused"))]}",
                "models[1].name: duplicate \"a\""
            ),
            (
                "{\"models\": [\(entry("a", "text_parent")), \(entry("b", "text_parent"))]}",
                "models[1].kind: \"a\" is the text_parent already"
            ),
            (
                "{\"models\": [\(entry("a", "text"))]}",
                "models[0].kind: \"text\" is not known; known are "
                    + "\"text_parent\", \"image_parent\", \"fused\", \"tuned\""
            ),
            (
                "{\"models\": [\(entry("a", "tuned"))], \"ablations\": [{\"variable\": \"methods\", "
                    + "\"arms\": [{\"label\": \"x\", \"model\": \"b\"}]}]}",
                "ablations[0].arms[0].model: there is no \"b\" among the models"
            ),
            (
                "{\"models\": [\(entry("a", "tuned"))], \"ablations\": [{\"variable\": \"methods\", "
                    + "\"arms\": []}]}",
                "ablations[0].arms: at least one is expected"
            ),
        ]
    )
    func errorsNameTheField(plan: String, problem: String) throws {
        let json = try JSON(parsing: Array(plan.utf8))
        let error = #expect(throws: JSONFieldError.self) { try ReportPlan(json, source: "plan") }
        #expect(error?.description == "plan: " + problem)
    }

    @Test("Options are checked") func optionsAreChecked() {
        #expect(throws: SettingError.self) { try ReportOptions(guidance: .classifierFree(-1)) }
    }

    private static func entry(_ name: String, _ kind: String) -> String {
        "{\"name\": \"\(name)\", \"label\": \"x\", \"folder\": \"y\", \"kind\": \"\(kind)\"}"
    }
}
