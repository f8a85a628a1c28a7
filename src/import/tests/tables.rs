//! Small tables of each shape: what lines and rejects they make.

use std::fmt::Write;
use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::import::{Importer, Mapping, Source};

/// Every line and reject of a table, one a line of text.
fn import(mapping: &str, table: &str) -> String {
    let mapping = Mapping::parse(mapping).unwrap();
    let mut source = Importer::new(Box::new(Cursor::new(table.to_owned())), &mapping, now()).unwrap();
    let (mut lines, mut rejects) = (String::new(), String::new());
    while let Some(batch) = source.next_batch(3).unwrap() {
        assert!(batch.lines.len() + batch.rejects.len() <= 3);
        for NumberedLine { number, line } in batch.lines {
            writeln!(lines, "{number} {}", render(line)).unwrap();
        }
        for reject in batch.rejects {
            writeln!(rejects, "{} rejected: {} {}", reject.line, reject.field, reject.reason).unwrap();
        }
    }
    lines + &rejects
}

fn render(line: Line) -> String {
    match line {
        Line::Case(case) => render_case(&case),
        Line::Event(event) => {
            let shown = format!("{} {} of {}", event.id, event.body.kind(), event.case);
            let by = event.actor.value().map_or(String::new(), |actor| {
                format!(" by {} {}", actor.kind, actor.id.as_deref().unwrap_or("unknown"))
            });
            format!("{} #{} {shown}{by}: {}", event.at, event.seq.value().unwrap(), render_body(&event.body))
        }
        other => format!("{other:?}"),
    }
}

fn render_case(case: &CaseLine) -> String {
    let mut text = format!("case {} created {}", case.id, case.created_at.unwrap());
    let patches = [
        ("initial_channel", &case.initial_channel),
        ("contact_point", &case.contact_point),
        ("requester", &case.requester),
        ("priority", &case.priority),
        ("case_type", &case.case_type),
        ("subject", &case.subject),
        ("team", &case.team),
        ("queue", &case.queue),
        ("assignee", &case.assignee),
    ];
    let named = patches.into_iter().filter_map(|(name, patch)| Some((name, patch.value()?.clone())));
    let others = [
        ("number", case.number.map(|number| number.to_string())),
        ("channel", case.channel.clone()),
        ("direction", case.direction.map(|direction| direction.to_string())),
        ("creator", case.creator.value().map(|actor| format!("{actor:?}"))),
        ("tags", case.tags.as_ref().map(|tags| format!("{tags:?}"))),
        ("attributes", case.attributes.as_ref().map(|attributes| format!("{attributes:?}"))),
    ];
    for (name, value) in others.into_iter().filter_map(|(name, value)| Some((name, value?))).chain(named) {
        write!(text, ", {name} {value}").unwrap();
    }
    text
}

fn render_body(body: &EventPatch) -> String {
    let patch = |name: &str, patch: &Patch<String>| match patch {
        Patch::Absent => String::new(),
        Patch::Null => format!(" no {name}"),
        Patch::Value(value) => format!(" {name} {value}"),
    };
    match body {
        EventPatch::Assignment { kind, agent, team, queue } => {
            format!("{}{}{}{}", kind.unwrap(), patch("agent", agent), patch("team", team), patch("queue", queue))
        }
        EventPatch::StatusChange { status } => status.clone().unwrap(),
        EventPatch::Change { field, to } => format!("{}{}", field.unwrap(), patch("is", to)),
        EventPatch::Message { visibility, opening, .. } => format!("{} opening {opening:?}", visibility.unwrap()),
        EventPatch::Rating { score, comment, .. } => format!("{score:?}{}", patch("saying", comment)),
        EventPatch::Sla { .. } => unreachable!("no table applies policies"),
    }
}

#[test]
fn reads_one_row_a_case() {
    let mapping = r#"
        shape = "cases"
        id = "Ticket"
        number = "Ticket"
        zone = "Europe/Copenhagen"
        date_formats = ["%d-%m-%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z"]
        missing = ["n/a"]
        tags = ["Product", "Area"]
        [columns]
        created_at = "Opened"
        channel = "Via"
        requester = "Customer"
        agent = "Agent"
        team = "Team"
        priority = "Priority"
        subject = "Subject"
        status = "State"
        first_response_at = "Answered"
        resolved_at = "Solved"
        closed_at = "Closed"
        score = "Score"
        comment = "Said"
        attributes = { brand = "Brand" }
        [status]
        Open = "open"
        Waiting = "pending"
        Solved = "resolved"
        Done = "closed"
        [drop]
        Brand = ["test", "demo"]
    "#;
    let table = "\
Ticket,Opened,Via,Customer,Agent,Team,Priority,Subject,State,Answered,Solved,Closed,Score,Said,Product,Area,Brand
T-17,29-03-2025 23:30,email,Kim,Ann,Billing,high,\"Where, please?\",Done,30-03-2025 02:30,31-03-2025 09:00,2025-04-01T09:00:00+0000,5,Fine,Lamp,n/a,x
T-18,30-03-2025 01:00,phone,Bo,n/a,,,n/a,Waiting,30-03-2025 3:15,,,,,,,
T-19,30-03-2025 01:00,phone,Bo,Ann,,,,Open,,,,,,,,demo
T-20,30-03-2025 01:00,phone,Bo,Ann,,,,Solved,,,,,,,,
T-21,1.2.2025,phone,Bo,Ann,,,,Open,,,,,,,,
T-22,30-03-2025 01:00,phone,Bo,Ann,,,,Lost,,,,,,,,
T-23,30-03-2025 01:00
n/a,30-03-2025 01:00,phone,Bo,Ann,,,,Open,,,,,,,,
T-24,30-03-2025 01:00,phone,Bo,Ann,,,,Done,,,30-03-2025 04:00,6,,,,
T-25,30-03-2027 01:00,phone,Bo,Ann,,,,Open,,,,,,,,
";
    insta::assert_snapshot!(import(mapping, table));
}

#[test]
fn reads_one_row_an_update() {
    let mapping = r#"
        shape = "events"
        id = "id"
        date_formats = ["%d/%m/%Y %H:%M"]
        missing = ["?"]
        tags = ["kind", "part"]
        [columns]
        at = "at"
        created_at = "opened"
        status = "state"
        agent = "agent"
        team = "team"
        channel = "channel"
        requester = "caller"
        priority = "priority"
        actor = "by"
        [status]
        New = "new"
        Work = "open"
        Vendor = "on_hold"
        Problem = "on_hold"
        Solved = "resolved"
        Closed = "closed"
        [final]
        resolved_at = "resolved"
        closed_at = "closed"
        resolved_by = "resolver"
    "#;
    // a: rows apart and in one minute; the end dated and signed by the columns. b: reopened, a state that is none. c: out of
    // order in time. d: without a resolution, so closed directly.
    let table = "\
id,at,opened,state,agent,team,channel,caller,priority,kind,part,by,resolved,closed,resolver
a,1/2/2025 10:00,1/2/2025 09:00,New,?,T1,phone,Kim,low,k1,p1,x,1/2/2025 12:30,3/2/2025 9:00,Zoe
b,1/2/2025 10:01,1/2/2025 10:00,Solved,Bo,T1,web,?,low,?,?,?,4/2/2025 10:00,?,?
a,1/2/2025 10:05,1/2/2025 09:00,Work,Ann,T1,phone,Kim,high,k2,p1,y,1/2/2025 12:30,3/2/2025 9:00,Zoe
a,1/2/2025 10:05,1/2/2025 09:00,Vendor,Bo,T2,?,?,high,p1,?,y,1/2/2025 12:30,3/2/2025 9:00,Zoe
a,1/2/2025 10:06,1/2/2025 09:00,Problem,?,T2,web,?,?,p1,?,?,1/2/2025 12:30,3/2/2025 9:00,Zoe
b,2/2/2025 10:00,1/2/2025 10:00,-100,Bo,T1,web,?,low,?,?,?,4/2/2025 10:00,?,?
b,2/2/2025 11:00,1/2/2025 10:00,Work,Bo,T1,web,?,low,?,?,?,4/2/2025 10:00,?,?
a,1/2/2025 12:00,1/2/2025 09:00,Solved,?,T2,web,?,?,p1,?,y,1/2/2025 12:30,3/2/2025 9:00,Zoe
a,3/2/2025 09:02,1/2/2025 09:00,Closed,?,T2,web,?,?,p1,?,y,1/2/2025 12:30,3/2/2025 9:00,Zoe
b,4/2/2025 11:00,1/2/2025 10:00,Solved,?,?,web,?,low,?,?,z,4/2/2025 10:00,?,?
c,1/2/2025 11:10,1/2/2025 09:48,New,?,?,?,?,?,?,?,?,1/2/2025 11:03,5/2/2025 12:00,?
c,1/2/2025 09:52,1/2/2025 09:48,New,?,?,?,?,?,?,?,?,1/2/2025 11:03,5/2/2025 12:00,?
c,1/2/2025 11:03,1/2/2025 09:48,Solved,?,?,?,?,?,?,?,?,1/2/2025 11:03,5/2/2025 12:00,?
c,5/2/2025 12:00,1/2/2025 09:48,Closed,?,?,?,?,?,?,?,?,1/2/2025 11:03,5/2/2025 12:00,?
d,1/2/2025 11:00,?,Solved,?,?,?,?,?,?,?,?,?,5/2/2025 12:00,Zoe
d,5/2/2025 12:01,?,Closed,?,?,?,?,?,?,?,?,?,5/2/2025 12:00,Zoe
d,?,?,Closed,?,?,?,?,?,?,?,?,?,5/2/2025 12:00,Zoe
";
    insta::assert_snapshot!(import(mapping, table));
}

#[test]
fn reads_one_row_a_message_by_thread() {
    let mapping = r#"
        shape = "messages"
        id = "id"
        [columns]
        case = "thread"
        at = "at"
        author = "from"
        author_kind = "kind"
        visibility = "seen"
        subject = "subject"
        channel = "via"
    "#;
    let table = "\
id,thread,at,from,kind,seen,subject,via
m2,t1,2025-02-01 10:00,Ann,agent,internal,,email
m1,t1,2025-02-01T09:00:00+01:00,Kim,customer,,Lamp,email
m3,t1,2025-02-01 10:00,Ann,agent,public,,email
m4,t2,2025-02-01,,bot,,,chat
m5,?,2025-02-01,Kim,user,,,chat
m6,,2025-02-01,Kim,customer,,,chat
m7,t2,soon,Kim,customer,,,chat
";
    insta::assert_snapshot!(import(mapping, table));
}

#[test]
fn reads_one_row_a_message_by_reply() {
    let mapping = r#"
        shape = "messages"
        id = "tweet_id"
        date_formats = ["%a %b %d %H:%M:%S %z %Y"]
        [columns]
        reply_to = "in_response_to"
        at = "created_at"
        author = "author_id"
        inbound = "inbound"
    "#;
    // 3 → 2 → 1; 5 and 6 answer one that is not there; 7 and 8 answer each other.
    let table = "\
tweet_id,author_id,inbound,created_at,in_response_to
3,kim,True,Tue Oct 31 22:11:45 +0000 2017,2
2,acme,False,Tue Oct 31 22:10:47 +0000 2017,1
1,kim,True,Tue Oct 31 22:10:47 +0000 2017,
5,bo,True,Tue Oct 31 22:12:00 +0000 2017,4
6,acme,False,Tue Oct 31 22:13:00 +0000 2017,4
7,cy,True,Tue Oct 31 22:14:00 +0000 2017,8
8,acme,False,Tue Oct 31 22:15:00 +0000 2017,7
9,cy,maybe,Tue Oct 31 22:15:00 +0000 2017,7
";
    insta::assert_snapshot!(import(mapping, table));
}

#[test]
fn a_date_that_fits_two_formats_has_the_first_whatever_came_before() {
    let mapping = r#"
        shape = "cases"
        id = "id"
        date_formats = ["%d/%m/%Y", "%m/%d/%Y"]
        [columns]
        created_at = "opened"
    "#;
    let alone = import(mapping, "id,opened\nb,03/04/2026\n");
    let after = import(mapping, "id,opened\na,12/25/2025\nb,03/04/2026\n");
    let of_b = |lines: &str| lines.lines().last().unwrap().split_once(' ').unwrap().1.to_owned();
    assert_eq!(of_b(&after), of_b(&alone));
}

#[test]
fn refuses_mappings_that_do_not_hold_together() {
    let check = |text: &str, expected: &str| {
        let found = Mapping::parse(text).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(found.contains(expected), "{text}: {found}");
    };
    let events = |rest: &str| format!("shape = \"events\"\nid = \"i\"\n{rest}");
    let at = "[columns]\nat = \"t\"\n";
    assert!(Mapping::parse(&events(at)).is_ok());
    check("id = \"i\"", "missing field `shape`");
    check("shape = \"rows\"\nid = \"i\"", "shape must be one of: cases, events, messages");
    check(&events("key = 1"), "unknown field `key`");
    check(&events("zone = \"Mars/Base\"\n[columns]\nat = \"t\""), "zone must be a time zone");
    check(&events("date_formats = [\"%Q-%!\"]\n[columns]\nat = \"t\""), "date_formats: `%Q-%!`");
    check(&events(""), "columns.at is required in shape `events`");
    check(
        &events(&format!("{at}score = \"s\"")),
        "columns.score is unknown in shape `events`; allowed: at, created_at",
    );
    check(&events(&format!("{at}team = {{ a = \"b\" }}")), "columns.team must be the name of a column");
    check(&events(&format!("{at}team = 7")), "must be the name of a column");
    check(&events(&format!("{at}attributes = \"b\"")), "columns.attributes must be a table");
    check(&events(&format!("{at}status = \"s\"")), "columns.status and [status] are of use only together");
    check(&events(&format!("{at}status = \"s\"\n[status]\nA = \"done\"")), "status.A must be one of: new, open");
    check(&events(&format!("{at}[final]\nopened_at = \"o\"")), "unknown field `opened_at`");
    check(
        "shape = \"cases\"\nid = \"i\"\n[columns]\ncreated_at = \"c\"\n[final]\nclosed_at = \"c\"",
        "[final] is for shape",
    );
    let messages = |rest: &str| format!("shape = \"messages\"\nid = \"i\"\n[columns]\nat = \"t\"\n{rest}");
    check(&messages("case = \"c\""), "needs columns.case or columns.reply_to");
    check(&messages("case = \"c\"\nreply_to = \"r\"\ninbound = \"b\""), "needs columns.case or columns.reply_to");
    let long = "é".repeat(3_000);
    for text in [format!("\"{long}\" = 1"), events(&format!("{at}\"{long}\" = \"c\""))] {
        let error = Mapping::parse(&text).unwrap_err().to_string();
        assert!(error.len() < 700 && error.ends_with('…'), "{error}");
    }
}

#[test]
fn refuses_tables_that_the_mapping_does_not_fit() {
    let mapping = Mapping::parse("shape = \"events\"\nid = \"i\"\n[columns]\nat = \"t\"\n").unwrap();
    let open = |table: &'static [u8]| Importer::new(Box::new(Cursor::new(table)), &mapping, now());
    let error = open(b"i,when\n").err().unwrap().to_string();
    assert_eq!(error, "mapping: column `t` is not in the file, which has: i, when");
    let wide: &'static [u8] = "column,".repeat(3_000).leak().as_bytes();
    assert!(open(wide).err().unwrap().to_string().len() < 700);
    assert!(open(b"").is_err());
    assert!(open("\u{feff}i,t\n".as_bytes()).is_ok());
    let mut source = open(b"i,t\na,2025-01-01\n\xff,2025-01-01\n").unwrap();
    assert_eq!(source.next_batch(10).unwrap().unwrap().rejects[0].reason, "is not UTF-8");
}

#[test]
fn stops_at_a_quote_left_open_before_it_fills_the_memory() {
    let mapping = Mapping::parse("shape = \"events\"\nid = \"i\"\n[columns]\nat = \"t\"\n").unwrap();
    let table = format!("i,t\n\"{}", "x\n".repeat(4 << 20));
    let mut source = Importer::new(Box::new(Cursor::new(table)), &mapping, now()).unwrap();
    let error = source.next_batch(10).unwrap_err().to_string();
    assert!(error.contains("a row is longer than 1048576 bytes"), "{error}");
}

proptest! {
    #[test]
    fn no_table_makes_it_panic(
        shape in prop::sample::select(vec![
            "shape = \"cases\"\nid = \"a\"\nnumber = \"b\"\n[columns]\ncreated_at = \"b\"\nstatus = \"c\"\nclosed_at = \"b\"\nscore = \"d\"\n[status]\nx = \"closed\"",
            "shape = \"events\"\nid = \"a\"\ntags = [\"a\", \"d\"]\n[columns]\nat = \"b\"\nstatus = \"c\"\nagent = \"d\"\n[status]\nx = \"closed\"\ny = \"resolved\"\nz = \"open\"\n[final]\nresolved_at = \"d\"",
            "shape = \"messages\"\nid = \"a\"\n[columns]\nat = \"b\"\nreply_to = \"c\"\ninbound = \"d\"",
        ]),
        rows in prop::collection::vec(
            (
                "[xyz]{0,2}|\\PC{0,5}",
                prop::sample::select(vec!["2025-01-01", "2025-01-02T00:00:00Z", "", "9999-12-31", "2025-01-01 24:00", "\"\n"]),
                "[xyz]?|\\PC{0,5}",
                prop::sample::select(vec!["1", "0", "2025-01-01", "", "9e9", "\"x,\"\""]),
            ),
            0..12,
        ),
    ) {
        let rows: String = rows.iter().map(|(a, b, c, d)| format!("{a},{b},{c},{d}\n")).collect();
        import(shape, &format!("a,b,c,d\n{rows}"));
    }
}
