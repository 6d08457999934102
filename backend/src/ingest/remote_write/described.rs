//! What a request says that its metrics are; never their samples.

use common::exposition::FamilyKind;
use common::series::names::is_metric_name;

use crate::ingest::metadata::Metadata;
use crate::protobuf::{BadMessage, Fields};

/// A family and what was said about it.
pub(super) type Described = (String, Metadata);

/// Reads one `MetricMetadata`; `None` when it is about nothing that can be a metric. Samples are
/// worth more than words about them: they are not refused for that.
pub(super) fn read(message: &[u8]) -> Result<Option<Described>, BadMessage> {
    let (mut number, mut metric, mut help, mut unit) = (0, "", "", "");
    let mut fields = Fields::of(message);
    while let Some(field) = fields.read()? {
        match field.number {
            1 => number = field.integer()?,
            2 => metric = field.text()?,
            4 => help = field.text()?,
            5 => unit = field.text()?,
            _ => {}
        }
    }
    if !is_metric_name(metric) {
        return Ok(None);
    }
    let said = Metadata {
        kind: FamilyKind::of_number(number),
        help: help.to_owned(),
        unit: unit.to_owned(),
    };
    Ok(Some((metric.to_owned(), said)))
}
