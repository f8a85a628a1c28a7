//! What a line says of a field: nothing, that it is empty, or its value.

/// One field of a line. Laying an absent field over a value keeps the value; null is a value.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Patch<T> {
    /// The line does not name the field.
    #[default]
    Absent,
    /// The line says `null`.
    Null,
    /// The line gives a value.
    Value(T),
}

impl<T> Patch<T> {
    /// Indicates the line names the field, null included.
    pub fn is_present(&self) -> bool {
        !matches!(self, Patch::Absent)
    }
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Patch::Value(value) => Some(value),
            Patch::Absent | Patch::Null => None,
        }
    }
    /// Lays the field over a nullable slot.
    pub fn lay(self, slot: &mut Option<T>) {
        match self {
            Patch::Absent => {}
            Patch::Null => *slot = None,
            Patch::Value(value) => *slot = Some(value),
        }
    }
    /// Lays the field over a slot that itself remembers absence.
    pub fn lay_patch(self, slot: &mut Patch<T>) {
        if self.is_present() {
            *slot = self;
        }
    }
    /// The field as a plain option: absent and null are both `None`.
    pub fn into_option(self) -> Option<T> {
        match self {
            Patch::Value(value) => Some(value),
            Patch::Absent | Patch::Null => None,
        }
    }
}

/// Lays a field that cannot be null over its slot.
pub fn lay<T>(field: Option<T>, slot: &mut T) {
    if let Some(value) = field {
        *slot = value;
    }
}

/// A field that makes its line unusable, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct FieldError {
    /// Path of the field within the line, such as `author.kind`.
    pub field: String,
    /// What is wrong and what is allowed: lower case, no full stop.
    pub reason: String,
}

impl FieldError {
    /// An error on `field` for `reason`.
    pub fn new(field: impl Into<String>, reason: impl Into<String>) -> FieldError {
        FieldError { field: field.into(), reason: reason.into() }
    }
}
