//! What a client sends and what it takes, read from `Content-Type` and `Accept`.

/// The media types in which `/graphql` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// `application/graphql-response+json`: the status says whether the request was good.
    Response,
    /// `application/json`: a well-formed request is answered with 200 even when its document is not valid.
    Json,
}

impl Answer {
    /// The `Content-Type` of the answer.
    pub const fn content_type(self) -> &'static str {
        match self {
            Answer::Response => "application/graphql-response+json; charset=utf-8",
            Answer::Json => "application/json; charset=utf-8",
        }
    }

    /// The media type that the client likes best of those that we have; the header absent or a wildcard is JSON. `None`: it takes
    /// none of them.
    pub fn choose(accept: Option<&str>) -> Option<Answer> {
        let Some(accept) = accept.filter(|accept| !accept.trim().is_empty()) else { return Some(Answer::Json) };
        let quality = |answer: Answer, names: [&str; 3]| {
            // The most specific range that names the type counts (RFC 9110, 12.5.1).
            let best = names.iter().find_map(|name| ranges(accept).find(|range| range.0.eq_ignore_ascii_case(name)));
            best.map(|(_, quality)| (quality, answer)).filter(|(quality, _)| *quality > 0)
        };
        let response = quality(Answer::Response, ["application/graphql-response+json", "application/*", "*/*"]);
        let json = quality(Answer::Json, ["application/json", "application/*", "*/*"]);
        match (response, json) {
            (Some((response, _)), Some((json, _))) if response > json => Some(Answer::Response),
            (Some((response, _)), Some((json, _))) if response == json => {
                // Equal liking: what is named beats a wildcard, and the newer type beats the older one.
                let named =
                    ranges(accept).any(|(name, _)| name.eq_ignore_ascii_case("application/graphql-response+json"));
                Some(if named { Answer::Response } else { Answer::Json })
            }
            (_, Some((_, answer))) | (Some((_, answer)), None) => Some(answer),
            (None, None) => None,
        }
    }
}

/// The ranges of an `Accept` header with their quality in thousandths; what cannot be read counts as not liked.
fn ranges(accept: &str) -> impl Iterator<Item = (&str, u32)> {
    accept.split(',').map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let thousandths = quality.map_or(1_000, |text| match text.parse::<f64>() {
            Ok(quality) if (0.0..=1.0).contains(&quality) => (quality * 1_000.0) as u32,
            _ => 0,
        });
        (name, thousandths)
    })
}

/// Indicates a `Content-Type` is that media type, in UTF-8.
pub fn is_media_type(content_type: &str, expected: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let utf8 = parts.filter_map(|part| part.split_once('=')).all(|(key, value)| {
        !key.eq_ignore_ascii_case("charset") || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
    });
    name.eq_ignore_ascii_case(expected) && utf8
}

#[cfg(test)]
mod tests {
    use super::{Answer, is_media_type};

    #[test]
    fn chooses_what_the_client_likes_best() {
        let check =
            |accept: Option<&str>, expected: Option<Answer>| assert_eq!(Answer::choose(accept), expected, "{accept:?}");
        check(None, Some(Answer::Json));
        check(Some(""), Some(Answer::Json));
        check(Some("*/*"), Some(Answer::Json));
        check(Some("application/*"), Some(Answer::Json));
        check(Some("application/json"), Some(Answer::Json));
        check(Some("APPLICATION/JSON; charset=utf-8"), Some(Answer::Json));
        check(Some("application/graphql-response+json"), Some(Answer::Response));
        check(Some("application/graphql-response+json, application/json;q=0.9"), Some(Answer::Response));
        check(Some("application/graphql-response+json;q=0.5, application/json"), Some(Answer::Json));
        check(Some("application/json, application/graphql-response+json"), Some(Answer::Response));
        check(Some("application/graphql-response+json, */*"), Some(Answer::Response));
        check(Some("application/graphql-response+json;q=0, */*"), Some(Answer::Json));
        check(Some("application/json;q=0"), None);
        check(Some("application/json;q=much"), None);
        check(Some("text/html"), None);
        check(Some("text/html, */*;q=0.1"), Some(Answer::Json));
    }

    #[test]
    fn reads_media_types() {
        let check =
            |text: &str, expected: bool| assert_eq!(is_media_type(text, "application/json"), expected, "{text}");
        check("application/json", true);
        check("Application/JSON; charset=UTF-8", true);
        check("application/json; charset=\"utf-8\"", true);
        check("application/json; charset=latin1", false);
        check("application/json; profile=x", true);
        check("application/jsonp", false);
        check("text/plain", false);
        check("", false);
    }
}
