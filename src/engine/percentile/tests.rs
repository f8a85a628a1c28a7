//! Percentiles are those of sorting, however the work is shared out.

use super::*;

fn check(values: &[i64], parts: usize) {
    // More than are looked for one by one, and fewer.
    check_of(values, parts, &[0.0, 1.0, 50.0, 90.0, 95.5, 99.9, 100.0]);
    check_of(values, parts, &[1.0, 50.0, 99.9]);
}

fn check_of(values: &[i64], parts: usize, wanted: &[f64]) {
    let low = values.iter().copied().min().unwrap_or_default();
    let wanted: Vec<Percentile> = wanted.iter().map(|p| Percentile::of(*p).unwrap()).collect();
    let mut gathered = Gathered { parts: vec![vec![Pile::default(); 2]; parts], flat: (Vec::new(), Vec::new()) };
    for (place, value) in values.iter().enumerate() {
        gathered.parts[place % parts][1].push(value.abs_diff(low));
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let expected: Vec<f64> = wanted
        .iter()
        .filter_map(|percentile| percentile.rank(sorted.len() as u64))
        .map(|(rank, fraction)| {
            let (low, high) = (sorted[rank as usize], sorted[(rank as usize + 1).min(sorted.len() - 1)]);
            low as f64 + (high - low) as f64 * (f64::from(fraction) / 100_000.0)
        })
        .collect();
    let found = |gathered: &Gathered<u64>, threads: usize| {
        let mut found = vec![Vec::new(); 2];
        for task in gathered.tasks(2) {
            gathered.find(&task, &wanted, low, threads).into_iter().for_each(|(cell, of)| found[cell] = of);
        }
        found
    };
    assert_eq!(found(&gathered, 2), [Vec::new(), expected.clone()], "{}", values.len());
    let flat: Vec<u64> = gathered.parts.iter().flat_map(|part| part[1].pieces()).flatten().copied().collect();
    let ends = vec![0, flat.len()];
    let flat = Gathered { parts: Vec::new(), flat: (flat, ends) };
    assert_eq!(found(&flat, 1), [Vec::new(), expected]);
}

#[test]
fn percentiles_are_those_of_sorting() {
    let mixed = |place: i64| (place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    for count in [0, 1, 2, 3, 100, UNCOUNTED as i64 - 1, UNCOUNTED as i64, 3_000, FEW as i64, FEW as i64 + 1, 50_000] {
        check(&(0..count).map(|place| (mixed(place) >> 40) as i64).collect::<Vec<_>>(), 3);
        // Long tails, few different values, one value.
        check(&(0..count).map(|place| (mixed(place) >> (place % 60 + 4)) as i64 - 7).collect::<Vec<_>>(), 2);
        check(&(0..count).map(|place| (mixed(place) >> 62) as i64).collect::<Vec<_>>(), 1);
        check(&(0..count).map(|_| -5).collect::<Vec<_>>(), 2);
    }
}

#[test]
fn each_cell_with_values_is_in_one_task() {
    let counts = [1, 0, FEW + 1, 3, FEW, 0, 2 * FEW].into_iter().chain((0..40).map(|cell| cell % 3));
    let piles = counts.clone().map(|count| {
        let mut pile = Pile::default();
        (0..count as u32).for_each(|value| pile.push(value));
        pile
    });
    let gathered = Gathered { parts: vec![piles.collect()], flat: (Vec::new(), Vec::new()) };
    let cells = counts.clone().count();
    let tasks = gathered.tasks(cells);
    assert_eq!(tasks.iter().filter(|task| task.is_large()).count(), 2);
    let mut found: Vec<_> = tasks.iter().flat_map(|task| gathered.find(task, &[Percentile::MEDIAN], 0, 1)).collect();
    found.sort_by_key(|(cell, _)| *cell);
    let expected = counts.enumerate().filter(|(_, count)| *count > 0);
    let expected = expected.map(|(cell, count)| (cell, vec![(count - 1) as f64 / 2.0]));
    assert_eq!(found, expected.collect::<Vec<_>>());
}

#[test]
fn percentiles_of_both_kinds_are_found_together() {
    let mut values: Vec<u32> = (0..100_u32).rev().collect();
    let wanted = [Percentile::nearest(40.1).unwrap(), Percentile::of(40.2).unwrap()];
    settle(&mut values, ranks(100, &wanted).into_iter());
    assert_eq!(wanted.map(|percentile| of_settled(&values, percentile, 0).unwrap()), [40.0, 39.798]);
}

#[test]
fn neighbourhoods_never_fall() {
    let mut numbers: Vec<u64> =
        (0..64).flat_map(|place| [1_u64 << place, (1 << place) - 1, 3 << (place / 2)]).collect();
    numbers.push(u64::MAX);
    numbers.sort_unstable();
    let places: Vec<u16> = numbers.iter().map(|number| number.neighbourhood()).collect();
    assert!(places.is_sorted() && places[0] == 0 && usize::from(places[places.len() - 1]) < u64::NEIGHBOURHOODS);
    for number in numbers {
        let place = number.neighbourhood();
        let (least, next) = (least_of(place).unwrap(), least_of(place + 1));
        assert!(least <= number && next.is_none_or(|next| number < next), "{number}");
        assert!(least == 0 || (least - 1).neighbourhood() < place);
    }
    assert_eq!((0_u32.neighbourhood(), 1_u32.neighbourhood(), u32::MAX.neighbourhood()), (0, 1, 32 * 128 + 1));
}
