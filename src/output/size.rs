//! Sizes for people (install, section 9.2).

const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];

/// Divides by 1024 until the number is below 10,000; gives the last quotient, the value one
/// unit smaller, and the unit's index.
fn scale(bytes: u64) -> (u64, u64, usize) {
    let (mut value, mut finer, mut unit) = (bytes, bytes, 0);
    while value >= 10_000 && unit + 1 < UNITS.len() {
        finer = value;
        value /= 1024;
        unit += 1;
    }
    (value, finer, unit)
}

/// As transaction summaries show a size: `60 B`, `2588 KiB`, `12.5 MiB`.
pub fn human(bytes: u64) -> String {
    let (value, finer, unit) = scale(bytes);
    if unit < 2 {
        format!("{value} {}", UNITS[unit])
    } else {
        let tenths = (u128::from(finer) * 10 + 512) / 1024;
        format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
    }
}

/// As `info` shows a size: without decimals.
pub fn human_whole(bytes: u64) -> String {
    let (value, _, unit) = scale(bytes);
    format!("{value} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_the_table() {
        for (bytes, text) in [
            (0, "0 B"),
            (9999, "9999 B"),
            (10000, "9 KiB"),
            (10_239_999, "9999 KiB"),
            (10_240_000, "9.8 MiB"),
            (104_857_600, "100.0 MiB"),
            (10_737_418_240, "10.0 GiB"),
        ] {
            assert_eq!(human(bytes), text);
        }
        assert_eq!(human_whole(652 * 1024), "652 KiB");
        assert_eq!(human_whole(13 << 20), "13 MiB");
        assert!(human(u64::MAX).ends_with(" TiB"));
    }
}
