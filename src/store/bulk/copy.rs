//! PostgreSQL's binary COPY format: a signature, then for each row the number of its fields and each field with its length in
//! front, big-endian; at the end -1. See "COPY", file formats, in PostgreSQL's manual.

use sea_orm::Value;

/// What a stream of rows begins with: the signature, no flags, and no extension of the header.
pub const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// What it ends with.
pub const TRAILER: &[u8] = &END.to_be_bytes();
const NULL: i32 = -1;
const END: i16 = -1;

/// Rows of `width` values each. Values are texts, 32- and 64-bit numbers and booleans; there are no columns of other types.
pub fn encode(values: &[Value], width: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(values.len() * 16);
    for row in values.chunks(width.max(1)) {
        bytes.extend_from_slice(&i16::try_from(row.len()).unwrap_or(i16::MAX).to_be_bytes());
        for value in row {
            encode_field(&mut bytes, value);
        }
    }
    bytes
}

fn encode_field(bytes: &mut Vec<u8>, value: &Value) {
    match value {
        Value::String(Some(text)) => put(bytes, text.as_bytes()),
        Value::BigInt(Some(number)) => put(bytes, &number.to_be_bytes()),
        Value::Int(Some(number)) => put(bytes, &number.to_be_bytes()),
        Value::Bool(Some(is_true)) => put(bytes, &[u8::from(*is_true)]),
        _ => bytes.extend_from_slice(&NULL.to_be_bytes()),
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
        let values = [Value::from("é"), Value::from(true), Value::from(-2_i64), Value::Int(None)];
        let bytes = encode(&values, 2);
        let rows = [
            &[0, 2, 0, 0, 0, 2, 0xc3, 0xa9, 0, 0, 0, 1, 1][..],
            &[0, 2, 0, 0, 0, 8, 255, 255, 255, 255, 255, 255, 255, 254, 255, 255, 255, 255],
        ];
        assert_eq!(bytes, rows.concat());
        assert_eq!((HEADER.len(), TRAILER), (19, &[255, 255][..]));
    }
}
