//! Labels in one line, `mountpoint=/srv, name="a, b"`, read and written; pure.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::Chars;

/// What is said of a line that cannot be read.
pub const HOW: &str = "Write label=value, several with commas between.";

/// The line; a value that would not be read back as it is stands in quotes.
pub fn write(labels: &BTreeMap<String, String>) -> String {
    let one = |(name, value): (&String, &String)| format!("{name}={}", quoted(value));
    labels.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// The labels of a line.
pub fn read(text: &str) -> Result<BTreeMap<String, String>, &'static str> {
    let mut labels = BTreeMap::new();
    let mut rest = text.chars().peekable();
    loop {
        while rest
            .next_if(|it| it.is_whitespace() || *it == ',')
            .is_some()
        {}
        if rest.peek().is_none() {
            return Ok(labels);
        }
        let name = until(&mut rest, '=')?;
        let value = value(&mut rest)?;
        labels.insert(name, value);
    }
}

/// What stands before a sign, which is taken as well.
fn until(rest: &mut Peekable<Chars<'_>>, sign: char) -> Result<String, &'static str> {
    let mut found = String::new();
    loop {
        match rest.next() {
            Some(next) if next == sign => return Ok(found.trim().to_owned()),
            Some(next) if next != ',' => found.push(next),
            _ => return Err(HOW),
        }
    }
}

fn value(rest: &mut Peekable<Chars<'_>>) -> Result<String, &'static str> {
    while rest.next_if(|it| it.is_whitespace()).is_some() {}
    let mut found = String::new();
    if rest.next_if_eq(&'"').is_none() {
        while let Some(next) = rest.next_if(|it| *it != ',') {
            found.push(next);
        }
        return Ok(found.trim_end().to_owned());
    }
    loop {
        match rest.next() {
            Some('"') => break,
            Some('\\') => found.push(match rest.next() {
                Some('n') => '\n',
                Some(next) => next,
                None => return Err("A quote is not closed."),
            }),
            Some(next) => found.push(next),
            None => return Err("A quote is not closed."),
        }
    }
    while rest.next_if(|it| it.is_whitespace()).is_some() {}
    match rest.peek() {
        None | Some(',') => Ok(found),
        Some(_) => Err(HOW),
    }
}

fn quoted(value: &str) -> String {
    let is_plain = value.trim() == value && !value.starts_with('"') && !value.contains([',', '\n']);
    if is_plain {
        return value.to_owned();
    }
    let escaped = value.replace('\\', r"\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', r"\n"))
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use std::collections::BTreeMap;

    #[test]
    fn labels_come_back_as_they_were() {
        let values = [
            "/srv", "", "a, b", " a ", "\"", "a\"b", r"C:\", r"a\,b", "a\nb", "x=y",
        ];
        for value in values {
            let labels = BTreeMap::from([
                ("device".to_owned(), value.to_owned()),
                ("zone".to_owned(), "1".to_owned()),
            ]);
            let text = write(&labels);
            assert_eq!(read(&text), Ok(labels), "{text}");
        }
    }

    #[test]
    fn lines_are_read_as_people_write_them() {
        for (text, first) in [
            ("", None),
            (" , ", None),
            (" device = sda ,", Some(("device", "sda"))),
            ("a=\"b, c\" , z=1", Some(("a", "b, c"))),
        ] {
            let found = read(text).unwrap();
            let first = first.map(|(name, value)| (name.to_owned(), value.to_owned()));
            assert_eq!(found.into_iter().next(), first, "{text}");
        }
        for wrong in ["srv", "a=1, srv", "a=\"b", "a=\"b\" c"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
