//! What every argument of the schema can be given, what may be left out included: one that the schema gains must be given something here.

use async_graphql::parser::types::{BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind};
use deskgraph::graphql::node::{Kind, global_id};

use super::sdl::{PERIOD, Sdl, base, ids};

/// Columns of the tables that are asked for.
const COLUMNS: &str = r#"[{metric: CREATED_CASES, as: "a"}]"#;
/// What a call gives, by the name of the argument.
type Given = Vec<(String, String)>;

impl Sdl {
    /// Calls of a field as plain as they can be, and with each argument at each of its values; `cursors` mark places in a page that somebody
    /// was given.
    pub fn calls(&self, parent: &str, field: &FieldDefinition, cursors: &[String]) -> Vec<String> {
        let plain = self.plain(parent, field);
        let mut calls = vec![call(field, &plain)];
        for argument in field.arguments.iter().map(|argument| &argument.node) {
            let name = argument.name.node.as_str();
            let values = match name {
                "after" | "before" => cursors.iter().map(|cursor| format!("\"{cursor}\"")).collect(),
                _ => self.values_of(parent, field, argument),
            };
            // By which attribute a filter goes makes no difference to who passes it on.
            let most = if parent != "Query" && name == "filter" { 3 } else { usize::MAX };
            for value in values.into_iter().take(most) {
                let mut given: Given = plain.iter().filter(|(given, _)| given != name).cloned().collect();
                given.push((name.to_owned(), value));
                calls.push(call(field, &given));
            }
        }
        calls.dedup();
        calls
    }

    /// The arguments without which a field cannot be asked, and the period that the worlds are about.
    fn plain(&self, parent: &str, field: &FieldDefinition) -> Given {
        let mut given = Vec::new();
        for argument in field.arguments.iter().map(|argument| &argument.node) {
            let is_optional = argument.ty.node.nullable || argument.default_value.is_some();
            if base(&argument.ty.node) == "PeriodInput" {
                given.push(("period".to_owned(), PERIOD.to_owned()));
            } else if !is_optional {
                given.push((argument.name.node.to_string(), self.values_of(parent, field, argument).remove(0)));
            }
        }
        given
    }

    /// Values of an argument, the first of them one that any call can have.
    fn values_of(&self, parent: &str, field: &FieldDefinition, argument: &InputValueDefinition) -> Vec<String> {
        let of = base(&argument.ty.node);
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        match (of.as_str(), argument.name.node.as_str()) {
            ("Filter", _) => self.filters(),
            ("PeriodInput", _) => {
                texts(&[PERIOD, "{preset: THIS_YEAR}", "{preset: PREVIOUS_MONTH}", "{last: \"P60D\"}"])
            }
            ("TimeZone", _) => texts(&["\"Asia/Kathmandu\""]),
            ("CaseOrder" | "AgentOrder", _) => {
                let fields = self.values(&format!("{of}Field"));
                let both = |field: &String| ["ASC", "DESC"].map(|way| format!("{{field: {field}, direction: {way}}}"));
                fields.iter().flat_map(both).collect()
            }
            ("TableOrder", _) => texts(&[r#"{column: "a", direction: DESC}"#, r#"{column: "b", direction: ASC}"#]),
            ("MetricColumn", _) => {
                let one = |metric: &String| format!("[{{metric: {metric}}}]");
                [COLUMNS.to_owned()].into_iter().chain(self.values("MetricId").iter().map(one)).collect()
            }
            ("SlaGoalsInput", _) => texts(&[
                "{firstReplySeconds: 60}",
                "{nextReplySeconds: 60, clock: BUSINESS}",
                "{resolutionSeconds: 60}",
            ]),
            ("CaseBy" | "AgentBy" | "DirectoryBy", _) => by(&of, field.name.node.as_str()),
            ("ID", "id") => ids().iter().map(|id| format!("\"{id}\"")).collect(),
            ("ID", "ids") => {
                let ids: Vec<_> = ids().iter().map(|id| format!("\"{id}\"")).collect();
                vec![format!("[{}]", ids.join(", "))]
            }
            (_, "search") => {
                texts(&["\"mark\"", "\"acmemark\"", "\"othermark\"", "\"c1\"", "\"100\"", "\"t1\"", "\"billing\""])
            }
            (_, "first" | "last" | "limit") => texts(&["1", "3"]),
            (_, "caseNumbers") => texts(&["[1000]", "[2000]", "[1000, 2000, 90, 91, 92]"]),
            (_, "p" | "percentage") => texts(&["90", "0", "50", "100"]),
            ("Boolean", _) => texts(&["true", "false"]),
            (_, name) => {
                let is_list = is_list(&argument.ty.node);
                let words = self.values(&of).into_iter();
                let values: Vec<_> = words.map(|word| if is_list { format!("[{word}]") } else { word }).collect();
                assert!(!values.is_empty(), "no value for {parent}.{}({name}: {of}); give it one", field.name.node);
                values
            }
        }
    }

    /// Filters by each attribute there is.
    fn filters(&self) -> Vec<String> {
        let Some(TypeKind::InputObject(filter)) = self.0.get("Filter").map(|of| &of.kind) else { panic!("no filter") };
        let team = global_id(Kind::Team, "t1");
        let mut filters = vec![
            format!("{{team: [\"{}\"]}}", team.as_str()),
            r#"{team: ["t1", "t2"]}"#.to_owned(),
            r#"{agent: ["a1"]}"#.to_owned(),
        ];
        for of in filter.fields.iter().map(|of| &of.node) {
            let value = match of.name.node.as_str() {
                "agent" => r#"["a2"]"#,
                "team" => r#"["t1"]"#,
                "queue" => r#"["q1"]"#,
                "channel" => r#"["email"]"#,
                "initialChannel" => r#"["phone"]"#,
                "initialDirection" => "[INBOUND]",
                "tag" => r#"["vip", "beta"]"#,
                "contactPoint" => r#"["cp1"]"#,
                "slaPolicy" => r#"["gold"]"#,
                "priority" => r#"["normal"]"#,
                "caseType" => r#"["question"]"#,
                "status" => "[CLOSED]",
                "requester" => r#"["cu1"]"#,
                "hourOfDay" => "[7, 8, 9, 10]",
                "dayOfWeek" => "[2]",
                "unset" => "[TEAM]",
                "not" => r#"{team: ["t2"]}"#,
                other => panic!("no value for the filter's {other}; give it one"),
            };
            filters.push(format!("{{{}: {value}}}", of.name.node));
        }
        filters
    }
}

/// Ways to name one thing, each with a field of the input; the numbers and login names are those of the worlds.
fn by(of: &str, noun: &str) -> Vec<String> {
    let all = |kind: Kind, keys: &[&str]| -> Vec<String> {
        let ways = |key: &&str| {
            [format!("{{externalId: \"{key}\"}}"), format!("{{id: \"{}\"}}", global_id(kind, key).as_str())]
        };
        keys.iter().flat_map(ways).collect()
    };
    let mut values = match (of, noun) {
        ("CaseBy", _) => all(Kind::Case, &["c10", "c20", "c1x", "c2x", "c1m", "c2m", "c1v", "c2v", "c3"]),
        ("AgentBy", _) => all(Kind::Agent, &["a1", "a2"]),
        (_, "team") => all(Kind::Team, &["t1", "t2"]),
        (_, "queue") => all(Kind::Queue, &["q1"]),
        (_, "slaPolicy") => all(Kind::SlaPolicy, &["gold"]),
        _ => panic!("no way to name a {noun}; give it one"),
    };
    let more: &[&str] = match of {
        "CaseBy" => &["{number: 1000}", "{number: 2000}", "{number: 92}"],
        "AgentBy" => &["{number: 17}", r#"{username: "acmemark-sarah"}"#, r#"{username: "othermark-sarah"}"#],
        _ => &[],
    };
    values.extend(more.iter().map(|&way| way.to_owned()));
    values
}

fn is_list(of: &Type) -> bool {
    matches!(of.base, BaseType::List(_))
}

fn call(field: &FieldDefinition, given: &Given) -> String {
    let given: Vec<String> = given.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    if given.is_empty() { field.name.node.to_string() } else { format!("{}({})", field.name.node, given.join(", ")) }
}
