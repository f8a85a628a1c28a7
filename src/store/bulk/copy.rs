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
    let width = is_used.len().max(1);
    let used_of = |row| std::iter::zip::<&[Field<'_>], &[bool]>(row, is_used).filter(|(_, is_used)| **is_used);
    let count = is_used.iter().filter(|is_used| **is_used).count();
    let fields_bytes: usize = fields.chunks(width).flat_map(used_of).map(|(field, _)| length(field)).sum();
    let mut bytes = Vec::with_capacity(fields_bytes + fields.len() / width * size_of::<i16>());
    for row in fields.chunks(width) {
        bytes.extend_from_slice(&i16::try_from(count).unwrap_or(i16::MAX).to_be_bytes());
        for (field, _) in used_of(row) {
            encode_field(&mut bytes, field);
        }
    }
    bytes
}

/// What a field takes, in bytes.
fn length(field: &Field<'_>) -> usize {
    size_of::<i32>()
        + match field {
            Field::Text(text) => text.len(),
            Field::Number(_) => size_of::<i64>(),
            Field::Small(_) => size_of::<i32>(),
            Field::Flag(_) => 1,
            Field::Null => 0,
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
        assert_eq!(bytes.capacity(), bytes.len());
        assert_eq!((HEADER.len(), TRAILER), (19, &[255, 255][..]));
    }
}
