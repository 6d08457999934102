//! Fields of a protobuf message, read where they lie; never what they mean, never a copy.

/// Bytes that are no protobuf message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadMessage {
    /// The message ends within a field.
    #[error("the message is cut off")]
    CutOff,
    /// A number is written with more than ten bytes.
    #[error("a number is too long")]
    LongNumber,
    /// A field has no number, or a number beyond what there may be.
    #[error("a field has no valid number")]
    FieldNumber,
    /// A field is of a kind that is not known (groups are not any more).
    #[error("a field is of the unknown kind {0}")]
    Kind(u8),
    /// A field is of another kind than the protocol says.
    #[error("field {0} is of the wrong kind")]
    WrongKind(u32),
    /// A text is not UTF-8.
    #[error("a text is not UTF-8")]
    NotUtf8,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content<'a> {
    /// A whole number, or a yes or no.
    Number(u64),
    /// Eight bytes: a double, or a number of fixed size.
    Fixed64([u8; 8]),
    /// Four bytes.
    Fixed32([u8; 4]),
    /// A text, bytes, or a message.
    Bytes(&'a [u8]),
}

/// A field with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// Its number, from 1.
    pub number: u32,
    /// What it holds.
    pub content: Content<'a>,
}

impl<'a> Field<'a> {
    /// The bytes of a message or of bytes.
    pub fn bytes(self) -> Result<&'a [u8], BadMessage> {
        match self.content {
            Content::Bytes(bytes) => Ok(bytes),
            _ => Err(BadMessage::WrongKind(self.number)),
        }
    }

    /// A text.
    pub fn text(self) -> Result<&'a str, BadMessage> {
        std::str::from_utf8(self.bytes()?).map_err(|_| BadMessage::NotUtf8)
    }

    /// A whole number.
    pub fn integer(self) -> Result<u64, BadMessage> {
        match self.content {
            Content::Number(number) => Ok(number),
            _ => Err(BadMessage::WrongKind(self.number)),
        }
    }

    /// The bits of eight bytes of fixed size.
    pub fn fixed(self) -> Result<u64, BadMessage> {
        match self.content {
            Content::Fixed64(bytes) => Ok(u64::from_le_bytes(bytes)),
            _ => Err(BadMessage::WrongKind(self.number)),
        }
    }

    /// A double, bit for bit.
    pub fn double(self) -> Result<f64, BadMessage> {
        self.fixed().map(f64::from_bits)
    }
}

/// The fields of a message, in the order in which they stand.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// Those of the message that these bytes are.
    pub fn of(message: &'a [u8]) -> Self {
        Self(message)
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// The next field; `None` after the last.
    #[inline]
    pub fn read(&mut self) -> Result<Option<Field<'a>>, BadMessage> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let tag = number(&mut self.0)?;
        let field = u32::try_from(tag >> 3).map_err(|_| BadMessage::FieldNumber)?;
        if field == 0 {
            return Err(BadMessage::FieldNumber);
        }
        let content = match tag & 7 {
            0 => Content::Number(number(&mut self.0)?),
            1 => Content::Fixed64(array(&mut self.0)?),
            2 => {
                let length = number(&mut self.0)?;
                let length = usize::try_from(length).map_err(|_| BadMessage::CutOff)?;
                let (bytes, rest) = self.0.split_at_checked(length).ok_or(BadMessage::CutOff)?;
                self.0 = rest;
                Content::Bytes(bytes)
            }
            5 => Content::Fixed32(array(&mut self.0)?),
            kind => return Err(BadMessage::Kind(kind.to_le_bytes()[0])),
        };
        Ok(Some(Field {
            number: field,
            content,
        }))
    }
}

/// A number in groups of seven bits, the lowest first.
#[inline]
pub fn number(bytes: &mut &[u8]) -> Result<u64, BadMessage> {
    if let Some((&first, rest)) = bytes.split_first()
        && first < 0x80
    {
        *bytes = rest;
        return Ok(u64::from(first));
    }
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7F) << (7 * at);
        if *byte < 0x80 {
            *bytes = &bytes[at + 1..];
            return Ok(number);
        }
    }
    Err(if bytes.len() < 10 {
        BadMessage::CutOff
    } else {
        BadMessage::LongNumber
    })
}

fn array<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], BadMessage> {
    let (array, rest) = bytes.split_first_chunk().ok_or(BadMessage::CutOff)?;
    *bytes = rest;
    Ok(*array)
}

/// Writes a field that holds bytes, a text or a message.
pub fn put_bytes(number: u32, content: &[u8], to: &mut Vec<u8>) {
    put_number(u64::from(number) << 3 | 2, to);
    put_number(content.len() as u64, to);
    to.extend_from_slice(content);
}

/// Writes a field that holds a double.
pub fn put_double(number: u32, value: f64, to: &mut Vec<u8>) {
    put_number(u64::from(number) << 3 | 1, to);
    to.extend_from_slice(&value.to_bits().to_le_bytes());
}

/// Writes a field that holds a whole number, negative ones with all their bits.
pub fn put_integer(number: u32, value: i64, to: &mut Vec<u8>) {
    put_number(u64::from(number) << 3, to);
    put_number(u64::from_le_bytes(value.to_le_bytes()), to);
}

fn put_number(mut number: u64, to: &mut Vec<u8>) {
    while number > 0x7F {
        to.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    to.push(number.to_le_bytes()[0]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn fields_come_back_as_they_went(
            bytes in prop::collection::vec(any::<u8>(), 0..300),
            number in 1_u32..(1 << 29),
            integer in any::<i64>(),
            bits in any::<u64>(),
        ) {
            let mut message = Vec::new();
            put_bytes(number, &bytes, &mut message);
            put_double(2, f64::from_bits(bits), &mut message);
            put_integer(3, integer, &mut message);
            let mut fields = Fields::of(&message);
            let first = fields.read().unwrap().unwrap();
            prop_assert_eq!((first.number, first.bytes().unwrap()), (number, &bytes[..]));
            prop_assert_eq!(fields.read().unwrap().unwrap().fixed(), Ok(bits));
            let third = fields.read().unwrap().unwrap().integer().unwrap();
            prop_assert_eq!(i64::from_le_bytes(third.to_le_bytes()), integer);
            prop_assert_eq!(fields.read(), Ok(None));
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let mut fields = Fields::of(&bytes);
            let mut left = fields.rest().len();
            while let Ok(Some(_)) = fields.read() {
                prop_assert!(fields.rest().len() < left);
                left = fields.rest().len();
            }
        }
    }

    #[test]
    fn what_is_no_message_is_said() {
        for (bytes, error) in [
            (&[0x0A][..], BadMessage::CutOff),
            (&[0x0A, 5, 1], BadMessage::CutOff),
            (&[0x09, 1, 2], BadMessage::CutOff),
            (&[0x08, 0x80], BadMessage::CutOff),
            (&[0x08; 1], BadMessage::CutOff),
            (&[0x80; 11], BadMessage::LongNumber),
            (&[0x02, 0], BadMessage::FieldNumber),
            (&[0x0B], BadMessage::Kind(3)),
            (
                &[
                    0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01,
                ],
                BadMessage::CutOff,
            ),
        ] {
            assert_eq!(Fields::of(bytes).read(), Err(error), "{bytes:?}");
        }
    }
}
