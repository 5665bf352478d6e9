//! Asking through the workbench: a question nobody waits for ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::{sleep, timeout};
use watchglass_ingest::scrape::Scrapes;
use watchglass_ingest::{
    Endpoints, Limits, Mistakes, Pipeline, Refresh, Statsd, TranslationSettings,
};
use watchglass_model::{Logs, Points, Spans, TimeRange};
use watchglass_storage::{
    Catalog, Detail, Flow, LogScan, MemorySeries, MemoryStore, PointScan, ReadError, Reader, Size,
    SpanFilter, SpanScan, WriteError,
};
use watchglass_workbench::{Error, Parts, Settings, Workbench};

/// A store whose scans never end by themselves.
#[derive(Debug, Default)]
struct Endless {
    began: AtomicBool,
    ended: AtomicBool,
}

impl Reader for Endless {
    fn scan_spans(
        &self,
        _: &SpanScan,
        visit: &mut dyn FnMut(&Spans, &[u32]) -> Flow,
    ) -> Result<(), ReadError> {
        self.began.store(true, Ordering::SeqCst);
        while visit(&Spans::default(), &[]).is_continue() {
            std::thread::yield_now();
        }
        self.ended.store(true, Ordering::SeqCst);
        Ok(())
    }

    fn scan_logs(
        &self,
        _: &LogScan,
        _: &mut dyn FnMut(&Logs, &[u32]) -> Flow,
    ) -> Result<(), ReadError> {
        Ok(())
    }

    fn scan_points(
        &self,
        _: &PointScan,
        _: &mut dyn FnMut(&Points, &[u32]) -> Flow,
    ) -> Result<(), ReadError> {
        Ok(())
    }
}

impl Catalog for Endless {
    fn put(&self, _: &str, _: &str, _: &str) -> Result<(), WriteError> {
        Ok(())
    }

    fn remove(&self, _: &str, _: &str) -> Result<(), WriteError> {
        Ok(())
    }

    fn list(&self, _: &str) -> Result<Vec<(String, String)>, ReadError> {
        Ok(Vec::new())
    }
}

fn workbench(store: &Arc<Endless>) -> Arc<Workbench> {
    let pipeline = Pipeline::new(
        Arc::new(MemoryStore::new()),
        Arc::new(MemorySeries::new(0)),
        TranslationSettings::default(),
        Limits::default(),
    );
    Workbench::new(Parts {
        reader: Arc::<Endless>::clone(store),
        series: Arc::new(MemorySeries::new(0)),
        streams: Arc::new(MemoryStore::new()),
        catalog: Arc::<Endless>::clone(store),
        size: Arc::new(Size::default),
        tick: Arc::new(|_| ()),
        pipeline: pipeline.clone(),
        scrapes: Scrapes::new(Arc::new(MemorySeries::new(0))),
        refresh: Refresh::default(),
        statsd: Statsd::new(pipeline),
        mistakes: Mistakes::new(Endpoints::default()),
        listening: Vec::new(),
        settings: Settings::default(),
    })
}

async fn until(flag: &AtomicBool) {
    let waiting = async {
        while !flag.load(Ordering::SeqCst) {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(5), waiting).await.expect("it happens soon");
}

#[tokio::test]
async fn a_question_nobody_waits_for_ends_at_the_next_batch() {
    let store = Arc::new(Endless::default());
    let workbench = workbench(&store);
    let asking = tokio::spawn(async move {
        let scan =
            SpanScan { range: TimeRange::ALL, filter: SpanFilter::default(), detail: Detail::Core };
        let question = move |reader: &dyn Reader| {
            Ok(reader.scan_spans(&scan, &mut |_, _| Flow::Continue(()))?)
        };
        workbench.ask(question).await
    });
    until(&store.began).await;
    assert!(!store.ended.load(Ordering::SeqCst));
    asking.abort();
    until(&store.ended).await;
}

#[tokio::test]
async fn a_question_that_panics_is_an_error_and_frees_its_place() {
    let workbench = workbench(&Arc::default());
    for _ in 0..20 {
        let answer = workbench.ask(|_| -> Result<(), Error> { panic!("on purpose") }).await;
        assert!(matches!(answer, Err(Error::Broken)));
    }
    assert!(workbench.ask(|_| Ok(1)).await.is_ok());
}
