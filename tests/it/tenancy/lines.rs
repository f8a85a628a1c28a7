//! The data of the worlds: workspaces with the same ids and other names and numbers, so that what is of another shows.

/// Lines of a workspace whose every text holds `mark` and whose times and counts are shifted by `shift`: a case with everything for each of
/// the teams t1 and t2, and some beside them, one of each team that the other had before.
pub fn lines(mark: &str, shift: usize) -> Vec<String> {
    let mut lines: Vec<String> = DIRECTORY.lines().map(str::to_owned).collect();
    for team in [1, 2] {
        for copy in 0..(shift + team) {
            lines.extend(CASE.lines().map(|line| {
                let line = line.replace("CASE", &format!("c{team}{copy}")).replace("TEAM", &format!("t{team}"));
                line.replace("AGENT", &format!("a{team}")).replace("NUMBER", &format!("{}", team * 1_000 + copy))
            }));
        }
    }
    lines.extend(REST.lines().map(str::to_owned));
    let minute = |line: String| line.replace("MM", &format!("{:02}", 10 + 7 * shift)).replace("MARK", mark);
    lines.into_iter().map(minute).filter(|line| !line.is_empty()).collect()
}

/// The lines without the cases of team t1.
pub fn without_t1(lines: &[String]) -> Vec<String> {
    let is_of_t1 = |line: &&String| line.contains(r#""id":"c1"#) || line.contains(r#""case":"c1"#);
    lines.iter().filter(|line| !is_of_t1(line)).cloned().collect()
}

const DIRECTORY: &str = r#"
{"type":"workspace","name":"MARK desk","timezone":"Europe/Copenhagen","business_hours":"office"}
{"type":"business_hours","id":"office","name":"MARK office","timezone":"Europe/Copenhagen","weekly":{"monday":[["09:00","17:00"]],"tuesday":[["09:00","17:MM"]]},"holidays":[{"date":"2026-12-25","name":"MARK day"}]}
{"type":"business_hours","id":"office","from":"2027-01-01T00:00:00Z","name":"MARK office 2027","weekly":{"monday":[["00:00","00:00"]]}}
{"type":"team","id":"t1","name":"MARK billing","business_hours":"office"}
{"type":"team","id":"t2","name":"MARK technics","business_hours":"office"}
{"type":"team","id":"t3","name":"MARK third"}
{"type":"agent","id":"a1","number":17,"name":"MARK Sarah","username":"MARK-sarah","email":"sarah@MARK.test","teams":["t1","t2"]}
{"type":"agent","id":"a2","number":18,"name":"MARK Omar","username":"MARK-omar","email":"omar@MARK.test","teams":["t2"]}
{"type":"presence","agent":"a1","at":"2026-06-01T07:MM:00Z","status":"available"}
{"type":"presence","agent":"a2","at":"2026-06-01T07:MM:00Z","status":"busy"}
{"type":"queue","id":"q1","name":"MARK refunds","team":"t1"}
{"type":"tag","id":"vip","name":"MARK VIP"}
{"type":"tag","id":"beta","name":"MARK beta"}
{"type":"channel","id":"email","label":"MARK mail"}
{"type":"channel","id":"phone","label":"MARK phone"}
{"type":"channel","id":"web","label":"MARK web"}
{"type":"contact_point","id":"cp1","channel":"email","address":"help@MARK.test","label":"MARK help"}
{"type":"customer","id":"cu1","name":"MARK Kim","created_at":"2026-01-02T03:MM:05Z"}
{"type":"customer","id":"cu2","name":"MARK Lee","created_at":"2026-01-02T03:MM:05Z"}
{"type":"status","id":"vendor","label":"MARK vendor","category":"on_hold"}
{"type":"sla_policy","id":"gold","name":"MARK gold","position":1,"conditions":{"channel":["email"],"case_type":["question"],"priority":["normal"],"team":["t1","t2"],"queue":["q1"],"tag":["vip"]},"targets":[{"metric":"first_reply","priority":"urgent","goal_seconds":900,"clock":"calendar"},{"metric":"first_reply","goal_seconds":1800,"clock":"calendar"},{"metric":"next_reply","goal_seconds":600},{"metric":"resolution","goal_seconds":28800,"clock":"business"}]}
{"type":"sla_policy","id":"gold","from":"2027-01-01T00:00:00Z","name":"MARK gold 2027","targets":[]}
"#;

const CASE: &str = r#"
{"type":"case","id":"CASE","number":NUMBER,"created_at":"2026-05-26T08:MM:00Z","channel":"email","initial_channel":"phone","direction":"inbound","contact_point":"cp1","requester":"cu1","creator":{"kind":"customer","id":"cu1"},"priority":"normal","case_type":"question","subject":"MARK CASE","team":"TEAM","queue":"q1","tags":["vip"],"attributes":{"brand":"MARK","area":"north"}}
{"type":"message","case":"CASE","id":"CASE-m1","at":"2026-05-26T08:MM:00Z","author":{"kind":"customer","id":"cu1"},"opening":true}
{"type":"assignment","case":"CASE","id":"CASE-e2","at":"2026-05-26T08:MM:30Z","seq":2,"action":"CASE-x0","kind":"assign","agent":"AGENT","team":"TEAM","queue":"q1","actor":{"kind":"system"}}
{"type":"message","case":"CASE","id":"CASE-m3","at":"2026-05-26T09:00:00Z","seq":3,"author":{"kind":"agent","id":"AGENT"},"edited_at":"2026-05-26T09:01:00Z","action":"CASE-x1"}
{"type":"status_change","case":"CASE","id":"CASE-e4","at":"2026-05-26T09:00:00Z","seq":4,"status":"vendor","actor":{"kind":"agent","id":"AGENT"},"action":"CASE-x1"}
{"type":"message","case":"CASE","id":"CASE-m5","at":"2026-05-26T09:10:00Z","author":{"kind":"agent","id":"AGENT"},"visibility":"internal"}
{"type":"message","case":"CASE","id":"CASE-m6","at":"2026-05-26T10:00:00Z","author":{"kind":"customer","id":"cu1"}}
{"type":"change","case":"CASE","id":"CASE-e7","at":"2026-05-26T10:01:00Z","seq":5,"action":"CASE-x2","field":"tag_added","to":"beta","actor":{"kind":"agent","id":"AGENT"}}
{"type":"message","case":"CASE","id":"CASE-m8","at":"2026-05-26T10:MM:00Z","author":{"kind":"agent","id":"AGENT"}}
{"type":"sla","case":"CASE","id":"CASE-e9","at":"2026-05-26T10:MM:30Z","seq":6,"action":"CASE-x3","actor":{"kind":"system"},"policy":"gold"}
{"type":"assignment","case":"CASE","id":"CASE-e0","at":"2026-05-26T10:50:00Z","kind":"assign","team":"t3","agent":"a2","actor":{"kind":"agent","id":"AGENT"}}
{"type":"assignment","case":"CASE","id":"CASE-ea","at":"2026-05-26T11:00:00Z","kind":"assign","agent":"a2","team":"TEAM","queue":"q1","actor":{"kind":"agent","id":"AGENT"}}
{"type":"message","case":"CASE","id":"CASE-mb","at":"2026-05-26T11:05:00Z","author":{"kind":"agent","id":"a2"}}
{"type":"status_change","case":"CASE","id":"CASE-ec","at":"2026-05-26T11:06:00Z","status":"resolved","actor":{"kind":"agent","id":"a2"}}
{"type":"change","case":"CASE","id":"CASE-f1a","at":"2026-05-26T10:02:00Z","field":"priority","to":"low","actor":{"kind":"agent","id":"AGENT"}}
{"type":"change","case":"CASE","id":"CASE-f1","at":"2026-05-26T10:03:00Z","field":"priority","to":"normal","actor":{"kind":"agent","id":"AGENT"}}
{"type":"change","case":"CASE","id":"CASE-f2a","at":"2026-05-26T10:02:00Z","field":"case_type","to":"task","actor":{"kind":"agent","id":"AGENT"}}
{"type":"change","case":"CASE","id":"CASE-f2","at":"2026-05-26T10:03:00Z","field":"case_type","to":"question","actor":{"kind":"agent","id":"AGENT"}}
{"type":"status_change","case":"CASE","id":"CASE-f3","at":"2026-05-26T11:16:00Z","status":"open","actor":{"kind":"customer","id":"cu1"}}
{"type":"status_change","case":"CASE","id":"CASE-f4","at":"2026-05-26T11:26:00Z","status":"resolved","actor":{"kind":"agent","id":"a2"}}
{"type":"status_change","case":"CASE","id":"CASE-ed","at":"2026-05-26T12:06:00Z","status":"closed","actor":{"kind":"agent","id":"a2"}}
{"type":"rating","case":"CASE","id":"CASE-r1","offered_at":"2026-05-26T11:07:00Z","at":"2026-05-26T12:MM:00Z","score":5,"comment":"MARK thanks","agent":"a2","seq":7,"action":"CASE-x4","actor":{"kind":"customer","id":"cu1"},"team":"TEAM","queue":"q1"}
"#;

const REST: &str = r#"
{"type":"case","id":"c1x","number":90,"created_at":"2026-05-30T08:MM:00Z","channel":"web","direction":"outbound","requester":"cu2","priority":"urgent","subject":"MARK open one","team":"t1","assignee":"a1"}
{"type":"case","id":"c2x","number":91,"created_at":"2026-05-30T08:MM:00Z","channel":"email","direction":"inbound","requester":"cu2","priority":"normal","case_type":"question","queue":"q1","tags":["vip"],"subject":"MARK open two","team":"t2","assignee":"a2"}
{"type":"message","case":"c2x","id":"c2x-m","at":"2026-05-30T08:MM:00Z","author":{"kind":"customer","id":"cu2"}}
{"type":"case","id":"c1m","number":92,"created_at":"2026-05-30T08:00:00Z","channel":"web","state":"merged","merged_into":"c10","team":"t1","requester":"cu1"}
{"type":"case","id":"c2m","number":94,"created_at":"2026-05-30T08:00:00Z","channel":"web","state":"merged","merged_into":"c10","team":"t2","requester":"cu1","subject":"MARK merged into another team's"}
{"type":"case","id":"c1v","number":95,"created_at":"2026-05-28T08:MM:00Z","channel":"email","requester":"cu1","subject":"MARK given away","team":"t2","assignee":"a2","queue":"q1"}
{"type":"message","case":"c1v","id":"c1v-m1","at":"2026-05-28T08:MM:00Z","author":{"kind":"customer","id":"cu1"}}
{"type":"message","case":"c1v","id":"c1v-m2","at":"2026-05-28T09:00:00Z","author":{"kind":"agent","id":"a2"}}
{"type":"assignment","case":"c1v","id":"c1v-e3","at":"2026-05-28T10:00:00Z","kind":"transfer","agent":"a1","team":"t1","actor":{"kind":"agent","id":"a2"}}
{"type":"case","id":"c2v","number":96,"created_at":"2026-05-28T08:MM:00Z","channel":"email","requester":"cu1","subject":"MARK taken over","team":"t1","assignee":"a1","queue":"q1"}
{"type":"message","case":"c2v","id":"c2v-m1","at":"2026-05-28T08:MM:00Z","author":{"kind":"customer","id":"cu1"}}
{"type":"message","case":"c2v","id":"c2v-m2","at":"2026-05-28T09:00:00Z","author":{"kind":"agent","id":"a1"}}
{"type":"assignment","case":"c2v","id":"c2v-e3","at":"2026-05-28T10:00:00Z","kind":"transfer","agent":"a2","team":"t2","actor":{"kind":"agent","id":"a1"}}
{"type":"case","id":"c3","number":93,"created_at":"2026-05-30T09:MM:00Z","channel":"email","requester":"cu2","subject":"MARK of no team"}
{"type":"case","id":"c1o","number":81,"created_at":"2026-04-20T08:MM:00Z","channel":"email","direction":"inbound","requester":"cu1","creator":{"kind":"customer","id":"cu1"},"priority":"normal","case_type":"question","subject":"MARK old one","team":"t1","assignee":"a1","queue":"q1","tags":["vip"]}
{"type":"message","case":"c1o","id":"c1o-m1","at":"2026-04-20T08:MM:00Z","author":{"kind":"customer","id":"cu1"}}
{"type":"message","case":"c1o","id":"c1o-m2","at":"2026-04-20T09:00:00Z","author":{"kind":"agent","id":"a1"}}
{"type":"status_change","case":"c1o","id":"c1o-e3","at":"2026-04-20T09:30:00Z","status":"closed","actor":{"kind":"agent","id":"a1"}}
{"type":"rating","case":"c1o","id":"c1o-r1","offered_at":"2026-04-20T09:31:00Z","at":"2026-04-20T10:MM:00Z","score":2,"agent":"a1"}
{"type":"case","id":"c2o","number":82,"created_at":"2026-04-20T08:MM:00Z","channel":"email","direction":"inbound","requester":"cu1","creator":{"kind":"customer","id":"cu1"},"priority":"normal","case_type":"question","subject":"MARK old one","team":"t2","assignee":"a2","queue":"q1","tags":["vip"]}
{"type":"message","case":"c2o","id":"c2o-m1","at":"2026-04-20T08:MM:00Z","author":{"kind":"customer","id":"cu1"}}
{"type":"message","case":"c2o","id":"c2o-m2","at":"2026-04-20T09:00:00Z","author":{"kind":"agent","id":"a2"}}
{"type":"status_change","case":"c2o","id":"c2o-e3","at":"2026-04-20T09:30:00Z","status":"closed","actor":{"kind":"agent","id":"a2"}}
{"type":"rating","case":"c2o","id":"c2o-r1","offered_at":"2026-04-20T09:31:00Z","at":"2026-04-20T10:MM:00Z","score":2,"agent":"a2"}
"#;
