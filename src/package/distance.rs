//! How far a mistyped word is from one that exists.

/// How many mistakes are forgiven in `word`; `None` for words too short to tell.
pub fn tolerance(word: &[u8]) -> Option<usize> {
    match word.len() {
        0..=2 => None,
        3..=4 => Some(1),
        5..=8 => Some(2),
        _ => Some(3),
    }
}

/// How many letters have to be put in, left out, replaced or swapped with their neighbour,
/// unless these are more than `limit`.
pub fn distance(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        if row.iter().all(|cost| *cost > limit) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|cost| *cost <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, want) in [
            ("nginx", "ngnix", Some(1)),
            ("curl", "culr", Some(1)),
            ("curl", "curl", Some(0)),
            ("curl", "wget", None),
            ("python", "pyton", Some(1)),
        ] {
            assert_eq!(distance(a.as_bytes(), b.as_bytes(), 2), want, "{a} {b}");
        }
    }
}
