//! PostgreSQL's binary COPY format: a signature, then for each row the number of its fields and each field with its length in
//! front, big-endian; at the end -1. See "COPY", file formats, in PostgreSQL's manual.

use super::field::Field;

/// What a stream of rows begins with: the signature, no flags, and no extension of the header.
pub const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What it ends with.
pub const TRAILER: &[u8] = &END.to_be_bytes();
const NULL: i32 = -1;
const END: i16 = -1;

/// Rows of as many fields as `is_used` is long, without those that are not used.
pub fn encode(fields: &[Field<'_>], is_used: &[bool]) -> Vec<u8> {
    let used = is_used.iter().filter(|is_used| **is_used).count();
    let mut bytes = Vec::with_capacity(fields.iter().map(length).sum());
    for row in fields.chunks(is_used.len().max(1)) {
        bytes.extend_from_slice(&i16::try_from(used).unwrap_or(i16::MAX).to_be_bytes());
        for (field, _) in row.iter().zip(is_used).filter(|(_, is_used)| **is_used) {
            encode_field(&mut bytes, field);
        }
    }
    bytes
}

/// At least what a field takes, with its part of what a row takes.
fn length(field: &Field<'_>) -> usize {
    match field {
        Field::Text(text) => text.len() + 6,
        _ => 14,
    }
}

fn encode_field(bytes: &mut Vec<u8>, field: &Field<'_>) {
    match field {
        Field::Text(text) => put(bytes, text.as_bytes()),
        Field::Number(number) => put(bytes, &number.to_be_bytes()),
        Field::Small(number) => put(bytes, &number.to_be_bytes()),
        Field::Flag(flag) => put(bytes, &[u8::from(*flag)]),
        Field::Null => bytes.extend_from_slice(&NULL.to_be_bytes()),
    }
}

fn put(bytes: &mut Vec<u8>, field: &[u8]) {
    // A text is at most a line of input long; PostgreSQL refuses what is longer than 1 GiB.
    bytes.extend_from_slice(&i32::try_from(field.len()).unwrap_or(i32::MAX).to_be_bytes());
    bytes.extend_from_slice(field);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_as_the_manual_says() {
        let fields = [Field::from("é"), true.into(), Field::Null, (-2_i64).into(), Field::Null, Field::Null];
        let bytes = encode(&fields, &[true, true, false]);
        let rows = [
            &[0, 2, 0, 0, 0, 2, 0xc3, 0xa9, 0, 0, 0, 1, 1][..],
            &[0, 2, 0, 0, 0, 8, 255, 255, 255, 255, 255, 255, 255, 254, 255, 255, 255, 255],
        ];
        assert_eq!(bytes, rows.concat());
        assert_eq!((HEADER.len(), TRAILER), (19, &[255, 255][..]));
    }
}
