//! `query`, `query_range` and the questions about labels: limits, statistics, forms, odd names.

use serde_json::json;

use super::{API, data, form, with_samples, write};
use crate::shop::Shop;

#[tokio::test]
async fn a_limit_cuts_the_result_and_says_so() {
    let shop = with_samples();
    for path in
        ["query?query=up&time=20&limit=1", "query_range?query=up&start=0&end=20&step=10&limit=1"]
    {
        let json = shop.get(&format!("{API}/{path}")).await.json();
        assert_eq!(json["data"]["result"].as_array().map(Vec::len), Some(1), "{path}");
        assert_eq!(json["warnings"], json!(["results truncated due to limit"]), "{path}");
    }
    let whole = shop.get(&format!("{API}/query?query=up&time=20&limit=2")).await.json();
    assert!(whole.get("warnings").is_none(), "{whole}");
    for (path, first) in [
        ("labels?limit=1", json!(["__name__"])),
        ("label/job/values?limit=1", json!(["api"])),
        ("series?match[]=up&limit=1", json!([{"__name__": "up", "instance": "a", "job": "api"}])),
    ] {
        let json = shop.get(&format!("{API}/{path}")).await.json();
        assert_eq!(
            (&json["data"], &json["warnings"][0]),
            (&first, &"results truncated due to limit".into())
        );
    }
}

#[tokio::test]
async fn at_most_ten_infos_are_told() {
    let shop = Shop::open();
    let names: Vec<_> = (0..13).map(|number| format!("level_{number:02}")).collect();
    for name in &names {
        write(&shop, &[(&[("__name__", name.as_str())], &[(0, 1.0), (10_000, 2.0)])]);
    }
    let query: Vec<_> = names.iter().map(|name| format!("rate({name}[1m])")).collect();
    let query = query.join(" or ");
    let json = form(&shop, "query", &format!("query={query}&time=20")).await.json();
    let infos = json["infos"].as_array().expect("there are infos");
    assert_eq!(infos.len(), 11, "{infos:?}");
    assert!(
        infos[9]
            .as_str()
            .is_some_and(|text| text.starts_with("PromQL info: metric might not be a counter"))
    );
    assert_eq!(infos[10], "3 more info annotations omitted");
}

#[tokio::test]
async fn statistics_count_what_each_step_sees() {
    let shop = with_samples();
    let instant = data(&shop, "query?query=up&time=20&stats=true").await;
    assert_eq!(instant["stats"]["samples"], json!({"totalQueryableSamples": 2, "peakSamples": 2}));
    let timings = [
        "evalTotalTime",
        "resultSortTime",
        "queryPreparationTime",
        "innerEvalTime",
        "execQueueTime",
        "execTotalTime",
    ];
    for name in timings {
        assert!(instant["stats"]["timings"][name].is_number(), "{name}");
    }
    let steps = |query: &str| format!("query_range?query={query}&start=0&end=20&step=10&stats=all");
    let counted =
        |data: &serde_json::Value| data["stats"]["samples"]["totalQueryableSamplesPerStep"].clone();
    let plain = data(&shop, &steps("up")).await;
    assert_eq!(counted(&plain), json!([[0, 2], [10, 2], [20, 2]]));
    assert_eq!(plain["stats"]["samples"]["totalQueryableSamples"], 6);
    let rate = data(&shop, &steps("rate(up[15s])%2Bup")).await;
    assert_eq!(counted(&rate), json!([[0, 4], [10, 6], [20, 6]]));
    let pinned = data(&shop, &steps("sum(up@20)")).await;
    assert_eq!(counted(&pinned), json!([[0, 2], [10, 2], [20, 2]]));
    let subquery = data(&shop, &steps("max_over_time(up[20s:5s])")).await;
    assert_eq!(counted(&subquery), json!([[0, 2], [10, 6], [20, 8]]));
    let none = data(&shop, "query?query=up&time=20").await;
    assert!(none.get("stats").is_none(), "{none}");
}

#[tokio::test]
async fn the_lookback_of_one_query_can_be_shorter() {
    let shop = with_samples();
    let found = data(&shop, "query?query=up&time=40&lookback_delta=30s").await;
    assert_eq!(found["result"].as_array().map(Vec::len), Some(2));
    let found = data(&shop, "query?query=up&time=40&lookback_delta=20s").await;
    assert_eq!(found["result"], json!([]));
}

#[tokio::test]
async fn forms_are_read_and_their_fields_come_first() {
    let shop = with_samples();
    let reply = form(&shop, "query_range", "query=sum(up)&start=0&end=20&step=10s").await;
    assert_eq!(
        reply.json()["data"]["result"],
        json!([{"metric": {}, "values": [[0, "2"], [10, "4"], [20, "6"]]}])
    );
    let reply = form(&shop, "query?query=down&time=20", "query=count(up)").await;
    assert_eq!(reply.json()["data"]["result"][0]["value"], json!([20, "2"]));
    let reply = form(&shop, "series", "match[]=up{job=\"api\"}&match[]={job=\"web\"}").await;
    assert_eq!(reply.json()["data"].as_array().map(Vec::len), Some(2));
    let reply = form(&shop, "labels", "match[]=up{job=\"api\"}").await;
    assert_eq!(reply.json()["data"], json!(["__name__", "instance", "job"]));
}

#[tokio::test]
async fn names_that_no_address_holds_are_escaped() {
    let shop = with_samples();
    assert_eq!(data(&shop, "label/U__odd_2e_name/values").await, json!(["x"]));
    assert_eq!(data(&shop, "label/odd.name/values").await, json!(["x"]));
    assert_eq!(data(&shop, "label/none/values").await, json!([]));
}

#[tokio::test]
async fn a_range_that_ends_before_it_starts_has_nothing_in_it() {
    let shop = with_samples();
    for path in [
        "labels?start=5&end=2",
        "label/job/values?start=5&end=2",
        "series?match[]=up&start=5&end=2",
    ] {
        assert_eq!(data(&shop, path).await, json!([]), "{path}");
    }
}

#[tokio::test]
async fn exactly_eleven_thousand_steps_are_taken() {
    let shop = with_samples();
    let found = data(&shop, "query_range?query=vector(1)&start=0&end=11000&step=1").await;
    assert_eq!(found["result"][0]["values"].as_array().map(Vec::len), Some(11_001));
}

#[tokio::test]
async fn exemplars_of_no_series_are_no_content() {
    let shop = with_samples();
    let reply = shop.get(&format!("{API}/query_exemplars?query=1")).await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str()), (204, ""));
    assert_eq!(data(&shop, "query_exemplars?query=up").await, json!([]));
}
