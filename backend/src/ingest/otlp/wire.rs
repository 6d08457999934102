//! OTLP's protobuf into its model; never what that becomes.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::model::{
    AnyValue, Double, HistogramPoint, Integer, KeyValue, List, Map, Metric, NumberPoint, Points,
    QuantileValue, Request, ResourceMetrics, ScopeMetrics, SummaryPoint, Unread,
};
use crate::protobuf::{BadMessage, Content, Field, Fields};

/// Values in values, at most.
const DEEPEST: u32 = 16;

type Read<T> = Result<T, BadMessage>;

/// Calls `each` with every field of a message.
fn all<'a>(message: &'a [u8], mut each: impl FnMut(Field<'a>) -> Read<()>) -> Read<()> {
    let mut fields = Fields::of(message);
    while let Some(field) = fields.read()? {
        each(field)?;
    }
    Ok(())
}

/// Reads a request.
pub(super) fn request(message: &[u8]) -> Read<Request> {
    let mut request = Request::default();
    all(message, |field| {
        if field.number == 1 {
            request.resource_metrics.push(resource(field.bytes()?)?);
        }
        Ok(())
    })?;
    Ok(request)
}

fn resource(message: &[u8]) -> Read<ResourceMetrics> {
    let mut resource = ResourceMetrics::default();
    all(message, |field| {
        match field.number {
            1 => all(field.bytes()?, |field| {
                if field.number == 1 {
                    resource.resource.attributes.push(key_value(field, 0)?);
                }
                Ok(())
            })?,
            2 => resource.scope_metrics.push(scope(field.bytes()?)?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(resource)
}

fn scope(message: &[u8]) -> Read<ScopeMetrics> {
    let mut scope = ScopeMetrics::default();
    all(message, |field| {
        match field.number {
            1 => all(field.bytes()?, |field| {
                match field.number {
                    1 => scope.scope.name = string(field)?,
                    2 => scope.scope.version = string(field)?,
                    _ => {}
                }
                Ok(())
            })?,
            2 => scope.metrics.push(metric(field.bytes()?)?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(scope)
}

fn metric(message: &[u8]) -> Read<Metric> {
    let mut metric = Metric::default();
    all(message, |field| {
        match field.number {
            1 => metric.name = string(field)?,
            2 => metric.description = string(field)?,
            3 => metric.unit = string(field)?,
            5 => metric.gauge = Some(points(field, number_point)?),
            7 => metric.sum = Some(points(field, number_point)?),
            9 => metric.histogram = Some(points(field, histogram_point)?),
            10 => metric.exponential_histogram = Some(points(field, |_| Ok(Unread {}))?),
            11 => metric.summary = Some(points(field, summary_point)?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(metric)
}

fn points<T>(field: Field<'_>, point: impl Fn(&[u8]) -> Read<T>) -> Read<Points<T>> {
    let mut points = Points::default();
    all(field.bytes()?, |field| {
        match field.number {
            1 => points.data_points.push(point(field.bytes()?)?),
            2 => points.aggregation_temporality = Integer(field.integer()?.cast_signed()),
            3 => points.is_monotonic = field.integer()? != 0,
            _ => {}
        }
        Ok(())
    })?;
    Ok(points)
}

fn number_point(message: &[u8]) -> Read<NumberPoint> {
    let mut point = NumberPoint::default();
    all(message, |field| {
        match field.number {
            3 => point.time_unix_nano = fixed(field)?,
            4 => point.as_double = Some(Double(field.double()?)),
            6 => point.as_int = Some(fixed(field)?),
            7 => point.attributes.push(key_value(field, 0)?),
            8 => point.flags = flags(field)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(point)
}

fn histogram_point(message: &[u8]) -> Read<HistogramPoint> {
    let mut point = HistogramPoint::default();
    all(message, |field| {
        match field.number {
            3 => point.time_unix_nano = fixed(field)?,
            4 => point.count = fixed(field)?,
            5 => point.sum = Some(Double(field.double()?)),
            6 => packed(field, |bits| {
                point.bucket_counts.push(Integer(bits.cast_signed()));
            })?,
            7 => packed(field, |bits| {
                point.explicit_bounds.push(Double(f64::from_bits(bits)));
            })?,
            9 => point.attributes.push(key_value(field, 0)?),
            10 => point.flags = flags(field)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(point)
}

fn summary_point(message: &[u8]) -> Read<SummaryPoint> {
    let mut point = SummaryPoint::default();
    all(message, |field| {
        match field.number {
            3 => point.time_unix_nano = fixed(field)?,
            4 => point.count = fixed(field)?,
            5 => point.sum = Double(field.double()?),
            6 => {
                let mut quantile = QuantileValue::default();
                all(field.bytes()?, |field| {
                    match field.number {
                        1 => quantile.quantile = Double(field.double()?),
                        2 => quantile.value = Double(field.double()?),
                        _ => {}
                    }
                    Ok(())
                })?;
                point.quantile_values.push(quantile);
            }
            7 => point.attributes.push(key_value(field, 0)?),
            8 => point.flags = flags(field)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(point)
}

fn string(field: Field<'_>) -> Read<String> {
    field.text().map(ToOwned::to_owned)
}

fn fixed(field: Field<'_>) -> Read<Integer> {
    Ok(Integer(field.fixed()?.cast_signed()))
}

fn flags(field: Field<'_>) -> Read<u32> {
    Ok(u32::try_from(field.integer()? & 0xFFFF_FFFF).unwrap_or_default())
}

/// Numbers of eight bytes, together in one field or each in its own.
fn packed(field: Field<'_>, mut each: impl FnMut(u64)) -> Read<()> {
    let Content::Bytes(bytes) = field.content else {
        each(field.fixed()?);
        return Ok(());
    };
    let (numbers, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return Err(BadMessage::CutOff);
    }
    for one in numbers {
        each(u64::from_le_bytes(*one));
    }
    Ok(())
}

fn key_value(field: Field<'_>, depth: u32) -> Read<KeyValue> {
    let mut pair = KeyValue::default();
    all(field.bytes()?, |field| {
        match field.number {
            1 => pair.key = string(field)?,
            2 => pair.value = any(field.bytes()?, depth)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(pair)
}

fn any(message: &[u8], depth: u32) -> Read<AnyValue> {
    let mut value = AnyValue::default();
    if depth == DEEPEST {
        return Ok(value);
    }
    all(message, |field| {
        match field.number {
            1 => value.string_value = Some(string(field)?),
            2 => value.bool_value = Some(field.integer()? != 0),
            3 => value.int_value = Some(Integer(field.integer()?.cast_signed())),
            4 => value.double_value = Some(Double(field.double()?)),
            5 => {
                let mut list = List::default();
                all(field.bytes()?, |field| {
                    list.values.push(any(field.bytes()?, depth + 1)?);
                    Ok(())
                })?;
                value.array_value = Some(list);
            }
            6 => {
                let mut map = Map::default();
                all(field.bytes()?, |field| {
                    map.values.push(key_value(field, depth + 1)?);
                    Ok(())
                })?;
                value.kvlist_value = Some(map);
            }
            7 => value.bytes_value = Some(BASE64_STANDARD.encode(field.bytes()?)),
            _ => {}
        }
        Ok(())
    })?;
    Ok(value)
}
