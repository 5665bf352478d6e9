//! `POST /-/window`: a second start asks the first to bring its window to the front.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;

/// The path that a second start posts to.
pub(crate) const PATH: &str = "/-/window";

/// Brings the window to the front, where there is one.
#[derive(Clone, Default)]
pub(crate) struct Focus {
    bring_to_front: Option<Arc<dyn Fn() + Send + Sync>>,
}

impl Focus {
    /// There is no window.
    pub(crate) fn headless() -> Self {
        Self::default()
    }

    /// There is a window, and this brings it to the front.
    #[cfg(feature = "desktop")]
    pub(crate) fn of_window(bring_to_front: impl Fn() + Send + Sync + 'static) -> Self {
        Self { bring_to_front: Some(Arc::new(bring_to_front)) }
    }

    /// 204 when the window came to the front, 404 where there is none.
    pub(crate) fn route(self) -> Router {
        Router::new().route(
            PATH,
            post(async move || match &self.bring_to_front {
                Some(bring_to_front) => {
                    bring_to_front();
                    StatusCode::NO_CONTENT
                }
                None => StatusCode::NOT_FOUND,
            }),
        )
    }
}

impl fmt::Debug for Focus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Focus").field("has_window", &self.bring_to_front.is_some()).finish()
    }
}
