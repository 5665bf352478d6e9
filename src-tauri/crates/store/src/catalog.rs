//! The catalog: small documents on sled, written through to the disk one by one, with a JSON copy beside them
//! from which the catalog is made anew if sled cannot open it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use sled::Db;
use watchglass_storage::{ReadError, WriteError};

use crate::manifest::replace;
use crate::open::read_only::OPENED_TO_READ;
use crate::partition::guarded;

/// Documents are small, so many share a leaf.
const FANOUT: usize = 64;
const FOLDER: &str = "catalog";
const COPY: &str = "catalog.json";

/// Documents by kind and key.
#[derive(Debug)]
pub(crate) struct CatalogStore {
    copy: PathBuf,
    /// None where only the copy is read.
    db: Option<Mutex<Db<FANOUT>>>,
}

type Documents = BTreeMap<String, BTreeMap<String, String>>;

impl CatalogStore {
    /// Opens the catalog of a data folder. Says why, if it had to be made anew.
    pub(crate) fn open(folder: &Path) -> io::Result<(Self, Option<String>)> {
        let (path, copy) = (folder.join(FOLDER), folder.join(COPY));
        match open_database(&path) {
            Ok(db) => Ok((Self { copy, db: Some(Mutex::new(db)) }, None)),
            Err(error) => {
                let aside = folder.join("quarantine");
                fs::create_dir_all(&aside)?;
                fs::rename(&path, aside.join(FOLDER))?;
                let db = open_database(&path)?;
                fill(&db, read_copy(&copy)?)?;
                let catalog = Self { copy, db: Some(Mutex::new(db)) };
                Ok((catalog, Some(format!("the catalog did not open and was rebuilt: {error}"))))
            }
        }
    }

    /// The copy of a data folder's catalog, to be read only.
    pub(crate) fn copy_of(folder: &Path) -> Self {
        Self { copy: folder.join(COPY), db: None }
    }

    pub(crate) fn put(&self, kind: &str, key: &str, document: &str) -> Result<(), WriteError> {
        let db = self.db.as_ref().ok_or_else(|| WriteError::Disk(OPENED_TO_READ.to_owned()))?;
        let db = db.lock();
        let written = guarded(|| {
            db.insert(record_key(kind, key), document)?;
            db.flush()?;
            replace(&self.copy, serde_json::to_string_pretty(&read_all(&db)?)?.as_bytes())
        });
        written.map_err(|error| WriteError::Disk(error.to_string()))
    }

    pub(crate) fn list(&self, kind: &str) -> Result<Vec<(String, String)>, ReadError> {
        let all = guarded(|| match &self.db {
            Some(db) => read_all(&db.lock()),
            None => read_copy(&self.copy),
        });
        let mut all = all.map_err(|error| ReadError::Disk(error.to_string()))?;
        Ok(all.remove(kind).unwrap_or_default().into_iter().collect())
    }
}

/// The documents of the copy; none where there is no copy.
fn read_copy(copy: &Path) -> io::Result<Documents> {
    match fs::read_to_string(copy) {
        Ok(text) => Ok(serde_json::from_str(&text)?),
        Err(_) => Ok(Documents::new()),
    }
}

fn fill(db: &Db<FANOUT>, documents: Documents) -> io::Result<()> {
    for (kind, all) in documents {
        for (key, document) in all {
            db.insert(record_key(&kind, &key), document.as_str())?;
        }
    }
    db.flush().map(|_| ())
}

fn open_database(path: &Path) -> io::Result<Db<FANOUT>> {
    let config = sled::Config::new()
        .path(path)
        .cache_capacity_bytes(1 << 20)
        .flush_every_ms(None)
        .zstd_compression_level(1);
    guarded(|| config.open::<FANOUT>())
}

/// Kind, a zero byte, key. Neither holds a zero byte: they are plain words.
fn record_key(kind: &str, key: &str) -> Vec<u8> {
    [kind.as_bytes(), b"\0", key.as_bytes()].concat()
}

fn read_all(db: &Db<FANOUT>) -> io::Result<Documents> {
    let mut documents = Documents::new();
    for record in db.iter() {
        let (key, document) = record?;
        let (key, document) = (String::from_utf8_lossy(&key), String::from_utf8_lossy(&document));
        if let Some((kind, key)) = key.split_once('\0') {
            let kind = documents.entry(kind.to_owned()).or_default();
            kind.insert(key.to_owned(), document.into_owned());
        }
    }
    Ok(documents)
}
