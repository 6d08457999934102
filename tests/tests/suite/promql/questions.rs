//! Expressions by chance, all of which both understand and mean the same by; never an answer.

use tests::dice::Dice;

const COUNTERS: &[&str] = &[
    "c_total",
    "c_total{path=\"/a\"}",
    "c_total{instance=~\"i[12]\"}",
];
const GAUGES: &[&str] = &[
    "g",
    "g{zone!=\"a\"}",
    "g{instance=\"i1\"}",
    "{__name__=~\"g\"}",
];
const OF_COUNTERS: &[&str] = &["rate", "increase", "irate", "resets", "changes"];
const OF_GAUGES: &[&str] = &[
    "avg_over_time",
    "sum_over_time",
    "min_over_time",
    "max_over_time",
    "count_over_time",
    "last_over_time",
    "present_over_time",
    "stddev_over_time",
    "stdvar_over_time",
    "delta",
    "idelta",
    "deriv",
    "changes",
    "resets",
];
/// Of what is computed: these make no more of what rounding leaves.
const EACH: &[&str] = &[
    "abs",
    "ln",
    "log2",
    "log10",
    "sqrt",
    "atan",
    "tanh",
    "asinh",
    "deg",
    "rad",
    "timestamp",
    "-",
    "sort",
    "sort_desc",
];
/// Of samples alone.
const PLAIN: &[&str] = &[
    "ceil", "floor", "round", "sgn", "exp", "sin", "cos", "tan", "sinh", "cosh", "7 % ", "2 ^ ",
];
const DATES: &[&str] = &[
    "hour",
    "minute",
    "day_of_week",
    "month",
    "year",
    "day_of_year",
];
const AGGREGATIONS: &[&str] = &["sum", "avg", "min", "max", "count", "group"];
/// Of samples alone: the spread of a single infinity was 0 before version 3.
const SPREADS: &[&str] = &["stddev", "stdvar"];
const GROUPINGS: &[&str] = &[
    "",
    "by (instance)",
    "by (zone, path)",
    "without (instance)",
    "without (zone, path)",
    "by (no)",
];
/// Without `atan2`, which kept the name of the metric before version 3. See [`PLAIN`] for others.
const ARITHMETIC: &[&str] = &["+", "-", "*", "/"];
const COMPARISONS: &[&str] = &[
    ">", "<", ">=", "<=", "==", "!=", "> bool", "<= bool", "!= bool",
];
const MATCHINGS: &[&str] = &[
    "",
    "on (instance)",
    "ignoring (zone)",
    "ignoring (path, zone)",
];
/// None ends where a sample lies: whether its border belongs to a range is what changed in version 3.
const RANGES: &[&str] = &["1m", "90s", "5m", "10m", "3m20s"];
/// No border lies at a whole second, where steps are: the same change.
const SUBRANGES: &[&str] = &[
    "4m10s500ms:1m",
    "7m500ms:30s",
    "3m10s500ms:20s",
    "5m50s500ms:",
];
const SHIFTS: &[&str] = &[
    "",
    "",
    "",
    "",
    " offset 2m",
    " offset -90s",
    " @ start()",
    " @ end()",
];

/// Of subqueries, without `@`: 2.42 finds nothing where another one stands inside.
const OFFSETS: &[&str] = &["", "", " offset 2m", " offset -90s"];

/// One expression.
pub(super) fn question(dice: &mut Dice) -> String {
    vector(dice, 3)
}

fn vector(dice: &mut Dice, depth: u64) -> String {
    if depth == 0 {
        return simple(dice);
    }
    let below = depth - 1;
    match dice.below(13) {
        0 => simple(dice),
        1 | 2 => over_time(dice),
        3 => format!("{}({})", dice.one_of(EACH), vector(dice, below)),
        4 | 5 => aggregation(dice, below),
        6 => {
            let (left, right) = (vector(dice, below), number(dice));
            let operator = operator(dice);
            if dice.below(2) == 0 {
                format!("({left}) {operator} {right}")
            } else {
                format!("{right} {operator} ({left})")
            }
        }
        7 | 8 => pair(dice, below),
        9 => {
            let (left, right) = (vector(dice, below), vector(dice, below));
            let operator = dice.one_of(&["and", "or", "unless"]);
            format!("({left}) {operator} {} ({right})", dice.one_of(MATCHINGS))
        }
        10 => special(dice, below),
        11 => {
            let function = dice.one_of::<&str>(&[
                "max_over_time",
                "avg_over_time",
                "count_over_time",
                "delta",
            ]);
            let range = dice.one_of(SUBRANGES);
            format!(
                "{function}(({})[{range}]{})",
                vector(dice, below),
                dice.one_of(OFFSETS)
            )
        }
        _ => format!("absent({})", vector(dice, below)),
    }
}

fn simple(dice: &mut Dice) -> String {
    let of = if dice.below(2) == 0 { COUNTERS } else { GAUGES };
    format!("{}{}", dice.one_of(of), dice.one_of(SHIFTS))
}

fn over_time(dice: &mut Dice) -> String {
    let (range, shift) = (dice.one_of(RANGES), dice.one_of(SHIFTS));
    match dice.below(8) {
        0..3 => format!(
            "{}({}[{range}]{shift})",
            dice.one_of(OF_COUNTERS),
            dice.one_of(COUNTERS)
        ),
        3..6 => format!(
            "{}({}[{range}]{shift})",
            dice.one_of(OF_GAUGES),
            dice.one_of(GAUGES)
        ),
        6 => format!("quantile_over_time({}, g[{range}]{shift})", share(dice)),
        _ => match dice.below(3) {
            // Without a shift: 2.42 takes other samples at each step for one `@`.
            0 => format!("predict_linear(g[{range}], 600)"),
            1 => format!("absent_over_time(g{{zone=\"c\"}}[{range}]{shift})"),
            _ => format!("holt_winters(g[{range}]{shift}, 0.4, 0.6)"),
        },
    }
}

fn aggregation(dice: &mut Dice, below: u64) -> String {
    let (grouping, of) = (dice.one_of(GROUPINGS), vector(dice, below));
    // Of equals either may be picked, and a number as a label shows each rounding: of samples alone.
    let plain = simple(dice);
    match dice.below(8) {
        0 if dice.below(2) == 0 => format!("{} {grouping} ({plain})", dice.one_of(SPREADS)),
        0 => format!("topk {grouping} (2, {plain})"),
        1 => format!("bottomk {grouping} (1, {plain})"),
        2 => format!("quantile {grouping} ({}, {of})", share(dice)),
        3 => format!("count_values {grouping} (\"value\", round({plain}))"),
        _ => format!("{} {grouping} ({of})", dice.one_of(AGGREGATIONS)),
    }
}

/// Two vectors that mostly match; the others are to fail in both.
fn pair(dice: &mut Dice, below: u64) -> String {
    let operator = operator(dice);
    match dice.below(4) {
        0 => {
            // Whether series that a comparison leaves out have to match changed in version 3.
            let operator = dice.one_of(ARITHMETIC);
            let (left, right) = (vector(dice, below), vector(dice, below));
            format!("({left}) {operator} {} ({right})", dice.one_of(MATCHINGS))
        }
        1 => {
            let function = dice.one_of(OF_COUNTERS);
            format!("{function}(c_total[5m]) {operator} on (instance) group_left(os) info")
        }
        2 => {
            let aggregate = dice.one_of(AGGREGATIONS);
            format!(
                "info {operator} on (instance) group_right() {aggregate} by (instance, zone) (g)"
            )
        }
        _ => {
            let aggregate = dice.one_of(AGGREGATIONS);
            format!("g {operator} on (zone) group_left {aggregate} by (zone) (g)")
        }
    }
}

fn special(dice: &mut Dice, below: u64) -> String {
    let of = vector(dice, below);
    match dice.below(9) {
        0 => format!("histogram_quantile({}, rate(h_bucket[5m]))", share(dice)),
        1 => format!(
            "histogram_quantile({}, sum by (le) (rate(h_bucket[5m])))",
            share(dice)
        ),
        2 => format!("label_replace({of}, \"made\", \"$1-x\", \"instance\", \"i(.*)\")"),
        3 => format!("label_join({of}, \"made\", \"/\", \"instance\", \"zone\")"),
        4 => format!("clamp({of}, -5, 20)"),
        5 => format!("clamp_min({of}, scalar(g{{instance=\"i1\", zone=\"a\"}}))"),
        6 => format!("round(g, 0.5) + ({of})"),
        7 => format!("vector(scalar({of}))"),
        // What is beyond all dates is NaN here, and what a processor makes of it there.
        8 => format!("{}(abs(g) * 1e6)", dice.one_of(DATES)),
        9 => format!("{}({})", dice.one_of(PLAIN), simple(dice)),
        _ => format!("vector(time() % 1000) + on () group_right() ({of})"),
    }
}

fn operator(dice: &mut Dice) -> &'static str {
    let all = if dice.below(3) == 0 {
        COMPARISONS
    } else {
        ARITHMETIC
    };
    dice.one_of::<&str>(all)
}

fn number(dice: &mut Dice) -> String {
    let numbers = [
        "0",
        "1",
        "2.5",
        "-3",
        "10",
        "1e3",
        "scalar(g{instance=\"i2\", zone=\"b\"})",
    ];
    (*dice.one_of(&numbers)).to_owned()
}

fn share(dice: &mut Dice) -> &'static str {
    dice.one_of::<&str>(&["0", "0.25", "0.5", "0.9", "0.99", "1", "-1", "2"])
}
