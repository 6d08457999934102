//! From a text to what is to be evaluated; never what it is worth.

mod calls;
mod expression;
mod function;
mod node;
mod place;
mod scan;
mod translate;

pub use expression::{Expression, ParseError};

pub(super) use calls::Place;
pub(super) use function::{Function, OverTime};
pub(super) use node::{
    Aggregate, Aggregation, Arithmetic, Binary, Call, Cardinality, Comparison, Fixed, Grouping,
    Kind, Matching, Node, Operator, Selection, SetOperator, Shift, Subquery,
};
