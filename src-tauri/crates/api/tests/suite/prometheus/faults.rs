//! Requests that make no sense: the same codes, kinds and words.

use super::{API, with_samples};

/// Path and query, code, kind, words; as 3.5.3 answers.
const FAULTS: &[(&str, u16, &str, &str)] = &[
    (
        "query",
        400,
        "bad_data",
        "invalid parameter \"query\": unknown position: parse error: no expression found in input",
    ),
    (
        "query?query=1%2B",
        400,
        "bad_data",
        "invalid parameter \"query\": 1:3: parse error: unexpected end of input",
    ),
    (
        "query?query=up&limit=x",
        400,
        "bad_data",
        "invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax",
    ),
    (
        "query?query=up&limit=-1",
        400,
        "bad_data",
        "invalid parameter \"limit\": limit must be non-negative",
    ),
    (
        "query?query=up&timeout=x",
        400,
        "bad_data",
        "invalid parameter \"timeout\": cannot parse \"x\" to a valid duration",
    ),
    (
        "query?query=up&lookback_delta=x",
        400,
        "bad_data",
        "error parsing lookback delta duration: cannot parse \"x\" to a valid duration",
    ),
    (
        "query?query=up&time=x",
        400,
        "bad_data",
        "invalid parameter \"time\": invalid time value for 'time': cannot parse \"x\" to a valid timestamp",
    ),
    (
        "query?query=label_replace(up,%22a%22,%22b%22,%22%22,%22(%22)&time=5",
        422,
        "execution",
        "invalid regular expression in label_replace(): (",
    ),
    (
        "query_range?query=up&start=x&end=1&step=1",
        400,
        "bad_data",
        "invalid parameter \"start\": cannot parse \"x\" to a valid timestamp",
    ),
    (
        "query_range?query=up&start=1&end=0&step=1",
        400,
        "bad_data",
        "invalid parameter \"end\": end timestamp must not be before start time",
    ),
    (
        "query_range?query=up&start=1&end=3",
        400,
        "bad_data",
        "invalid parameter \"step\": cannot parse \"\" to a valid duration",
    ),
    (
        "query_range?query=up&start=1&end=3&step=0",
        400,
        "bad_data",
        "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer",
    ),
    (
        "query_range?query=up&start=0&end=11001&step=1",
        400,
        "bad_data",
        "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    ),
    (
        "query_range?query=up[5m]&start=0&end=11&step=1",
        400,
        "bad_data",
        "invalid parameter \"query\": invalid expression type \"range vector\" for range query, must be Scalar or instant Vector",
    ),
    (
        "query_exemplars",
        400,
        "bad_data",
        "unknown position: parse error: no expression found in input",
    ),
    (
        "query_exemplars?query=up&start=5&end=1",
        400,
        "bad_data",
        "end timestamp must not be before start timestamp",
    ),
    (
        "format_query",
        400,
        "bad_data",
        "invalid parameter \"query\": unknown position: parse error: no expression found in input",
    ),
    (
        "parse_query",
        400,
        "bad_data",
        "invalid parameter \"query\": unknown position: parse error: no expression found in input",
    ),
    ("series", 400, "bad_data", "no match[] parameter provided"),
    (
        "series?match[]={",
        400,
        "bad_data",
        "invalid parameter \"match[]\": 1:2: parse error: unexpected end of input inside braces",
    ),
    (
        "series?match[]={__name__=~%22.*%22}",
        400,
        "bad_data",
        "invalid parameter \"match[]\": match[] must contain at least one non-empty matcher",
    ),
    (
        "labels?start=x",
        400,
        "bad_data",
        "invalid parameter \"start\": invalid time value for 'start': cannot parse \"x\" to a valid timestamp",
    ),
    (
        "labels?limit=x",
        400,
        "bad_data",
        "invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax",
    ),
    ("metadata?limit=x", 400, "bad_data", "limit must be a number"),
    ("metadata?limit_per_metric=x", 400, "bad_data", "limit_per_metric must be a number"),
    ("targets/metadata?limit=x", 400, "bad_data", "limit must be a number"),
    (
        "targets/metadata?match_target={",
        400,
        "bad_data",
        "invalid parameter \"match_target\": 1:2: parse error: unexpected end of input inside braces",
    ),
    ("status/tsdb?limit=x", 400, "bad_data", "limit must be a positive number"),
    ("status/tsdb?limit=0", 400, "bad_data", "limit must be a positive number"),
    ("rules?type=foo", 400, "bad_data", "invalid parameter \"type\": not supported value \"foo\""),
    (
        "rules?exclude_alerts=zz",
        400,
        "bad_data",
        "invalid parameter \"exclude_alerts\": error converting exclude_alerts: strconv.ParseBool: parsing \"zz\": invalid syntax",
    ),
    ("rules?match[]={", 400, "bad_data", "1:2: parse error: unexpected end of input inside braces"),
    (
        "rules?group_limit=x",
        400,
        "bad_data",
        "invalid parameter \"group_limit\": group_limit needs to be a valid number: strconv.ParseInt: parsing \"x\": invalid syntax",
    ),
    (
        "rules?group_limit=0",
        400,
        "bad_data",
        "invalid parameter \"group_limit\": group_limit needs to be greater than 0",
    ),
    (
        "rules?group_next_token=x",
        400,
        "bad_data",
        "invalid parameter \"group_next_token\": group_limit needs to be present in order to paginate over the groups",
    ),
    (
        "rules?group_limit=2&group_next_token=zz",
        400,
        "bad_data",
        "invalid parameter \"group_next_token\": invalid group_next_token 'zz'. were rule groups changed?",
    ),
];

#[tokio::test]
async fn each_fault_has_prometheus_code_kind_and_words() {
    let shop = with_samples();
    for (path, code, kind, words) in FAULTS {
        let reply = shop.get(&format!("{API}/{path}")).await;
        let json = reply.json();
        assert_eq!(
            (reply.status.as_u16(), json["errorType"].as_str(), json["error"].as_str()),
            (*code, Some(*kind), Some(*words)),
            "{path}"
        );
        assert_eq!(json["status"], "error", "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let shop = with_samples();
    assert_eq!(shop.get(&format!("{API}/nothing")).await.status, 404);
    let nobody = shop.get(&format!("{API}/targets/metadata?metric=none")).await;
    assert_eq!(nobody.json()["error"], "specified metadata not found");
}
