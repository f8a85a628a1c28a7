//! Every field of the schema, and ways that lead to it: requests made of the schema's definition alone, with arguments that mean something
//! in the worlds.

use std::collections::{BTreeMap, VecDeque};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use deskgraph::graphql::node::{Kind, global_id, version_key};
use deskgraph::model::Instant;
use deskgraph::record::RecordKind;

/// Where a way goes on.
const HOLE: &str = "@";
/// Most ways to one type that are kept, through one field and in all, and the longest, in fields.
const WAYS: (usize, usize) = (36, 120);
const LONGEST: usize = 6;
/// The stretch that all periods are.
pub const PERIOD: &str = r#"{interval: {from: "2026-05-01T00:00:00Z", until: "2026-06-01T12:00:00Z"}}"#;

/// The schema's types.
pub struct Sdl(pub BTreeMap<String, TypeDefinition>);

/// A request that leads to objects of a type, with a hole for what is asked of them.
#[derive(Clone, Debug)]
pub struct Way {
    text: String,
    fields: usize,
}

impl Way {
    /// The request that asks that of each object.
    pub fn asking(&self, selection: &str) -> String {
        self.text.replace(HOLE, selection)
    }
}

impl Sdl {
    pub fn read() -> Sdl {
        let document = parse_schema(deskgraph::graphql::sdl()).unwrap();
        let types = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(of) => Some((of.node.name.node.to_string(), of.node)),
            _ => None,
        });
        Sdl(types.collect())
    }

    /// The fields of an object or interface.
    pub fn fields(&self, name: &str) -> Vec<&FieldDefinition> {
        match self.0.get(name).map(|of| &of.kind) {
            Some(TypeKind::Object(of)) => of.fields.iter().map(|field| &field.node).collect(),
            Some(TypeKind::Interface(of)) => of.fields.iter().map(|field| &field.node).collect(),
            _ => Vec::new(),
        }
    }

    pub fn is_object(&self, name: &str) -> bool {
        matches!(self.0.get(name).map(|of| &of.kind), Some(TypeKind::Object(_)))
    }

    /// The objects that something of a type may be: itself, or what implements or makes it up.
    pub fn objects(&self, name: &str) -> Vec<String> {
        match self.0.get(name).map(|of| &of.kind) {
            Some(TypeKind::Object(_)) => vec![name.to_owned()],
            Some(TypeKind::Union(of)) => of.members.iter().map(|member| member.node.to_string()).collect(),
            Some(TypeKind::Interface(_)) => {
                let implements = |of: &TypeDefinition| match &of.kind {
                    TypeKind::Object(object) => object.implements.iter().any(|found| found.node == name),
                    _ => false,
                };
                self.0.iter().filter(|(_, of)| implements(of)).map(|(name, _)| name.clone()).collect()
            }
            _ => Vec::new(),
        }
    }

    pub fn values(&self, name: &str) -> Vec<String> {
        match self.0.get(name).map(|of| &of.kind) {
            Some(TypeKind::Enum(of)) => of.values.iter().map(|value| value.node.value.node.to_string()).collect(),
            _ => Vec::new(),
        }
    }

    /// The ways in which a field can be asked: its arguments, in several forms where that leads to other things.
    pub fn arguments(&self, parent: &str, field: &FieldDefinition) -> Vec<String> {
        let name = field.name.node.as_str();
        let by = |ids: &[&str]| ids.iter().map(|id| format!(r#"(by: {{externalId: "{id}"}})"#)).collect::<Vec<_>>();
        match (parent, name) {
            ("Query", "case") => return by(&["c10", "c20", "c1x", "c2x", "c1m"]),
            ("Query", "agent") => return by(&["a1", "a2"]),
            ("Query", "team") => return by(&["t1", "t2"]),
            ("Query", "queue") => return by(&["q1"]),
            ("Query", "slaPolicy") => return by(&["gold"]),
            ("Query", "node") => return ids().iter().map(|id| format!(r#"(id: "{id}")"#)).collect(),
            ("Query", "nodes") => {
                let ids: Vec<String> = ids().iter().map(|id| format!("\"{id}\"")).collect();
                return vec![format!("(ids: [{}])", ids.join(", "))];
            }
            ("Query", "table") => {
                let metrics =
                    "[{metric: CREATED_CASES}, {metric: ACTIVE_AGENTS}, {metric: FIRST_RESPONSE_TIME}, {metric: CSAT}]";
                let table = |more: &str| format!("(metrics: {metrics}, period: {PERIOD}{more})");
                return vec![
                    table(""),
                    format!(
                        "(metrics: [{{metric: CREATED_CASES}}], dimensions: [AGENT], grain: DAY, period: {PERIOD})"
                    ),
                ];
            }
            _ => {}
        }
        let mut forms = vec![String::new()];
        for argument in field.arguments.iter().map(|argument| &argument.node) {
            let of = base(&argument.ty.node);
            let values: Vec<String> = match (of.as_str(), argument.name.node.as_str()) {
                ("PeriodInput", _) => vec![PERIOD.to_owned()],
                ("SlaGoalsInput", _) => vec!["{firstReplySeconds: 60}".to_owned()],
                ("Float", _) if !argument.ty.node.nullable => vec!["90".to_owned()],
                _ if argument.ty.node.nullable || argument.default_value.is_some() => continue,
                _ if parent == "Query" => self.values(&of),
                ("Dimension" | "SlaDimension", _) => vec!["AGENT".to_owned(), "TEAM".to_owned()],
                ("Grain", _) => vec!["DAY".to_owned()],
                _ => self.values(&of).into_iter().take(1).collect(),
            };
            assert!(!values.is_empty(), "no value for {parent}.{name}({}: {of}); give it one", argument.name.node);
            let name = &argument.name.node;
            forms = forms
                .iter()
                .flat_map(|form| {
                    values.iter().map(move |value| {
                        if form.is_empty() { format!("{name}: {value}") } else { format!("{form}, {name}: {value}") }
                    })
                })
                .collect();
        }
        forms.iter().map(|form| if form.is_empty() { String::new() } else { format!("({form})") }).collect()
    }

    /// Ways to every object type that can be reached, the shortest first.
    pub fn ways(&self) -> BTreeMap<String, Vec<Way>> {
        let mut found: BTreeMap<String, Vec<Way>> = BTreeMap::new();
        let mut through: BTreeMap<(String, String), usize> = BTreeMap::new();
        let start = Way { text: format!("{{ {HOLE} }}"), fields: 0 };
        let mut open = VecDeque::from([("Query".to_owned(), String::new(), start)]);
        while let Some((name, edge, way)) = open.pop_front() {
            let kept = found.entry(name.clone()).or_default();
            let through = through.entry((name.clone(), edge)).or_default();
            if kept.len() >= WAYS.1 || *through >= WAYS.0 || way.fields > LONGEST {
                continue;
            }
            *through += 1;
            kept.push(way.clone());
            for field in self.fields(&name) {
                let of = base(&field.ty.node);
                let objects = self.objects(&of);
                for form in self.arguments(&name, field) {
                    let mut call = format!("{}{form}", field.name.node);
                    // Of a count there is no average.
                    if name == "MetricDefinition" && way.text.contains("FIRST_RESPONSE_TIME") {
                        call = call.replace("data(", "data(aggregations: [AVERAGE], ");
                    }
                    for object in objects.iter().filter(|object| leads_to(&call, object)) {
                        let inner =
                            if *object == of { HOLE.to_owned() } else { format!("... on {object} {{ {HOLE} }}") };
                        let text = way.text.replace(HOLE, &format!("{call} {{ {inner} }}"));
                        let edge = format!("{name}.{}", field.name.node);
                        open.push_back((object.clone(), edge, Way { text, fields: way.fields + 1 }));
                    }
                }
            }
        }
        found
    }

    /// What asks for a field, its own fields by their type's name alone.
    pub fn asked(&self, parent: &str, field: &FieldDefinition) -> String {
        let form = self.arguments(parent, field).into_iter().next().unwrap_or_default();
        let is_leaf = self.objects(&base(&field.ty.node)).is_empty();
        format!("{}{form}{}", field.name.node, if is_leaf { "" } else { " { __typename }" })
    }
}

/// Whether a call can give an object of a type: `node` gives one of the type that its id names.
fn leads_to(call: &str, object: &str) -> bool {
    let Some(id) = call.strip_prefix("node(id: \"").and_then(|rest| rest.strip_suffix("\")")) else { return true };
    let text = URL_SAFE_NO_PAD.decode(id).unwrap();
    String::from_utf8(text).unwrap().split(':').next() == Some(object)
}

/// The name of what a type is of, without lists and nulls.
pub fn base(of: &Type) -> String {
    match &of.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(inner) => base(inner),
    }
}

/// A global id of each kind that the worlds have, of both teams where it is of a case.
pub fn ids() -> Vec<String> {
    let mut ids = Vec::new();
    for case in ["c10", "c20"] {
        for (kind, end) in [
            (Kind::Case, ""),
            (Kind::Message, "-m1"),
            (Kind::Message, "-m3"),
            (Kind::Assignment, "-e2"),
            (Kind::StatusChange, "-e4"),
            (Kind::PropertyChange, "-e7"),
            (Kind::SlaApplication, "-e9"),
            (Kind::RatingEvent, "-r1"),
            (Kind::Rating, "-r1"),
        ] {
            ids.push(global_id(kind, &format!("{case}{end}")).to_string());
        }
        ids.push(global_id(Kind::SlaClock, &format!("first_reply:0:{case}")).to_string());
        for kind in RecordKind::ALL.iter().filter(|kind| **kind != RecordKind::Presence) {
            ids.push(global_id(Kind::Record, &format!("{kind}:0:{case}")).to_string());
        }
    }
    ids.push(global_id(Kind::Record, &format!("{}:0:a1", RecordKind::Presence)).to_string());
    for value in ["agent:a1", "team:t1", "team:t2", "requester:cu2", "priority:urgent", "channel:web"] {
        ids.push(global_id(Kind::FilterValue, value).to_string());
    }
    for (kind, key) in [
        (Kind::Agent, "a1".to_owned()),
        (Kind::Team, "t1".to_owned()),
        (Kind::Queue, "q1".to_owned()),
        (Kind::Tag, "vip".to_owned()),
        (Kind::Channel, "email".to_owned()),
        (Kind::ContactPoint, "cp1".to_owned()),
        (Kind::Customer, "cu1".to_owned()),
        (Kind::SlaPolicy, version_key("gold", None)),
        (Kind::BusinessHours, version_key("office", None)),
        (Kind::SlaPolicy, version_key("gold", Instant::parse("2027-01-01T00:00:00Z"))),
        (Kind::BusinessHours, version_key("office", Instant::parse("2027-01-01T00:00:00Z"))),
        (Kind::Workspace, "acme".to_owned()),
        (Kind::Workspace, "other".to_owned()),
    ] {
        ids.push(global_id(kind, &key).to_string());
    }
    ids
}
