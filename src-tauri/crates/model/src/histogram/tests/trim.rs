//! The operators `</` and `>/` against upstream's `native_histograms.test`, read in place.

use std::collections::HashMap;

use super::histogram;
use crate::histogram::{FloatHistogram, Keep};

#[test]
fn the_trims_of_the_test_file() {
    let Some(folder) = std::env::var_os("WATCHGLASS_CONFORMANCE") else {
        println!("skipped histogram trims: WATCHGLASS_CONFORMANCE names no folder");
        return;
    };
    let file = std::path::Path::new(&folder).join("promql/native_histograms.test");
    let text = std::fs::read_to_string(file).unwrap();
    let mut loaded = HashMap::new();
    let mut checked = 0;
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if let Some(case) = line.strip_prefix("eval instant at 1m ") {
            let Some((name, keep, at)) = parts(case) else { continue };
            let expected = lines.next().and_then(|line| line.split_once("{{")).unwrap();
            let Some(given): Option<&FloatHistogram> = loaded.get(name) else { continue };
            assert_near(&given.trim(at, keep), &histogram(expected.1), case);
            checked += 1;
        } else if let Some((name, literal)) = line.split_once(" {{")
            && !name.contains('{')
            && !literal.contains('{')
            && !literal.contains("}}x")
        {
            loaded.insert(name.to_owned(), histogram(literal));
        }
    }
    println!("{checked} trims");
    assert!(checked >= 70, "only {checked} trims found in the file");
}

fn parts(case: &str) -> Option<(&str, Keep, f64)> {
    let (below, above) = (case.split_once(" </ "), case.split_once(" >/ "));
    let (name, at, keep) = match (below, above) {
        (Some((name, at)), _) => (name, at, Keep::Below),
        (_, Some((name, at))) => (name, at, Keep::Above),
        _ => return None,
    };
    Some((name, keep, at.parse().ok()?))
}

fn assert_near(got: &FloatHistogram, want: &FloatHistogram, case: &str) {
    let mut want = want.clone();
    want.compact();
    let numbers = |histogram: &FloatHistogram| {
        let head = [histogram.count, histogram.sum, histogram.zero_count];
        let buckets = histogram.positive.iter().chain(&histogram.negative);
        head.into_iter().chain(buckets.map(|bucket| bucket.count)).collect::<Vec<_>>()
    };
    let near = |(got, want): (&f64, &f64)| (got - want).abs() <= 1e-6 * (got.abs() + want.abs());
    let (got_numbers, want_numbers) = (numbers(got), numbers(&want));
    let indexes = |histogram: &FloatHistogram| {
        let both = [&histogram.positive, &histogram.negative];
        both.map(|side| side.iter().map(|bucket| bucket.index).collect::<Vec<_>>())
    };
    assert!(
        indexes(got) == indexes(&want)
            && got_numbers.iter().zip(&want_numbers).all(near)
            && got.schema == want.schema,
        "{case}: got {}, want {}",
        got.test_expression(),
        want.test_expression()
    );
}
