//! When an archive was made, as far as it says (rootfs, section 5).

use crate::database::Database;
use bstr::{BStr, BString};

/// `SOURCE_DATE_EPOCH` is no time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("SOURCE_DATE_EPOCH: '{0}' is not a decimal number of seconds")]
pub struct DateError(pub BString);

/// The build date in Unix seconds: `source_date` (the value of `SOURCE_DATE_EPOCH`, which
/// counts as unset when it is empty), else the newest build time of the installed packages.
///
/// # Errors
/// When the value is no decimal number.
pub fn build_date(source_date: Option<&BStr>, database: &Database) -> Result<u64, DateError> {
    match source_date.filter(|text| !text.is_empty()) {
        Some(text) => parse(text).ok_or_else(|| DateError(text.into())),
        None => Ok(database
            .iter()
            .map(|(_, installed)| installed.package.build_time)
            .max()
            .unwrap_or(0)),
    }
}

fn parse(text: &BStr) -> Option<u64> {
    if !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let seconds: u64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    // Every program can read it.
    i64::try_from(seconds).ok()?;
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        let database = Database::default();
        let date = |text: &str| build_date(Some(BStr::new(text)), &database);
        assert_eq!(date("0"), Ok(0));
        assert_eq!(date("1700000000"), Ok(1_700_000_000));
        assert_eq!(date(""), Ok(0));
        for text in [
            "-1",
            "+1",
            "1.5",
            "0x1",
            " 1",
            "1 ",
            "now",
            "99999999999999999999",
        ] {
            assert!(date(text).is_err(), "{text:?}");
        }
        assert_eq!(build_date(None, &database), Ok(0));
    }
}
