//! How the texts of options are read.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::auth::SigningAlgorithm;
use crate::model::{Instant, Role};

/// A text that is not to be seen; prints as `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// The text, for the one who needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for Hidden {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Hidden, Self::Err> {
        Ok(Hidden(text.to_owned()))
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A text that can stand in a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderText(String);

impl HeaderText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads the origin of a site: scheme, host and perhaps port, as browsers send it.
pub(super) fn parse_origin(text: &str) -> Result<HeaderText, String> {
    let wrong = || "not an origin such as https://desk.example, nor `*`".to_owned();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_host =
        |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b));
    (text == "*" || rest.is_some_and(is_host)).then(|| HeaderText(text.to_owned())).ok_or_else(wrong)
}

pub(super) fn parse_instant(text: &str) -> Result<Instant, String> {
    Instant::parse(text).ok_or_else(|| "not an instant with an offset, such as 2026-06-01T12:00:00Z".to_owned())
}

pub(super) fn parse_role(text: &str) -> Result<Role, String> {
    Role::from_word(text).ok_or_else(|| "not one of agent, manager, admin, owner".to_owned())
}

/// Reads `90s`, `15m`, `1h`, `7d`, or several of them in one (`1h30m`); at least a second, at most ten years.
pub(super) fn parse_span(text: &str) -> Result<Duration, String> {
    const LIMIT_SECONDS: u64 = 3_660 * 86_400;
    let wrong = || "not a span from 1s to 3660d, such as 90s, 15m, 1h or 7d".to_owned();
    let mut seconds = 0_u64;
    let mut digits = String::new();
    for letter in text.chars() {
        let unit_seconds = match letter {
            '0'..='9' => {
                digits.push(letter);
                continue;
            }
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            _ => return Err(wrong()),
        };
        let count: u64 = std::mem::take(&mut digits).parse().map_err(|_| wrong())?;
        seconds = count.checked_mul(unit_seconds).and_then(|part| seconds.checked_add(part)).ok_or_else(wrong)?;
    }
    if !digits.is_empty() || !(1..=LIMIT_SECONDS).contains(&seconds) {
        return Err(wrong());
    }
    Ok(Duration::from_secs(seconds))
}

pub(super) fn parse_algorithm(text: &str) -> Result<SigningAlgorithm, String> {
    let known = || SigningAlgorithm::ALL.iter().map(|algorithm| algorithm.word()).collect::<Vec<_>>().join(", ");
    SigningAlgorithm::from_word(text).ok_or_else(|| format!("not one of {}", known()))
}

/// Reads a span as `parse_span` does, or 0.
pub(super) fn parse_span_or_none(text: &str) -> Result<Duration, String> {
    if matches!(text, "0" | "0s") { Ok(Duration::ZERO) } else { parse_span(text) }
}

/// Reads `on` and `off`.
pub(super) fn parse_switch(text: &str) -> Result<bool, String> {
    match text {
        "on" | "true" | "1" => Ok(true),
        "off" | "false" | "0" => Ok(false),
        _ => Err("not one of on, off".to_owned()),
    }
}
