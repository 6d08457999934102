//! What is read, how it is printed, and where what is wrong lies.

use crate::query::promql::Expression;

#[test]
fn expressions_print_themselves_in_the_usual_form() {
    for (text, shown) in [
        ("up", "up"),
        (" up{ a = 'b' , } ", r#"up{a="b"}"#),
        ("sum by(a)(rate(up[5m]))", "sum by (a) (rate(up[5m]))"),
        ("sum(up)without(a)", "sum without (a) (up)"),
        ("a+on(b)group_left(c)d", "a + on (b) group_left (c) d"),
        ("a>bool 1", "a > bool 1"),
        (
            "up[1h30m:15s]@start() offset -5m",
            "up[1h30m:15s] @ start() offset -5m",
        ),
        (
            "holt_winters(up[5m],.1,.2)",
            "double_exponential_smoothing(up[5m], 0.1, 0.2)",
        ),
        ("-(up)", "-(up)"),
        ("up # comment", "up"),
    ] {
        let found = Expression::parse(text).unwrap().to_string();
        assert_eq!(found.replace(" (", "("), shown.replace(" (", "("), "{text}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (text, said) in [
        ("", "1:1: parse error: no expression found in input"),
        (
            "# nothing",
            "1:1: parse error: no expression found in input",
        ),
        ("up +", "1:5: parse error: unexpected end of input"),
        ("sum(up", "1:7: parse error: unclosed left parenthesis"),
        (
            "sum(up))",
            "1:8: parse error: unexpected right parenthesis ')'",
        ),
        ("up[5m", "1:6: parse error: unclosed left bracket"),
        (
            "up{a=\"b\"",
            "1:9: parse error: unexpected end of input inside braces",
        ),
        ("up up", "1:4: parse error: unexpected identifier \"up\""),
        ("up 5", "1:4: parse error: unexpected number \"5\""),
        ("up * / 5", "1:6: parse error: unexpected <op:/>"),
        ("\n up * \n  * 5", "3:3: parse error: unexpected <op:*>"),
        ("up $ 5", "1:4: parse error: unexpected character: '$'"),
        ("up{a=\"b}", "1:6: parse error: unterminated quoted string"),
        (
            "1 + nothing(up)",
            "1:5: parse error: unknown function with name 'nothing'",
        ),
        ("up{a=~\"(\"}", "1:7: parse error: unclosed group"),
        ("up[1e300]", "1:4: parse error: duration out of range"),
        (
            "info(up)",
            "1:1: parse error: unknown function with name 'info'",
        ),
        ("rate(up)", "1:1: parse error: expected type range vector"),
        (
            "sum(1)",
            "parse error: expected type instant vector in aggregation expression, got scalar",
        ),
        (
            "1 > 2",
            "parse error: comparisons between scalars must use BOOL modifier",
        ),
        (
            "{a=~\".*\"}",
            "parse error: vector selector must contain at least one non-empty matcher",
        ),
    ] {
        let error = Expression::parse(text).unwrap_err().to_string();
        assert!(error.contains(said), "{text}: {error}");
    }
}

#[test]
fn a_selector_says_what_it_asks_for() {
    for (text, is_selector) in [
        ("up{a!=\"b\"}", true),
        ("{__name__=~\"a|b\"}", true),
        ("(up)", true),
        ("up offset 5m", false),
        ("up[5m]", false),
        ("sum(up)", false),
    ] {
        let expression = Expression::parse(text).unwrap();
        assert_eq!(expression.matchers().is_some(), is_selector, "{text}");
    }
}
