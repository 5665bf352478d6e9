//! Closed chunks: every bit comes back, damage is an error or other values, never a panic.

use proptest::prelude::*;
use watchglass_model::{STALE, Sample, Samples, is_stale};

use super::super::testing::{same_bits, series};
use super::*;

fn columns(samples: &[Sample]) -> Samples {
    let mut columns = Samples::default();
    for sample in samples {
        columns.push(sample);
    }
    columns
}

fn closed(samples: &Samples) -> (Vec<u8>, Vec<u8>) {
    let mut out = Writer::default();
    encode(samples, &mut out);
    (times::encode(&samples.times), out.bytes)
}

fn opened(times: &[u8], bytes: &[u8]) -> Result<Samples, Corrupt> {
    part(times, bytes, usize::MAX)
}

fn part(times: &[u8], bytes: &[u8], wanted: usize) -> Result<Samples, Corrupt> {
    let (mut samples, mut column) = (Samples::default(), Vec::new());
    times::decode(times, &mut column)?;
    decode(bytes, &column, wanted, &mut samples)?;
    Ok(samples)
}

fn of(values: &[f64]) -> Samples {
    let times = (0_i64..).map(|place| 1_700_000_000_000 + 15_000 * place);
    Samples {
        times: times.take(values.len()).collect(),
        floats: values.to_vec(),
        ..Samples::default()
    }
}

proptest! {
    #[test]
    fn every_bit_of_a_series_comes_back(samples in series()) {
        let columns = columns(&samples);
        let (times, bytes) = closed(&columns);
        let found = opened(&times, &bytes)?;
        prop_assert!(same_bits(&found, &columns), "{found:?}\n{columns:?}");
    }

    #[test]
    fn every_bit_of_decimals_comes_back(power in 0_u32..12, integers: Vec<i32>, marker: bool) {
        let mut values: Vec<_> =
            integers.iter().map(|one| f64::from(*one) / 10_f64.powi(power.cast_signed())).collect();
        values.extend(marker.then_some(STALE));
        let samples = of(&values);
        let (times, bytes) = closed(&samples);
        prop_assert!(same_bits(&opened(&times, &bytes)?, &samples));
        let wanted = values.len() / 2;
        prop_assert!(same_bits(&part(&times, &bytes, wanted)?, &of(&values[..wanted])));
    }

    #[test]
    fn damage_never_panics(samples in series(), flips in prop::collection::vec(any::<usize>(), 1..4)) {
        let columns = columns(&samples);
        let (mut times, mut bytes) = closed(&columns);
        for flip in flips {
            let column = if flip % 3 == 0 { &mut times } else { &mut bytes };
            let bits = column.len() * 8;
            column[flip % bits / 8] ^= 1 << (flip % 8);
        }
        let _ = opened(&times, &bytes);
        let _ = opened(&times, bytes.get(..bytes.len() / 2).unwrap_or_default());
    }
}

#[test]
fn a_counter_that_ends_is_still_a_column_of_single_bytes() {
    let mut values: Vec<_> = (0..240_u32).map(|place| f64::from(place * 7)).collect();
    values.push(STALE);
    let (times, bytes) = closed(&of(&values));
    assert!(times.len() < 260 && bytes.len() < 270, "{} and {} bytes", times.len(), bytes.len());
    assert!(is_stale(*opened(&times, &bytes).unwrap().floats.last().unwrap()));
}
