//! What names, passwords and addresses may look like; never whether somebody has them already.

use common::language::Language;

/// Shortest password, in characters.
pub const PASSWORD_LEAST: usize = 10;
/// Longest password, in characters.
pub const PASSWORD_MOST: usize = 256;
const USERNAME_MOST: usize = 64;
const DISPLAY_NAME_MOST: usize = 100;
const EMAIL_MOST: usize = 254;
const PHONE_MOST: usize = 32;
const TIME_ZONE_MOST: usize = 64;
const GROUP_MOST: usize = 100;
const GROUPS_MOST: usize = 100;
/// A password of fewer different characters is no secret.
const DIFFERENT: usize = 4;

/// A value that breaks a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The field as in the API.
    pub field: &'static str,
    /// The rule.
    pub fault: Fault,
}

/// Which rule is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was given.
    Empty,
    /// More than so many characters.
    TooLong(usize),
    /// Fewer than so many characters.
    TooShort(usize),
    /// Too few different characters.
    TooSimple,
    /// It is the login name.
    IsUsername,
    /// It is the password until now.
    Unchanged,
    /// Not what such a value looks like.
    Malformed(Form),
    /// Somebody else has it.
    Taken,
    /// A moment that is over.
    Past,
    /// More than so many entries.
    TooMany(usize),
    /// An administrator sees all servers.
    IsAdmin,
    /// No group that the person who asks is limited to.
    NotYours,
}

/// What a value has to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `a-z 0-9 . _ -`, beginning with a letter or digit.
    Username,
    /// Text on one line.
    Line,
    /// Something on both sides of one `@`, without spaces.
    Email,
    /// Digits with spaces, `+ - ( ) . /` between.
    Phone,
    /// An IANA name (`Europe/Berlin`, `UTC`).
    TimeZone,
    /// A BCP 47 name (`de`, `pt-BR`).
    Locale,
    /// Text on one line without a comma.
    Group,
}

/// The login name as it is kept: in lower case.
pub(super) fn normal_username(username: &str) -> String {
    username.trim().to_lowercase()
}

/// `a-z 0-9 . _ -`, beginning with a letter or digit.
pub(super) fn username(name: &str) -> Result<(), Fault> {
    let starts_well = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    length(name, USERNAME_MOST)?;
    let fits =
        name.starts_with(starts_well) && name.chars().all(|c| starts_well(c) || ".-_".contains(c));
    fits.then_some(()).ok_or(Fault::Malformed(Form::Username))
}

/// Long enough, with some variety, and not the login name.
pub(super) fn password(password: &str, username: &str) -> Result<(), Fault> {
    let length = password.chars().count();
    if length < PASSWORD_LEAST {
        return Err(Fault::TooShort(PASSWORD_LEAST));
    }
    if length > PASSWORD_MOST {
        return Err(Fault::TooLong(PASSWORD_MOST));
    }
    if password.to_lowercase() == username {
        return Err(Fault::IsUsername);
    }
    let mut different: Vec<char> = password.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < DIFFERENT {
        return Err(Fault::TooSimple);
    }
    Ok(())
}

/// Any text on one line.
pub(super) fn display_name(name: &str) -> Result<(), Fault> {
    length(name, DISPLAY_NAME_MOST)?;
    let fits = !name.chars().any(char::is_control);
    fits.then_some(()).ok_or(Fault::Malformed(Form::Line))
}

/// Something on both sides of one `@`, without spaces; whether it exists only a message can tell.
pub(super) fn email(address: &str) -> Result<(), Fault> {
    length(address, EMAIL_MOST)?;
    let clean = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@')
    };
    let fits = address
        .split_once('@')
        .is_some_and(|(local, domain)| clean(local) && clean(domain));
    fits.then_some(()).ok_or(Fault::Malformed(Form::Email))
}

/// Digits with spaces, `+ - ( ) . /` between.
pub(super) fn phone(number: &str) -> Result<(), Fault> {
    length(number, PHONE_MOST)?;
    let fits = number.chars().any(|c| c.is_ascii_digit())
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || " +-()./".contains(c));
    fits.then_some(()).ok_or(Fault::Malformed(Form::Phone))
}

/// The form of an IANA name (`Europe/Berlin`, `UTC`); browsers know which exist.
pub(super) fn time_zone(name: &str) -> Result<(), Fault> {
    length(name, TIME_ZONE_MOST)?;
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_+-".contains(c))
    };
    name.split('/')
        .all(part)
        .then_some(())
        .ok_or(Fault::Malformed(Form::TimeZone))
}

/// The form of a BCP 47 name (`de`, `pt-BR`).
pub(super) fn locale(name: &str) -> Result<(), Fault> {
    length(name, Language::MOST)?;
    let read = name.parse::<Language>();
    read.map(drop).map_err(|_| Fault::Malformed(Form::Locale))
}

/// Text on one line; forms separate groups by commas.
pub fn group(name: &str) -> Result<(), Fault> {
    length(name, GROUP_MOST)?;
    let fits = !name.chars().any(|c| c.is_control() || c == ',');
    fits.then_some(()).ok_or(Fault::Malformed(Form::Group))
}

/// Names of groups, not too many.
pub(super) fn groups(names: &[String]) -> Result<(), Fault> {
    if names.len() > GROUPS_MOST {
        return Err(Fault::TooMany(GROUPS_MOST));
    }
    names.iter().try_for_each(|name| group(name))
}

fn length(text: &str, most: usize) -> Result<(), Fault> {
    if text.trim().is_empty() {
        return Err(Fault::Empty);
    }
    if text.chars().count() > most {
        return Err(Fault::TooLong(most));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rule = fn(&str) -> Result<(), Fault>;

    fn check(rule: Rule, cases: &[(&str, Result<(), Fault>)]) {
        for (text, expected) in cases {
            assert_eq!(rule(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn login_names_are_small_and_plain() {
        let bad = Err(Fault::Malformed(Form::Username));
        check(
            username,
            &[
                ("ann", Ok(())),
                ("a.b-c_9", Ok(())),
                ("9", Ok(())),
                ("", Err(Fault::Empty)),
                (" ", Err(Fault::Empty)),
                ("Ann", bad),
                (".ann", bad),
                ("ann lee", bad),
                ("änn", bad),
                ("a@b", bad),
                (&"a".repeat(65), Err(Fault::TooLong(64))),
            ],
        );
        assert_eq!(normal_username(" Ann "), "ann");
    }

    #[test]
    fn passwords_are_long_and_varied() {
        let check_for = |text: &str| password(text, "administrator");
        for (text, expected) in [
            ("correct horse", Ok(())),
            ("пароль из слов", Ok(())),
            ("short", Err(Fault::TooShort(10))),
            ("aaaaaaaaaaaa", Err(Fault::TooSimple)),
            ("Administrator", Err(Fault::IsUsername)),
            (&"ab cd".repeat(60), Err(Fault::TooLong(256))),
        ] {
            assert_eq!(check_for(text), expected, "{text}");
        }
    }

    #[test]
    fn the_other_fields_look_like_what_they_are() {
        let bad = |form| Err(Fault::Malformed(form));
        check(
            email,
            &[
                ("a@b", Ok(())),
                ("a b@c", bad(Form::Email)),
                ("a@b@c", bad(Form::Email)),
                ("@b", bad(Form::Email)),
                ("ab", bad(Form::Email)),
            ],
        );
        check(
            phone,
            &[
                ("+49 (30) 12/34", Ok(())),
                ("call me", bad(Form::Phone)),
                ("+-", bad(Form::Phone)),
            ],
        );
        check(
            time_zone,
            &[
                ("UTC", Ok(())),
                ("America/Argentina/Buenos_Aires", Ok(())),
                ("Etc/GMT+1", Ok(())),
                ("../etc", bad(Form::TimeZone)),
                ("Europe/", bad(Form::TimeZone)),
            ],
        );
        check(
            locale,
            &[
                ("de", Ok(())),
                ("zh-Hant-TW", Ok(())),
                ("1-de", bad(Form::Locale)),
                ("de_DE", bad(Form::Locale)),
            ],
        );
        check(
            group,
            &[
                ("web servers", Ok(())),
                ("a,b", bad(Form::Group)),
                ("a\nb", bad(Form::Group)),
                (" ", Err(Fault::Empty)),
                (&"a".repeat(101), Err(Fault::TooLong(100))),
            ],
        );
        let many = vec!["web".to_owned(); 101];
        assert_eq!(groups(&many), Err(Fault::TooMany(100)));
        check(
            display_name,
            &[
                ("Ann Lee ✓", Ok(())),
                ("a\nb", bad(Form::Line)),
                ("", Err(Fault::Empty)),
            ],
        );
    }
}
