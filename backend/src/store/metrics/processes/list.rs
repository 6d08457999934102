//! The bytes of a single stored list of processes: a version, then postcard; pure, never a database.

use common::host::Process;

use crate::store::error::StoreError;

/// The version that is written.
const VERSION: u8 = 1;

/// The bytes of a list.
pub(in crate::store::metrics) fn encode(processes: &[Process]) -> Result<Vec<u8>, StoreError> {
    let list = postcard::to_allocvec(processes).map_err(|_| StoreError::Corrupt {
        what: "list of processes",
    })?;
    Ok([&[VERSION], list.as_slice()].concat())
}

/// The list; `None` when the bytes are of another version or no list.
pub(super) fn decode(body: &[u8]) -> Option<Vec<Process>> {
    let (version, bytes) = body.split_first()?;
    (*version == VERSION).then(|| postcard::from_bytes(bytes).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_back_and_rubbish_is_refused() {
        let list = vec![Process {
            pid: 7,
            name: "sshd".to_owned(),
            cpu_percent: Some(1.5),
            ..Process::default()
        }];
        let body = encode(&list).unwrap();
        assert_eq!(decode(&body), Some(list));
        for rubbish in [&[][..], &[9], &[1], &body[..body.len() - 1]] {
            assert_eq!(decode(rubbish), None);
        }
    }
}
