//! What is looked at in a GraphQL document before the schema sees it: its size, since the library's parser descends by brackets
//! without end; which operation is asked; and whether its variables have values.

use async_graphql::Variables;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition};

use super::Limits;
use crate::app::Error;
use crate::graphql::limit::at_most;

/// Deepest nesting of brackets in a document, those in its strings included.
pub const LIMIT_BRACKETS: usize = 100;

/// `Limit` when the text is longer or deeper than we would parse, or has more tokens. What stands in strings and comments counts as if it
/// were of the document, so that this needs no second parser.
pub fn check_text(text: &str, limits: &Limits) -> Result<(), Error> {
    at_most("bytes in the document", text.len(), limits.document_bytes)?;
    let (mut depth, mut tokens, mut is_word) = (0_usize, 0_usize, false);
    for byte in text.bytes() {
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > LIMIT_BRACKETS {
            return Err(Error::Limit(format!("document nests brackets more than {LIMIT_BRACKETS} deep")));
        }
        let was_word = std::mem::replace(&mut is_word, byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80);
        let begins = if is_word { !was_word } else { !byte.is_ascii_whitespace() && byte != b',' };
        tokens += usize::from(begins);
    }
    at_most("tokens in the document", tokens, limits.document_tokens)
}

/// The operation that a request is about, and its name; `None` when the document does not say, which the library then reports.
pub fn find_operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<(Option<&'a str>, &'a OperationDefinition)> {
    let mut operations = document.operations.iter();
    let found = match name {
        Some(name) => operations.find(|(found, _)| found.is_some_and(|found| found.as_str() == name)),
        None if operations.len() == 1 => operations.next(),
        None => None,
    };
    found.map(|(name, operation)| (name.map(|name| name.as_str()), &operation.node))
}

/// `Invalid` when a variable that must have a value has none; the library looks only at variables that are used.
pub fn check_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), Error> {
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let name = &definition.name.node;
        let required = !definition.var_type.node.nullable && definition.default_value.is_none();
        let null = match variables.get(name) {
            None => required,
            Some(value) => !definition.var_type.node.nullable && *value == async_graphql::Value::Null,
        };
        if null {
            return Err(Error::Invalid(format!(
                "variable `${name}` of type `{}` needs a value",
                definition.var_type.node
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn bounds_text_before_it_is_parsed() {
        let check = |text: &str, expected: bool| {
            assert_eq!(check_text(text, &Limits::default()).is_ok(), expected, "{} bytes", text.len())
        };
        check("{ viewer { subject } }", true);
        check(&format!("{}{}", "{a".repeat(LIMIT_BRACKETS), "}".repeat(LIMIT_BRACKETS)), true);
        check(&"{a".repeat(LIMIT_BRACKETS + 1), false);
        check(&"[(".repeat(60_000), false);
        check(&" ".repeat(Limits::default().document_bytes), true);
        check(&" ".repeat(Limits::default().document_bytes + 1), false);
        check(&"a ".repeat(Limits::default().document_tokens), true);
        check(&"a ".repeat(Limits::default().document_tokens + 1), false);
        check(&"a:".repeat(Limits::default().document_tokens), false);
    }

    #[test]
    fn parses_the_deepest_allowed_text_on_a_small_stack() {
        let text = format!("{}{}", "{a".repeat(LIMIT_BRACKETS), "}".repeat(LIMIT_BRACKETS));
        let parse = move || parse_query(&text).is_err();
        let refused = std::thread::Builder::new().stack_size(1024 * 1024).spawn(parse).unwrap().join().unwrap();
        assert!(refused);
    }

    #[test]
    fn wants_values_for_required_variables() {
        let check = |variables: serde_json::Value, expected: Option<&str>| {
            let document = parse_query("query($id: ID!, $n: Int! = 1, $s: String) { a }").unwrap();
            let (_, operation) = find_operation(&document, None).unwrap();
            let found =
                check_variables(operation, &Variables::from_json(variables.clone())).err().map(|e| e.to_string());
            assert_eq!(found.as_deref(), expected, "{variables}");
        };
        check(serde_json::json!({"id": "x"}), None);
        check(serde_json::json!({"id": "x", "s": null}), None);
        check(serde_json::json!({}), Some("variable `$id` of type `ID!` needs a value"));
        check(serde_json::json!({"id": null}), Some("variable `$id` of type `ID!` needs a value"));
        check(serde_json::json!({"id": "x", "n": null}), Some("variable `$n` of type `Int!` needs a value"));
    }
}
