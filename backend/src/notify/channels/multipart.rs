//! Forms with a file, as providers take pictures (RFC 7578); pure, never what they show.

use bytes::Bytes;
use common::ids::DeliveryId;
use url::Url;

use super::request::{with_body, with_header};
use crate::egress::Request;
use crate::egress::header::CONTENT_TYPE;
use crate::notify::message::Picture;

/// What a picture is called.
pub(super) const FILE_NAME: &str = "chart.png";

/// A form: fields of text, and the picture under its name. The key separates the parts: nobody who
/// writes a text knows it.
pub(super) fn form(
    url: Url,
    key: DeliveryId,
    fields: &[(&str, &str)],
    picture: (&str, &Picture),
) -> Request {
    let boundary = format!("watchpost-{key}");
    let mut body = Vec::new();
    for (name, text) in fields {
        let head =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), text.as_bytes(), b"\r\n"].concat());
    }
    let (name, picture) = picture;
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{FILE_NAME}\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    let png: &Bytes = &picture.png;
    let tail = format!("\r\n--{boundary}--\r\n");
    body.extend([head.as_bytes(), png, tail.as_bytes()].concat());
    let request = with_body(url, "multipart/form-data", body);
    let kind = format!("multipart/form-data; boundary={boundary}");
    with_header(request, CONTENT_TYPE, &kind)
}
