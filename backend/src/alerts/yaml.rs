//! YAML as a tree whose nodes know their lines; anchors are refused, because a few of them can stand for
//! more than fits into memory. Never what the nodes mean.

use saphyr_parser::{Event, Parser};

/// Deepest nesting.
const DEPTH: usize = 32;

/// A value of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// Where it begins, from 1.
    pub(super) line: usize,
    /// What it is.
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text, a number or nothing.
    Scalar(String),
    /// A list.
    List(Vec<Node>),
    /// Names with values, in their order.
    Map(Vec<(String, Node)>),
}

/// Why a text is no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadYaml {
    /// Where, from 1.
    pub(super) line: usize,
    /// What is wrong.
    pub(super) message: String,
}

impl Node {
    /// The value under a name; `None` when it is no map, or has none.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let found = self.entries()?.iter().find(|(own, _)| own == name);
        found.map(|(_, node)| node)
    }

    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text) => Some(text),
            Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// The items of a list; nothing is an empty one.
    pub(super) fn items(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            Kind::Scalar(text) if is_nothing(text) => Some(&[]),
            Kind::Scalar(_) | Kind::Map(_) => None,
        }
    }

    /// The entries of a map; nothing is an empty one.
    pub(super) fn entries(&self) -> Option<&[(String, Self)]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            Kind::Scalar(text) if is_nothing(text) => Some(&[]),
            Kind::Scalar(_) | Kind::List(_) => None,
        }
    }
}

fn is_nothing(text: &str) -> bool {
    matches!(text, "" | "~" | "null")
}

/// A list or map that is being read.
struct Open {
    line: usize,
    is_map: bool,
    /// The name whose value comes next.
    name: Option<String>,
    items: Vec<Node>,
    entries: Vec<(String, Node)>,
}

/// Reads the one document of a text.
pub(super) fn read(text: &str) -> Result<Node, BadYaml> {
    let mut open: Vec<Open> = Vec::new();
    let mut whole: Option<Node> = None;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| BadYaml {
            line: error.marker().line(),
            message: error.info().to_owned(),
        })?;
        let line = span.start.line();
        let wrong = |message: &str| BadYaml {
            line,
            message: message.to_owned(),
        };
        let done = match event {
            Event::Alias(_) => return Err(wrong("aliases are not read: write it out")),
            Event::DocumentStart(_) if whole.is_some() => {
                return Err(wrong("a file has one document"));
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() >= DEPTH {
                    return Err(wrong("it is nested too deeply"));
                }
                open.push(Open {
                    line,
                    is_map: matches!(event, Event::MappingStart(..)),
                    name: None,
                    items: Vec::new(),
                    entries: Vec::new(),
                });
                None
            }
            Event::Scalar(text, ..) => Some(Node {
                line,
                kind: Kind::Scalar(text.into_owned()),
            }),
            Event::SequenceEnd | Event::MappingEnd => open.pop().map(Open::close),
            _ => None,
        };
        if let Some(node) = done {
            match open.last_mut() {
                Some(into) => into.take(node)?,
                None => whole = Some(node),
            }
        }
    }
    whole.ok_or_else(|| BadYaml {
        line: 1,
        message: "it is empty".to_owned(),
    })
}

impl Open {
    fn take(&mut self, node: Node) -> Result<(), BadYaml> {
        if !self.is_map {
            self.items.push(node);
            return Ok(());
        }
        let line = node.line;
        let wrong = |message: String| Err(BadYaml { line, message });
        match (self.name.take(), node.kind) {
            (Some(name), kind) => self.entries.push((name, Node { line, kind })),
            (None, Kind::Scalar(name)) => {
                if self.entries.iter().any(|(own, _)| *own == name) {
                    return wrong(format!("{name} stands there twice"));
                }
                self.name = Some(name);
            }
            (None, _) => return wrong("a name must be a text".to_owned()),
        }
        Ok(())
    }

    fn close(self) -> Node {
        Node {
            line: self.line,
            kind: if self.is_map {
                Kind::Map(self.entries)
            } else {
                Kind::List(self.items)
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_know_their_lines() {
        let read = read("groups:\n- name: a\n  rules: []\n- name: \"b\"\n  # note\n  rules:\n    - expr: |\n        up == 0\n      for: 5m\n").unwrap();
        let groups = read.get("groups").unwrap().items().unwrap();
        assert_eq!(groups.len(), 2);
        assert_eq!((groups[0].line, groups[1].line), (2, 4));
        let rule = &groups[1].get("rules").unwrap().items().unwrap()[0];
        assert_eq!(rule.get("expr").unwrap().text(), Some("up == 0\n"));
        assert_eq!(rule.get("for").unwrap().line, 9);
        assert_eq!(rule.get("labels"), None);
    }

    #[test]
    fn what_is_no_document_says_where() {
        for (text, line) in [
            ("", 1),
            ("a: [1, 2", 2),
            ("a: 1\nb: &x 2\nc: *x\n", 3),
            ("a: 1\na: 2\n", 2),
            ("a: 1\n---\nb: 2\n", 2),
            ("? [a]\n: b\n", 1),
        ] {
            let wrong = read(text).unwrap_err();
            assert_eq!(wrong.line, line, "{text:?}: {wrong:?}");
        }
        let deep = "[".repeat(40) + &"]".repeat(40);
        assert!(read(&deep).unwrap_err().message.contains("deeply"));
    }
}
