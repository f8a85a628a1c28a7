//! What a question is answered with: exact sums over rows, from which every average, share and deviation follows.

/// A percentile in thousandths of a percent, so that it can be a key: 50,000 is the median.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percentile {
    thousandths: u32,
    is_nearest: bool,
}

impl Percentile {
    /// The median.
    pub const MEDIAN: Percentile = Percentile { thousandths: 50_000, is_nearest: false };
    /// Most different percentiles of one metric.
    pub const LIMIT: usize = 20;

    /// The percentile of `p` percent, to a thousandth, interpolated linearly; `None` outside 0 to 100.
    pub fn of(p: f64) -> Option<Percentile> {
        // In range, so that the cast is exact after rounding.
        (0.0..=100.0).contains(&p).then(|| Percentile { thousandths: (p * 1_000.0).round() as u32, is_nearest: false })
    }
    /// The smallest value that at least `p` percent of the values do not exceed; `None` outside 0 to 100.
    pub fn nearest(p: f64) -> Option<Percentile> {
        Percentile::of(p).map(|percentile| Percentile { is_nearest: true, ..percentile })
    }
    /// The rank among `count` sorted values: its whole part and its fraction in 100,000ths. `None` for no values.
    pub fn rank(self, count: u64) -> Option<(u64, u32)> {
        let last = u128::from(count.checked_sub(1)?);
        let share = u128::from(self.thousandths);
        if self.is_nearest {
            let values = (u128::from(count) * share).div_ceil(100_000);
            // At most `last`.
            return Some((values.saturating_sub(1) as u64, 0));
        }
        let scaled = last * share;
        // Both fit: the quotient is at most `last`, the remainder below 100,000.
        Some(((scaled / 100_000) as u64, (scaled % 100_000) as u32))
    }
}

/// Sums over the rows of one cell: a group in a bucket. Values are milliseconds or plain numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Rows: the sample size. Of a measure with values, rows that have one.
    pub rows: u64,
    /// Of a share: rows of which its condition holds.
    pub hits: u64,
    /// Sum of the values.
    pub sum: i128,
    /// Sum of their squares.
    pub squares: i128,
    /// Smallest value; `None` for no values.
    pub minimum: Option<i64>,
    /// Largest value.
    pub maximum: Option<i64>,
    /// The percentiles that were asked for, in the order of the question; empty for no values.
    pub percentiles: Vec<f64>,
}

impl Figures {
    /// Takes a value in.
    pub fn add(&mut self, value: i64) {
        let wide = i128::from(value);
        self.rows += 1;
        self.sum += wide;
        self.squares += wide * wide;
        self.minimum = Some(self.minimum.map_or(value, |least| least.min(value)));
        self.maximum = Some(self.maximum.map_or(value, |most| most.max(value)));
    }

    /// Takes the rows of another cell in; percentiles cannot be added and are dropped.
    pub fn merge(&mut self, other: &Figures) {
        self.rows += other.rows;
        self.hits += other.hits;
        self.sum += other.sum;
        self.squares += other.squares;
        self.minimum = [self.minimum, other.minimum].into_iter().flatten().min();
        self.maximum = [self.maximum, other.maximum].into_iter().flatten().max();
        self.percentiles.clear();
    }

    /// Mean value; `None` for no rows.
    pub fn average(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.sum as f64 / self.rows as f64)
    }

    /// Share of hits among rows, 0 to 100; `None` for no rows.
    pub fn percentage(&self) -> Option<f64> {
        (self.rows > 0).then(|| self.hits as f64 * 100.0 / self.rows as f64)
    }

    /// Population standard deviation; `None` for no rows. The variance is exact before its root is drawn.
    pub fn standard_deviation(&self) -> Option<f64> {
        let rows = i128::from(self.rows);
        (rows > 0).then(|| ((rows * self.squares - self.sum * self.sum).max(0) as f64).sqrt() / self.rows as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[i64]) -> Figures {
        let mut figures = Figures::default();
        values.iter().for_each(|value| figures.add(*value));
        figures
    }

    #[test]
    fn sums_give_mean_and_deviation() {
        let figures = of(&[2, 4, 4, 4, 5, 5, 7, 9]);
        assert_eq!((figures.average(), figures.standard_deviation()), (Some(5.0), Some(2.0)));
        assert_eq!((figures.minimum, figures.maximum), (Some(2), Some(9)));
        assert_eq!((of(&[]).average(), of(&[]).standard_deviation(), of(&[]).percentage()), (None, None, None));
        // A hundred thousand years in milliseconds, squared and summed, are exact.
        let long = 3_155_692_600_000_000;
        assert_eq!(of(&[long, long + 2]).standard_deviation(), Some(1.0));
    }

    #[test]
    fn merging_is_as_if_taken_in_together() {
        let mut merged = of(&[1, -5]);
        merged.merge(&of(&[]));
        merged.merge(&of(&[7]));
        assert_eq!(merged, of(&[1, -5, 7]));
    }

    #[test]
    fn ranks_are_exact() {
        let rank = |p: f64, count: u64| Percentile::of(p).unwrap().rank(count);
        assert_eq!(rank(50.0, 4), Some((1, 50_000)));
        assert_eq!(rank(0.0, 4), Some((0, 0)));
        assert_eq!(rank(100.0, 4), Some((3, 0)));
        assert_eq!(rank(99.9, 1_001), Some((999, 0)));
        assert_eq!(rank(50.0, 0), None);
        let nearest = |p: f64, count: u64| Percentile::nearest(p).unwrap().rank(count);
        assert_eq!([nearest(0.0, 4), nearest(25.0, 4), nearest(25.1, 4)], [Some((0, 0)), Some((0, 0)), Some((1, 0))]);
        assert_eq!([nearest(100.0, 4), nearest(50.0, 0)], [Some((3, 0)), None]);
        assert_eq!(Percentile::of(100.1), None);
        assert_eq!(Percentile::of(f64::NAN), None);
    }
}
