//! `save`: a file that the API makes, put into the Downloads folder. Asked in process, it works in every web view,
//! whether or not that downloads from a scheme of ours.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Body;
use axum::http::header::CONTENT_DISPOSITION;
use axum::http::{HeaderMap, Request, StatusCode};
use directories::UserDirs;
use http_body_util::BodyExt;
use tauri::State;
use tower::ServiceExt;

/// How many files of one name are kept beside each other.
const MOST_OF_A_NAME: u32 = 1_000;

/// The router whose files are saved.
#[derive(Debug)]
pub(crate) struct Saving(Router);

impl Saving {
    /// Files will be asked of this router.
    pub(crate) fn new(router: Router) -> Self {
        Self(router)
    }
}

/// Asks the API for a file and saves it; gives the path of the file, or why there is none.
#[tauri::command]
pub(crate) async fn save(path: String, saving: State<'_, Saving>) -> Result<String, String> {
    let (name, content) = fetch(saving.0.clone(), &path).await?;
    let folder = downloads().ok_or("this user has no Downloads folder")?;
    let saved = tokio::task::spawn_blocking(move || keep(&folder, &name, &content)).await;
    let saved = saved.map_err(|error| error.to_string())?;
    saved.map(|path| path.display().to_string()).map_err(|error| error.to_string())
}

/// The user's Downloads folder; the home folder where there is none.
fn downloads() -> Option<PathBuf> {
    let user = UserDirs::new()?;
    let downloads = user.download_dir().filter(|folder| folder.is_dir());
    Some(downloads.unwrap_or(user.home_dir()).to_owned())
}

/// The name and the content of a file that the API offers.
async fn fetch(router: Router, path: &str) -> Result<(String, Vec<u8>), String> {
    if !path.starts_with("/api/") {
        return Err(format!("{path} is no file of the API"));
    }
    let request = Request::get(path).body(Body::empty());
    let request = request.map_err(|error| format!("{path} is no address: {error}"))?;
    // The router cannot fail: its error type has no value.
    let Ok(response) = router.oneshot(request).await;
    let (parts, body) = response.into_parts();
    let content = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
    if parts.status != StatusCode::OK {
        return Err(String::from_utf8_lossy(&content).into_owned());
    }
    let name = file_name(&parts.headers).ok_or_else(|| format!("{path} is no file"))?;
    Ok((name, content.into()))
}

/// The name that an answer wants to be saved under, without any folder.
fn file_name(headers: &HeaderMap) -> Option<String> {
    let disposition = headers.get(CONTENT_DISPOSITION)?.to_str().ok()?;
    let (_, name) = disposition.split_once("filename=\"")?;
    let name = Path::new(name.trim_end_matches('"')).file_name()?;
    Some(name.to_str()?.to_owned())
}

/// Writes a new file; a number tells it from earlier ones of the same name.
fn keep(folder: &Path, name: &str, content: &[u8]) -> std::io::Result<PathBuf> {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    for number in 0..MOST_OF_A_NAME {
        let path = folder.join(match number {
            0 => name.to_owned(),
            number => format!("{stem} ({number}).{ending}"),
        });
        match File::create_new(&path) {
            Ok(mut file) => return file.write_all(content).map(|()| path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use axum::routing::get;

    use super::*;

    fn router() -> Router {
        let named =
            |name: &'static str| get(async move || ([(CONTENT_DISPOSITION, name)], "drawn"));
        Router::new()
            .route("/api/picture", named("attachment; filename=\"a.svg\""))
            .route("/api/sly", named("attachment; filename=\"../../a.svg\""))
            .route("/api/text", get(async || "text"))
            .route("/api/wrong", get(async || (StatusCode::BAD_REQUEST, "no such theme")))
    }

    #[tokio::test]
    async fn a_file_has_the_name_that_the_api_gives_it() {
        for path in ["/api/picture", "/api/sly"] {
            let file = fetch(router(), path).await;
            assert_eq!(file, Ok(("a.svg".to_owned(), b"drawn".to_vec())), "{path}");
        }
    }

    #[tokio::test]
    async fn what_is_no_file_is_refused() {
        assert_eq!(fetch(router(), "/api/wrong").await, Err("no such theme".to_owned()));
        for path in ["/", "/api/text", "app://localhost/api/picture"] {
            assert!(fetch(router(), path).await.is_err(), "{path}");
        }
    }

    #[test]
    fn earlier_files_stay() {
        let folder = tempfile::tempdir().unwrap();
        let first = keep(folder.path(), "a.b.svg", b"one").unwrap();
        let second = keep(folder.path(), "a.b.svg", b"two").unwrap();
        assert_eq!(second.file_name().unwrap(), "a.b (1).svg");
        assert_eq!(std::fs::read(first).unwrap(), b"one");
        assert_eq!(std::fs::read(second).unwrap(), b"two");
    }
}
