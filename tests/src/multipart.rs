//! Forms with files as receivers read them (RFC 7578); never what they are for.

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::receiver::Received;

/// The fields of a form: JSON as such, other text as text, a file in Base64.
pub fn fields(request: &Received) -> Result<Value> {
    let kind = request.header("content-type");
    let boundary = kind.strip_prefix("multipart/form-data; boundary=");
    let boundary = boundary.context("no form with files")?;
    let (first, between) = (format!("--{boundary}\r\n"), format!("\r\n--{boundary}"));
    let mut rest = request
        .body
        .strip_prefix(first.as_bytes())
        .context("a part")?;
    let mut fields = Map::new();
    loop {
        let end = find(rest, between.as_bytes()).context("the end of a part")?;
        let (name, value) = field(&rest[..end])?;
        ensure!(fields.insert(name, value).is_none(), "each name once");
        rest = &rest[end + between.len()..];
        if rest == b"--\r\n" {
            return Ok(Value::Object(fields));
        }
        rest = rest.strip_prefix(b"\r\n").context("a further part")?;
    }
}

fn field(part: &[u8]) -> Result<(String, Value)> {
    let end = find(part, b"\r\n\r\n").context("the end of the headers")?;
    let (headers, body) = (std::str::from_utf8(&part[..end])?, &part[end + 4..]);
    let of = |what: &str| {
        let (_, rest) = headers.split_once(&format!("; {what}=\""))?;
        Some(rest.split_once('"')?.0)
    };
    let name = of("name").context("a name")?.to_owned();
    if of("filename").is_some() {
        ensure!(headers.contains("Content-Type: image/png"), "{headers}");
        return Ok((name, Value::String(STANDARD.encode(body))));
    }
    let text = std::str::from_utf8(body)?;
    let value = if name.ends_with("json") {
        serde_json::from_str(text)?
    } else {
        Value::String(text.to_owned())
    };
    Ok((name, value))
}

fn find(within: &[u8], wanted: &[u8]) -> Option<usize> {
    within.windows(wanted.len()).position(|it| it == wanted)
}
