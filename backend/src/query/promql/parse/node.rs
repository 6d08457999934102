//! What is to be evaluated, as a tree that holds only what can be; never its text.

use common::series::matcher::Matcher;

use super::calls::{Place, Places};
use super::function::Function;

/// What an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Kind {
    /// A number.
    Scalar,
    /// A text.
    Text,
    /// A value a series.
    Vector,
    /// Several values a series.
    Matrix,
}

impl Kind {
    /// As Prometheus names it.
    pub(in super::super) const fn as_str(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Text => "string",
            Self::Vector => "instant vector",
            Self::Matrix => "range vector",
        }
    }
}

/// An expression.
#[derive(Debug, Clone)]
pub(in super::super) enum Node {
    Number(f64),
    Text(String),
    Instant(Selection),
    /// A selection and the range, in milliseconds.
    Range(Selection, i64),
    Subquery(Box<Subquery>),
    Negated(Box<Node>),
    Binary(Box<Binary>),
    Aggregate(Box<Aggregate>),
    Call(Box<Call>),
}

/// Which series, and when.
#[derive(Debug, Clone)]
pub(in super::super) struct Selection {
    pub(in super::super) matchers: Vec<Matcher>,
    pub(in super::super) shift: Shift,
}

/// At which other time something is looked at.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Shift {
    pub(in super::super) offset_ms: i64,
    pub(in super::super) at: Option<Fixed>,
}

/// A moment that does not move with the steps.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum Fixed {
    Start,
    End,
    /// Milliseconds since the epoch.
    At(i64),
}

impl Shift {
    /// Whether anything is looked at at another time.
    pub(super) fn is_any(self) -> bool {
        self.offset_ms != 0 || self.at.is_some()
    }
}

#[derive(Debug, Clone)]
pub(in super::super) struct Subquery {
    pub(in super::super) of: Node,
    pub(in super::super) range_ms: i64,
    /// `None` stands for the usual step.
    pub(in super::super) step_ms: Option<i64>,
    pub(in super::super) shift: Shift,
}

/// A function of arguments, as many as it takes.
#[derive(Debug, Clone)]
pub(in super::super) struct Call {
    pub(in super::super) function: Function,
    pub(in super::super) arguments: Vec<Node>,
    pub(in super::super) places: Places,
}

#[derive(Debug, Clone)]
pub(in super::super) struct Aggregate {
    pub(in super::super) how: Aggregation,
    pub(in super::super) grouping: Grouping,
    pub(in super::super) parameter: Option<Node>,
    /// Where its parameter begins.
    pub(in super::super) parameter_at: Place,
    pub(in super::super) of: Node,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Aggregation {
    Sum,
    Avg,
    Count,
    Min,
    Max,
    Group,
    Stddev,
    Stdvar,
    Topk,
    Bottomk,
    Quantile,
    CountValues,
    Limitk,
    LimitRatio,
}

/// Which labels tell groups apart.
#[derive(Debug, Clone)]
pub(in super::super) enum Grouping {
    By(Vec<String>),
    Without(Vec<String>),
}

#[derive(Debug, Clone)]
pub(in super::super) struct Binary {
    pub(in super::super) operator: Operator,
    pub(in super::super) left: Node,
    pub(in super::super) right: Node,
    pub(in super::super) matching: Matching,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Operator {
    Arithmetic(Arithmetic),
    /// `bool` gives 0 and 1 instead of leaving out.
    Comparison(Comparison, bool),
    Set(SetOperator),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Atan2,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Comparison {
    Equal,
    NotEqual,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum SetOperator {
    And,
    Or,
    Unless,
}

/// Which series of both sides belong together.
#[derive(Debug, Clone)]
pub(in super::super) struct Matching {
    /// `on(…)`: these labels; otherwise all but these and the name.
    pub(in super::super) is_on: bool,
    pub(in super::super) labels: Vec<String>,
    pub(in super::super) cardinality: Cardinality,
}

/// How many of a side belong together, and what the "one" side adds to the labels.
#[derive(Debug, Clone)]
pub(in super::super) enum Cardinality {
    OneToOne,
    /// `group_left`
    ManyToOne(Vec<String>),
    /// `group_right`
    OneToMany(Vec<String>),
}

impl Node {
    /// What it gives.
    pub(in super::super) fn kind(&self) -> Kind {
        match self {
            Self::Number(_) => Kind::Scalar,
            Self::Text(_) => Kind::Text,
            Self::Instant(_) | Self::Aggregate(_) => Kind::Vector,
            Self::Range(..) | Self::Subquery(_) => Kind::Matrix,
            Self::Negated(of) => of.kind(),
            Self::Binary(binary) => match (binary.left.kind(), binary.right.kind()) {
                (Kind::Scalar, Kind::Scalar) => Kind::Scalar,
                _ => Kind::Vector,
            },
            Self::Call(call) => call.function.gives(),
        }
    }
}
