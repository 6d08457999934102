//! From the parser's tree to our own, with what the parser lets pass refused; never evaluated.

use std::time::{Duration, SystemTime};

use common::series::matcher::{Filter, MatchOp, Matcher, NAME_LABEL};
use promql_parser::label::{MatchOp as ParsedOp, Matchers as ParsedMatchers};
use promql_parser::parser::{
    self as ast, AtModifier, Expr, LabelModifier, Offset, VectorMatchCardinality, VectorSelector,
};

use super::calls::Places;
use super::function::Function;
use super::node::{
    Aggregate, Aggregation, Arithmetic, Binary, Call, Cardinality, Comparison, Fixed, Grouping,
    Kind, Matching, Node, Operator, Selection, SetOperator, Shift, Subquery,
};

/// How deep expressions may stand in each other: evaluation goes down as far.
const MOST_DEPTH: usize = 200;
/// A thousand years: no range and no offset is longer.
const LONGEST_MS: i64 = 1_000 * 366 * 86_400_000;

/// Our tree of an expression, or what is wrong with it. `calls` are those of its text, in order.
pub(super) fn translate(expr: &Expr, calls: Vec<Places>) -> Result<Node, String> {
    let calls = calls.into_iter();
    Translation { calls }.node(expr, 0)
}

struct Translation {
    /// Those that begin after what was translated.
    calls: std::vec::IntoIter<Places>,
}

impl Translation {
    fn node(&mut self, expr: &Expr, depth: usize) -> Result<Node, String> {
        if depth > MOST_DEPTH {
            return Err(format!(
                "expressions stand in each other more than {MOST_DEPTH} deep"
            ));
        }
        let mut below = |expr: &Expr| self.node(expr, depth + 1);
        match expr {
            Expr::NumberLiteral(number) => Ok(Node::Number(number.val)),
            Expr::StringLiteral(text) => Ok(Node::Text(text.val.clone())),
            Expr::Paren(paren) => below(&paren.expr),
            Expr::VectorSelector(selector) => selection(selector).map(Node::Instant),
            Expr::MatrixSelector(matrix) => {
                Ok(Node::Range(selection(&matrix.vs)?, range(matrix.range)?))
            }
            Expr::Unary(unary) => Ok(Node::Negated(Box::new(below(&unary.expr)?))),
            Expr::Subquery(query) => subquery_node(query, below(&query.expr)?),
            Expr::Binary(binary) => {
                let (left, right) = (below(&binary.lhs)?, below(&binary.rhs)?);
                binary_node(binary, left, right)
            }
            Expr::Aggregate(aggregate) => {
                let places = self.calls.next().unwrap_or_default();
                let parameter = aggregate.param.as_deref();
                let parameter = parameter.map(|one| self.node(one, depth + 1)).transpose()?;
                let of = self.node(&aggregate.expr, depth + 1)?;
                aggregate_node(aggregate, parameter, of, &places)
            }
            Expr::Call(call) => {
                let places = self.calls.next().unwrap_or_default();
                let arguments = call.args.args.iter();
                let arguments: Result<Vec<Node>, String> =
                    arguments.map(|one| self.node(one, depth + 1)).collect();
                call_node(call.func.name, arguments?, places)
            }
            Expr::Extension(_) => Err("an extension is no part of the language".to_owned()),
        }
    }
}

fn subquery_node(query: &ast::SubqueryExpr, of: Node) -> Result<Node, String> {
    expect(Kind::Vector, &of, "subquery")?;
    Ok(Node::Subquery(Box::new(Subquery {
        of,
        range_ms: range(query.range)?,
        step_ms: query.step.map(range).transpose()?,
        shift: shift(query.offset.as_ref(), query.at.as_ref())?,
    })))
}

fn call_node(name: &str, arguments: Vec<Node>, places: Places) -> Result<Node, String> {
    let Some(function) = Function::find(name) else {
        return Err(match name {
            _ if name.starts_with("histogram_") => format!(
                "function '{name}' is for native histograms, which are not stored here: use \
                 histogram_quantile or histogram_fraction on classic buckets"
            ),
            _ => format!("unknown function with name '{name}'"),
        });
    };
    let takes = function.takes();
    for (index, argument) in arguments.iter().enumerate() {
        if let Some(kind) = takes.get(index).or(takes.last()) {
            expect(*kind, argument, &format!("call to function '{name}'"))?;
        }
    }
    Ok(Node::Call(Box::new(Call {
        function,
        arguments,
        places,
    })))
}

fn expect(kind: Kind, node: &Node, place: &str) -> Result<(), String> {
    let (wanted, found) = (kind.as_str(), node.kind());
    if found == kind {
        return Ok(());
    }
    let found = found.as_str();
    Err(format!("expected type {wanted} in {place}, got {found}"))
}

fn aggregate_node(
    aggregate: &ast::AggregateExpr,
    parameter: Option<Node>,
    of: Node,
    places: &Places,
) -> Result<Node, String> {
    let name = aggregate.op.to_string();
    let how = match name.as_str() {
        "sum" => Aggregation::Sum,
        "avg" => Aggregation::Avg,
        "count" => Aggregation::Count,
        "min" => Aggregation::Min,
        "max" => Aggregation::Max,
        "group" => Aggregation::Group,
        "stddev" => Aggregation::Stddev,
        "stdvar" => Aggregation::Stdvar,
        "topk" => Aggregation::Topk,
        "bottomk" => Aggregation::Bottomk,
        "quantile" => Aggregation::Quantile,
        "count_values" => Aggregation::CountValues,
        "limitk" => Aggregation::Limitk,
        "limit_ratio" => Aggregation::LimitRatio,
        _ => return Err(format!("unknown aggregation '{name}'")),
    };
    expect(Kind::Vector, &of, "aggregation expression")?;
    if let Some(parameter) = &parameter {
        let kind = match how {
            Aggregation::CountValues => Kind::Text,
            _ => Kind::Scalar,
        };
        expect(kind, parameter, "aggregation parameter")?;
    }
    let grouping = match &aggregate.modifier {
        Some(LabelModifier::Exclude(labels)) => Grouping::Without(labels.labels.clone()),
        Some(LabelModifier::Include(labels)) => Grouping::By(labels.labels.clone()),
        None => Grouping::By(Vec::new()),
    };
    Ok(Node::Aggregate(Box::new(Aggregate {
        how,
        grouping,
        parameter,
        parameter_at: places.argument(0),
        of,
    })))
}

fn binary_node(binary: &ast::BinaryExpr, left: Node, right: Node) -> Result<Node, String> {
    let operator = operator(&binary.op.to_string(), binary.return_bool())?;
    let modifier = binary.modifier.as_ref();
    let matching = match modifier.and_then(|modifier| modifier.matching.as_ref()) {
        Some(LabelModifier::Include(labels)) => (true, labels.labels.clone()),
        Some(LabelModifier::Exclude(labels)) => (false, labels.labels.clone()),
        None => (false, Vec::new()),
    };
    let cardinality = match modifier.map(|modifier| &modifier.card) {
        Some(VectorMatchCardinality::ManyToOne(labels)) => {
            Cardinality::ManyToOne(labels.labels.clone())
        }
        Some(VectorMatchCardinality::OneToMany(labels)) => {
            Cardinality::OneToMany(labels.labels.clone())
        }
        Some(VectorMatchCardinality::OneToOne | VectorMatchCardinality::ManyToMany) | None => {
            Cardinality::OneToOne
        }
    };
    if modifier.is_some_and(|modifier| {
        modifier.fill_values.lhs.is_some() || modifier.fill_values.rhs.is_some()
    }) {
        return Err("the experimental modifier 'fill' is not supported: use 'or'".to_owned());
    }
    let is_matched = modifier.is_some_and(|modifier| modifier.matching.is_some());
    if is_matched
        && [&left, &right]
            .iter()
            .any(|side| side.kind() != Kind::Vector)
    {
        return Err("vector matching only allowed between instant vectors".to_owned());
    }
    let (is_on, labels) = matching;
    Ok(Node::Binary(Box::new(Binary {
        operator,
        left,
        right,
        matching: Matching {
            is_on,
            labels,
            cardinality,
        },
    })))
}

fn operator(sign: &str, is_bool: bool) -> Result<Operator, String> {
    Ok(match sign {
        "+" => Operator::Arithmetic(Arithmetic::Add),
        "-" => Operator::Arithmetic(Arithmetic::Sub),
        "*" => Operator::Arithmetic(Arithmetic::Mul),
        "/" => Operator::Arithmetic(Arithmetic::Div),
        "%" => Operator::Arithmetic(Arithmetic::Mod),
        "^" => Operator::Arithmetic(Arithmetic::Pow),
        "atan2" => Operator::Arithmetic(Arithmetic::Atan2),
        "==" => Operator::Comparison(Comparison::Equal, is_bool),
        "!=" => Operator::Comparison(Comparison::NotEqual, is_bool),
        ">" => Operator::Comparison(Comparison::Greater, is_bool),
        "<" => Operator::Comparison(Comparison::Less, is_bool),
        ">=" => Operator::Comparison(Comparison::GreaterOrEqual, is_bool),
        "<=" => Operator::Comparison(Comparison::LessOrEqual, is_bool),
        "and" => Operator::Set(SetOperator::And),
        "or" => Operator::Set(SetOperator::Or),
        "unless" => Operator::Set(SetOperator::Unless),
        _ => return Err(format!("unknown operator '{sign}'")),
    })
}

fn selection(selector: &VectorSelector) -> Result<Selection, String> {
    let mut matchers = matchers(&selector.matchers)?;
    if let Some(name) = &selector.name {
        matchers.push(Matcher::equal(NAME_LABEL, name));
    }
    // Compiled once here, so that a bad or endless pattern is refused before a question is asked.
    Filter::new(&matchers).map_err(|error| error.to_string())?;
    Ok(Selection {
        matchers,
        shift: shift(selector.offset.as_ref(), selector.at.as_ref())?,
    })
}

fn matchers(parsed: &ParsedMatchers) -> Result<Vec<Matcher>, String> {
    if !parsed.or_matchers.is_empty() {
        return Err("unexpected 'or' between label matchers".to_owned());
    }
    let one = |one: &promql_parser::label::Matcher| Matcher {
        name: one.name.clone(),
        op: match one.op {
            ParsedOp::Equal => MatchOp::Equal,
            ParsedOp::NotEqual => MatchOp::NotEqual,
            ParsedOp::Re(_) => MatchOp::Like,
            ParsedOp::NotRe(_) => MatchOp::Unlike,
        },
        value: one.value.clone(),
    };
    Ok(parsed.matchers.iter().map(one).collect())
}

fn shift(offset: Option<&Offset>, at: Option<&AtModifier>) -> Result<Shift, String> {
    let offset_ms = match offset {
        None => 0,
        Some(Offset::Pos(duration)) => milliseconds(*duration)?,
        Some(Offset::Neg(duration)) => -milliseconds(*duration)?,
    };
    let at = match at {
        None => None,
        Some(AtModifier::Start) => Some(Fixed::Start),
        Some(AtModifier::End) => Some(Fixed::End),
        Some(AtModifier::At(at)) => Some(Fixed::At(moment(*at)?)),
    };
    Ok(Shift { offset_ms, at })
}

fn moment(at: SystemTime) -> Result<i64, String> {
    match at.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => milliseconds(after),
        Err(before) => milliseconds(before.duration()).map(|ms| -ms),
    }
}

fn range(duration: Duration) -> Result<i64, String> {
    match milliseconds(duration)? {
        0 => Err("duration must be greater than 0".to_owned()),
        ms => Ok(ms),
    }
}

fn milliseconds(duration: Duration) -> Result<i64, String> {
    i64::try_from(duration.as_millis())
        .ok()
        .filter(|ms| *ms <= LONGEST_MS)
        .ok_or_else(|| "duration out of range".to_owned())
}
