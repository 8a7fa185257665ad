//! Points in time as text, always in UTC.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A civil date and time of day in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Utc {
    /// Year.
    pub year: i64,
    /// Month, from 1.
    pub month: u32,
    /// Day of the month, from 1.
    pub day: u32,
    /// Hour.
    pub hour: u32,
    /// Minute.
    pub minute: u32,
    /// Second.
    pub second: u32,
}

impl Utc {
    /// The time `seconds` after the epoch.
    pub fn from_unix(seconds: u64) -> Utc {
        let (days, rest) = (seconds / 86_400, (seconds % 86_400) as u32);
        // Days are counted from 0000-03-01, so that a leap day ends its year.
        let days = days + 719_468;
        let (era, of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * shifted + 2) / 5 + 1) as u32;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        } as u32;
        let year = i64::try_from(year_of_era + era * 400).unwrap_or(i64::MAX);
        Utc {
            year: if month <= 2 { year + 1 } else { year },
            month,
            day,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
        }
    }

    /// The time now; the epoch when the clock stands before it.
    pub fn now() -> Utc {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Utc::from_unix(since.map_or(0, |d| d.as_secs()))
    }

    /// `YYYYMMDD.HHMMSS`, the version of a virtual package that was given none.
    pub fn compact(&self) -> String {
        format!(
            "{:04}{:02}{:02}.{:02}{:02}{:02}",
            self.year, self.month, self.day, self.hour, self.minute, self.second
        )
    }
}

impl fmt::Display for Utc {
    /// `YYYY-MM-DD HH:MM:SS`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02}",
            self.year, self.month, self.day, self.hour, self.minute, self.second
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times() {
        assert_eq!(Utc::from_unix(0).to_string(), "1970-01-01 00:00:00");
        assert_eq!(
            Utc::from_unix(1_700_000_000).to_string(),
            "2023-11-14 22:13:20"
        );
        assert_eq!(Utc::from_unix(951_826_154).compact(), "20000229.120914");
        assert_eq!(
            Utc::from_unix(4_107_542_400).to_string(),
            "2100-03-01 00:00:00"
        );
        assert!(!Utc::from_unix(u64::MAX).to_string().is_empty());
    }
}
