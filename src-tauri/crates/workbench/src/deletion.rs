//! Forgetting series.

use tokio::task::spawn_blocking;
use watchglass_storage::{Matcher, MillisRange};

use crate::error::{Error, Result};
use crate::workbench::Workbench;

impl Workbench {
    /// Forgets the samples within `range` of the series that pass any of the selectors.
    pub async fn delete_series(
        &self,
        selectors: Vec<Vec<Matcher>>,
        range: MillisRange,
    ) -> Result<()> {
        let writer = self.series_writer();
        let deleted = spawn_blocking(move || {
            selectors.iter().try_for_each(|matchers| writer.delete(matchers, range))
        });
        Ok(deleted.await.map_err(|_| Error::Broken)??)
    }

    /// Asks that what forgotten samples take on the disk be given back.
    pub async fn clean_deleted_series(&self) -> Result<()> {
        let writer = self.series_writer();
        spawn_blocking(move || writer.clean()).await.map_err(|_| Error::Broken)
    }
}
