//! Shares that sum to the whole whatever they are rounded to.

/// Each count's share in tenths of a percent, summing to exactly 1,000 by largest remainder; of equal remainders the first one is rounded
/// up. Nothing but zeros when there is nothing.
pub fn tenths_of_percent(counts: &[u64]) -> Vec<u64> {
    let total: u128 = counts.iter().map(|count| u128::from(*count)).sum();
    if total == 0 {
        return vec![0; counts.len()];
    }
    let exact = counts.iter().map(|count| u128::from(*count) * 1_000);
    let mut parts: Vec<(usize, u128, u128)> =
        exact.enumerate().map(|(place, tenths)| (place, tenths / total, tenths % total)).collect();
    let missing = 1_000 - parts.iter().map(|(_, whole, _)| whole).sum::<u128>();
    parts.sort_by(|a, b| b.2.cmp(&a.2).then(a.0.cmp(&b.0)));
    // Fewer are missing than there are parts, as each lacks less than one.
    parts.iter_mut().zip(0..missing).for_each(|(part, _)| part.1 += 1);
    parts.sort_unstable_by_key(|part| part.0);
    // At most 1,000.
    parts.into_iter().map(|(_, tenths, _)| tenths as u64).collect()
}

#[cfg(test)]
mod tests {
    use super::tenths_of_percent;

    #[test]
    fn shares_sum_to_the_whole() {
        let check = |counts: &[u64], expected: &[u64]| assert_eq!(tenths_of_percent(counts), expected);
        check(&[], &[]);
        check(&[0, 0], &[0, 0]);
        check(&[1, 1, 1], &[334, 333, 333]);
        check(&[2, 1], &[667, 333]);
        check(&[1, 1, 1, 1, 1, 1], &[167, 167, 167, 167, 166, 166]);
        check(&[u64::MAX, u64::MAX], &[500, 500]);
        check(&[1, 999_999], &[0, 1_000]);
    }
}
