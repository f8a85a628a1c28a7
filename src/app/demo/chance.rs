//! Chance that repeats: a generator whose stream never changes between versions, and the few distributions the demo draws from.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// What a stream of chance is for; with an index it names one stream of a seed.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Facts that a case begins with.
    Facts,
    /// What happens to a case.
    Story,
    /// A customer.
    Customer,
    /// Demand: noise of days, incidents.
    Demand,
    /// One agent's presence on one day.
    Presence,
}

/// One stream of chance.
#[derive(Clone, Debug)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of that purpose and index.
    pub fn new(seed: u64, purpose: Purpose, index: u64) -> Chance {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8] = purpose as u8;
        let mut stream = ChaCha8Rng::from_seed(key);
        stream.set_stream(index);
        Chance(stream)
    }

    /// Evenly from 0 (inclusive) to 1 (exclusive).
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with that probability.
    pub fn hit(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Evenly from 0 to `count` − 1; 0 when `count` is 0.
    pub fn below(&mut self, count: usize) -> usize {
        ((self.unit() * count as f64) as usize).min(count.saturating_sub(1))
    }

    /// Evenly from `from` (inclusive) to `until` (exclusive).
    pub fn between(&mut self, from: i64, until: i64) -> i64 {
        from + (self.unit() * (until - from) as f64) as i64
    }

    /// One of the items, which must not be none at all.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// An index, each as likely as its weight says; 0 when all weights are 0.
    pub fn weigh(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let mut left = self.unit() * weights.clone().sum::<f64>();
        for (index, weight) in weights.enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        0
    }

    /// Log-normal: half of the draws lie below `median`, and about two thirds within a factor e^`sigma` of it.
    pub fn around(&mut self, median: f64, sigma: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let normal = radius * (std::f64::consts::TAU * self.unit()).cos();
        median * (sigma * normal).exp()
    }

    /// A log-normal length of time in milliseconds, at least a second and at most 60 days.
    pub fn around_ms(&mut self, median_ms: f64, sigma: f64) -> i64 {
        self.around(median_ms, sigma).clamp(1_000.0, 60.0 * 86_400_000.0) as i64
    }
}

/// A number that looks drawn but is the same for the same three, for yes-or-no facts that are asked often.
pub fn mix(seed: u64, a: u64, b: u64) -> u64 {
    let mut z = seed ^ a.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ b.wrapping_mul(0xd1b5_4a32_d192_ed03);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// True for about `percent` of a hundred mixed numbers.
pub fn is_among(mixed: u64, percent: u64) -> bool {
    mixed % 100 < percent
}

#[cfg(test)]
mod tests {
    use super::{Chance, Purpose};

    #[test]
    fn draws_follow_their_distributions() {
        let mut chance = Chance::new(7, Purpose::Story, 3);
        let count = 20_000;
        let below_median = (0..count).filter(|_| chance.around(60.0, 0.9) < 60.0).count();
        assert!((9_600..10_400).contains(&below_median), "{below_median}");
        let second = (0..count).filter(|_| chance.weigh([1.0, 3.0].into_iter()) == 1).count();
        assert!((14_600..15_400).contains(&second), "{second}");
        assert!((0..count).all(|_| chance.below(5) < 5));
    }

    #[test]
    fn streams_repeat_and_differ() {
        let draw = |seed, index| Chance::new(seed, Purpose::Story, index).unit();
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
        assert_ne!(draw(1, 2), draw(2, 2));
    }
}
