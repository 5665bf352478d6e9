//! Names as Prometheus has them: what is neither letter, digit nor underscore becomes an underscore.

/// The metric's or label's name that stands for `text`. A digit at the beginning gets an underscore before it, and of two
/// dashes one counts.
pub(super) fn metric_name(text: &str) -> String {
    let mut made = String::with_capacity(text.len() + 1);
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        made.push('_');
    }
    let mut before = ' ';
    for char in text.chars() {
        match char {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => made.push(char),
            '-' if before == '-' => {}
            _ => made.push('_'),
        }
        before = char;
    }
    made
}

#[cfg(test)]
mod tests {
    use super::metric_name;

    #[test]
    fn names_are_made_valid() {
        let cases = [
            ("clean", "clean"),
            ("airflow.dag-1.load", "airflow_dag_1_load"),
            ("0starts.with.digit", "_0starts_with_digit"),
            ("with--two", "with_two"),
            ("ünder", "_nder"),
            ("", ""),
        ];
        for (given, expected) in cases {
            assert_eq!(metric_name(given), expected);
        }
    }
}
