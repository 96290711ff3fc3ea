//! Requests through the router.

mod fuzz;
mod guard;
mod lab;
mod run;
mod runs;

use crate::address::Access;
use crate::folder::Folder;
use crate::routes::{App, router};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use std::path::Path;
use std::sync::Arc;
use std::sync::OnceLock;
use synfire::network::NetworkConfig;
use synfire::train::Trainer;
use synfire_data::Dataset;
use tower::ServiceExt;

/// An answer: status, content type, body.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The JSON of an answer that is one.
    pub(super) fn json(&self) -> serde_json::Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A server of this folder for this machine alone.
pub(super) fn server(path: &Path) -> Router {
    router(Arc::new(App::new(Folder::open(Some(path)).unwrap(), Access::new(None).unwrap())))
}

pub(super) fn send(server: &Router, request: Request<Body>) -> Answer {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let answer = server.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let content_type =
            parts.headers.get(header::CONTENT_TYPE).map_or("", |value| value.to_str().unwrap()).to_string();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, content_type, body }
    })
}

/// The answer to a GET from this machine.
pub(super) fn get(server: &Router, uri: &str) -> Answer {
    send(server, Request::get(uri).header(header::HOST, "localhost:8000").body(Body::empty()).unwrap())
}

/// A folder with a finished run `a` of two epochs on the digits, trained once.
pub(super) fn trained() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let network = NetworkConfig::two_layers("plif", 12, 6);
        let trainer = Trainer::new(network, Dataset::digits()).unwrap().epochs(2).batch_size(128).learning_rate(1e-2);
        trainer.fit(folder.path().join("a")).unwrap();
        folder
    });
    folder.path()
}
