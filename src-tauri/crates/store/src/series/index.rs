//! The series that heads know, by number, and which numbers have which label.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rapidhash::RapidHashMap;
use watchglass_model::Labels;
use watchglass_storage::{MatchOperator, Matcher, all_match};

/// Series by number, found by their labels. A series is added and never removed; an index with too many series that
/// get no samples any more is replaced by a new one.
#[derive(Debug, Default)]
pub(crate) struct Index {
    series: Vec<Labels>,
    /// Numbers by name and value, ascending because numbers are given in order.
    postings: RapidHashMap<Box<str>, BTreeMap<Box<str>, Vec<u32>>>,
}

impl Index {
    /// The number of a series that was not there.
    pub(crate) fn add(&mut self, labels: &Labels) -> u32 {
        let number = u32::try_from(self.series.len()).expect("memory ends before 2^32 series");
        self.series.push(labels.clone());
        for (name, value) in labels {
            let values = match self.postings.get_mut(name) {
                Some(values) => values,
                None => self.postings.entry(name.into()).or_default(),
            };
            match values.get_mut(value) {
                Some(numbers) => numbers.push(number),
                None => drop(values.insert(value.into(), vec![number])),
            }
        }
        number
    }

    /// The labels of a series.
    pub(crate) fn labels(&self, number: u32) -> Option<&Labels> {
        self.series.get(number as usize)
    }

    /// The series that pass all matchers.
    pub(crate) fn select(&self, matchers: &[Matcher]) -> Vec<(u32, Labels)> {
        let passing = |number: u32| {
            let labels = self.labels(number).filter(|labels| all_match(matchers, labels));
            labels.map(|labels| (number, labels.clone()))
        };
        let lists = matchers.iter().filter(|one| !one.matches_absence()).map(|one| self.list(one));
        match intersection(lists.collect()) {
            Some(numbers) => numbers.into_iter().filter_map(passing).collect(),
            None => (0_u32..).zip(&self.series).filter_map(|(number, _)| passing(number)).collect(),
        }
    }

    /// The series with a label that passes `matcher`.
    fn list(&self, matcher: &Matcher) -> Cow<'_, [u32]> {
        let Some(values) = self.postings.get(matcher.name.as_str()) else {
            return Cow::Borrowed(&[]);
        };
        if matcher.operator == MatchOperator::Equal {
            let numbers = values.get(matcher.value.as_str());
            return numbers.map_or(Cow::Borrowed(&[]), |numbers| Cow::Borrowed(numbers));
        }
        let passing = values.iter().filter(|(value, _)| matcher.matches(value));
        Cow::Owned(union(passing.flat_map(|(_, numbers)| numbers.iter().copied()).collect()))
    }
}

/// Lists, which may overlap only by being of the same label, as one that ascends.
pub(crate) fn union(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// What all lists, which ascend, have in common; none without lists.
pub(crate) fn intersection(mut lists: Vec<Cow<'_, [u32]>>) -> Option<Vec<u32>> {
    lists.sort_by_key(|list| list.len());
    let mut lists = lists.into_iter();
    let mut common = lists.next()?.into_owned();
    for list in lists {
        let mut rest = &*list;
        common.retain(|number| {
            // Galloping: the shortest list decides how much of a long one is looked at.
            let mut step = 1;
            while rest.get(step).is_some_and(|one| one < number) {
                step *= 2;
            }
            let reach = rest.get(..=step).unwrap_or(rest);
            rest = rest.get(reach.partition_point(|one| one < number)..).unwrap_or_default();
            rest.first() == Some(number)
        });
    }
    Some(common)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_intersection_is_what_all_have(lists: [BTreeSet<u8>; 3]) {
            let all = lists.iter().map(|set| set.iter().copied().map(u32::from).collect::<Vec<_>>());
            let found = intersection(all.map(Cow::Owned).collect());
            let expected = lists[0].iter().filter(|one| lists.iter().all(|set| set.contains(one)));
            prop_assert_eq!(found, Some(expected.copied().map(u32::from).collect()));
        }
    }

    #[test]
    fn series_are_found_by_each_kind_of_matcher() {
        let mut index = Index::default();
        for (job, zone) in [("api", "a"), ("api", ""), ("web", "b")] {
            index.add(&Labels::from_pairs([("job", job), ("zone", zone)]));
        }
        let found = |name: &str, operator, value: &str| {
            let matcher = Matcher::new(name, operator, value).unwrap();
            let found = index.select(&[matcher]).into_iter().map(|(number, _)| number);
            found.collect::<Vec<_>>()
        };
        assert_eq!(found("job", MatchOperator::Equal, "api"), [0, 1]);
        assert_eq!(found("zone", MatchOperator::Equal, ""), [1]);
        assert_eq!(found("zone", MatchOperator::NotEqual, "a"), [1, 2]);
        assert_eq!(found("zone", MatchOperator::Matches, "a|b"), [0, 2]);
        assert_eq!(found("zone", MatchOperator::NotMatches, "a|"), [2]);
        assert_eq!(found("none", MatchOperator::Equal, "x"), [0; 0]);
        assert_eq!(index.select(&[]).len(), 3);
    }
}
