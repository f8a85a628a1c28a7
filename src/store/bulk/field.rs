//! Values on their way into columns. What many rows are made from lends its values, so that nothing is copied before it is encoded.

use std::borrow::Cow;

use sea_orm::{ColumnTrait, ColumnType, EntityTrait, ModelTrait, Value};

/// The value of a column. There are no columns of other types.
#[derive(Clone, Debug, PartialEq)]
pub enum Field<'a> {
    /// None.
    Null,
    /// A text.
    Text(Cow<'a, str>),
    /// A number of 64 bits.
    Number(i64),
    /// A number of 32 bits.
    Small(i32),
    /// Yes or no.
    Flag(bool),
}

/// What a row of a table is made from.
pub trait Row<E: EntityTrait> {
    /// The value of one of the table's columns.
    fn field(&self, column: E::Column) -> Field<'_>;
}

/// A row that is one already. Its values are copied: what is written by the thousand has a `Row` of its own.
impl<M: ModelTrait> Row<M::Entity> for M {
    fn field(&self, column: <M::Entity as EntityTrait>::Column) -> Field<'_> {
        match self.get(column) {
            Value::String(Some(text)) => text.into(),
            Value::BigInt(Some(number)) => number.into(),
            Value::Int(Some(number)) => number.into(),
            Value::Bool(Some(flag)) => flag.into(),
            _ => Field::Null,
        }
    }
}

impl Field<'_> {
    /// The value to bind, of its own; `null` when there is none.
    pub fn into_value(self, null: &Value) -> Value {
        match self {
            Field::Null => null.clone(),
            Field::Text(text) => Value::String(Some(text.into_owned())),
            Field::Number(number) => Value::BigInt(Some(number)),
            Field::Small(number) => Value::Int(Some(number)),
            Field::Flag(flag) => Value::Bool(Some(flag)),
        }
    }
}

/// The null that is bound to a column.
pub fn null_of(column: impl ColumnTrait) -> Value {
    match column.def().get_column_type() {
        ColumnType::BigInteger => Value::BigInt(None),
        ColumnType::Integer => Value::Int(None),
        ColumnType::Boolean => Value::Bool(None),
        _ => Value::String(None),
    }
}

impl<'a> From<&'a str> for Field<'a> {
    fn from(text: &'a str) -> Field<'a> {
        Field::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Field<'a> {
    fn from(text: &'a String) -> Field<'a> {
        Field::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Field<'_> {
    fn from(text: String) -> Self {
        Field::Text(Cow::Owned(text))
    }
}

impl From<i64> for Field<'_> {
    fn from(number: i64) -> Self {
        Field::Number(number)
    }
}

impl From<i32> for Field<'_> {
    fn from(number: i32) -> Self {
        Field::Small(number)
    }
}

impl From<bool> for Field<'_> {
    fn from(flag: bool) -> Self {
        Field::Flag(flag)
    }
}

impl<'a, T: Into<Field<'a>>> From<Option<T>> for Field<'a> {
    fn from(value: Option<T>) -> Field<'a> {
        value.map_or(Field::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::entity::{event, tag};

    #[test]
    fn a_row_gives_its_columns_and_nulls_are_of_their_types() {
        let row = tag::Model { workspace: "w".into(), id: "t".into(), name: "T".into() };
        assert_eq!(Row::<tag::Entity>::field(&row, tag::Column::Name), Field::from("T"));
        let null = |column| Field::Null.into_value(&null_of(column));
        assert_eq!(
            [null(event::Column::Comment), null(event::Column::Seq)],
            [Value::String(None), Value::BigInt(None)]
        );
        assert_eq!([null(event::Column::Score), null(event::Column::IsOpening)], [Value::Int(None), Value::Bool(None)]);
        assert_eq!(Field::from(Some(7_i32)).into_value(&Value::Int(None)), Value::Int(Some(7)));
    }
}
