//! Fields with their label, hint and error; never what happens with what was entered.

pub mod choice;
pub mod field;
pub mod long_field;
pub mod submit;

pub use choice::{Choice, Toggle};
pub use field::{Field, FieldKind};
pub use long_field::LongField;
pub use submit::{FormError, OtherErrors, Submission};
