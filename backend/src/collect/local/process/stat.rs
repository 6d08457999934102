//! One line of `/proc/PID/stat`; never other files of a process.

/// What the line tells of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::collect::local) struct Stat<'a> {
    /// Name of the program, at most 15 characters.
    pub(in crate::collect::local) name: &'a str,
    /// The kernel's letter for what it does: `R` runs, `S` sleeps.
    pub(in crate::collect::local) state: char,
    /// Processor time in ticks, for itself and the kernel.
    pub(in crate::collect::local) cpu_ticks: u64,
    /// Number of threads.
    pub(in crate::collect::local) threads: u32,
    /// When it started, in ticks since the host did.
    pub(in crate::collect::local) started_ticks: u64,
    /// Address space in bytes.
    pub(in crate::collect::local) virtual_bytes: u64,
    /// Resident memory in pages.
    pub(in crate::collect::local) resident_pages: u64,
}

/// Reads the line; `None` when it is damaged. The name may hold spaces and brackets.
pub(in crate::collect::local) fn parse(line: &str) -> Option<Stat<'_>> {
    let (_, rest) = line.split_once('(')?;
    let (name, rest) = rest.rsplit_once(')')?;
    // Fields are counted from 1 in proc(5); the first after the name is the third.
    let mut fields = rest.split_ascii_whitespace();
    let mut at = 3;
    let mut field = |number: usize| {
        let value = fields.nth(number - at)?;
        at = number + 1;
        Some(value)
    };
    let state = field(3)?.chars().next()?;
    let (user, kernel): (u64, u64) = (field(14)?.parse().ok()?, field(15)?.parse().ok()?);
    Some(Stat {
        name,
        state,
        cpu_ticks: user.saturating_add(kernel),
        threads: field(20)?.parse().ok()?,
        started_ticks: field(22)?.parse().ok()?,
        virtual_bytes: field(23)?.parse().ok()?,
        resident_pages: field(24)?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Stat, parse};

    const REST: &str = "S 1 2 2 0 -1 4194560 1 0 0 0 120 30 0 0 20 0 7 0 555 10485760 256 18446744073709551615 1 1 0";

    #[test]
    fn names_may_hold_anything() {
        for name in ["nginx", "Web Content", "tricky) S (x", "(sd-pam)", ""] {
            let line = format!("42 ({name}) {REST}");
            let expected = Stat {
                name,
                state: 'S',
                cpu_ticks: 150,
                threads: 7,
                started_ticks: 555,
                virtual_bytes: 10_485_760,
                resident_pages: 256,
            };
            assert_eq!(parse(&line), Some(expected), "{line}");
        }
    }

    #[test]
    fn a_damaged_line_is_no_reading() {
        for line in [
            "",
            "42 nginx S 1",
            "42 (nginx) S 1 2",
            "42 (nginx) S a b c d e f g h i j k l m n o p q r s t",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
