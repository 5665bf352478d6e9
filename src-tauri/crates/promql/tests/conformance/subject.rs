//! What is tested: something that answers queries over a store.

use watchglass_model::Millis;
use watchglass_promql::syntax::{ParserOptions, parse};
use watchglass_promql::{Engine, EngineOptions, When};
use watchglass_storage::MemorySeries;

use crate::pinned;
use crate::script::Steps;

pub(crate) use watchglass_promql::{Answer, MatrixSeries, Value, VectorSample};

/// Answers queries. Faults are the texts of errors, without places.
pub(crate) trait Subject: Sync {
    /// The query with its selectors pinned to `at`; none where its functions depend on the time all the same.
    fn pinned(&self, query: &str, at: Millis) -> Result<Option<String>, String>;

    /// Evaluates at one instant.
    fn instant(&self, store: &MemorySeries, query: &str, at: Millis) -> Result<Answer, String>;

    /// Evaluates at each of `steps`.
    fn range(&self, store: &MemorySeries, query: &str, steps: Steps) -> Result<Answer, String>;
}

/// Our engine, with everything on that the scripts use.
pub(crate) fn engine(delayed_name_removal: bool) -> Box<dyn Subject> {
    Box::new(Engine::new(EngineOptions {
        delayed_name_removal,
        use_start_timestamps: true,
        parser: ParserOptions::ALL,
        ..EngineOptions::default()
    }))
}

impl Subject for Engine {
    fn pinned(&self, query: &str, at: Millis) -> Result<Option<String>, String> {
        let mut expr = parse(query, &self.options().parser).map_err(|faults| faults.to_string())?;
        Ok(pinned::pin(&mut expr, at).then(|| expr.to_string()))
    }

    fn instant(&self, store: &MemorySeries, query: &str, at: Millis) -> Result<Answer, String> {
        self.query(store, query, When::Instant(at), &|| None).map_err(|fault| fault.to_string())
    }

    fn range(&self, store: &MemorySeries, query: &str, steps: Steps) -> Result<Answer, String> {
        let Steps { start, end, step } = steps;
        let when = When::Range { start, end, step };
        self.query(store, query, when, &|| None).map_err(|fault| fault.to_string())
    }
}
