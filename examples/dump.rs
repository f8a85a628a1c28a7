//! temporary
use std::io::Write;
fn main() {
    let n: u32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let t = std::time::Instant::now();
    let out = std::io::stdout();
    let mut out = std::io::BufWriter::with_capacity(1 << 20, out.lock());
    let mut c = 0;
    let mut b = 0;
    let p = deskgraph::app::demo::Plan {
        seed: 2026,
        cases: n,
        now: deskgraph::model::Instant::parse("2026-11-21T08:20:00Z").unwrap(),
    };
    for l in p.lines() {
        c += 1;
        b += l.len();
        writeln!(out, "{l}").unwrap();
    }
    eprintln!("{c} lines {b} bytes {:?}", t.elapsed());
}
