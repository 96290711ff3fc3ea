//! Answers: JSON, files, errors.

use crate::Error;
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// Computes an answer on a thread of its own: the server goes on answering, and a panic is an error of this request alone.
pub(crate) async fn compute(work: impl FnOnce() -> Result<Response, Error> + Send + 'static) -> Response {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(problem)) => error(&problem),
        Err(_) => error(&Error::Internal("the program failed at this request; its terminal says where".to_string())),
    }
}

/// A value as JSON; what is no finite number is null.
pub(crate) fn json(value: &impl Serialize) -> Result<Response, Error> {
    let text = serde_json::to_string(value).map_err(|error| Error::Internal(format!("no JSON: {error}")))?;
    Ok(typed("application/json", text))
}

/// A body of this type.
pub(crate) fn typed(content_type: &'static str, body: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, content_type)], body.into()).into_response()
}

/// The message of an error as JSON, under its status code.
pub(crate) fn error(problem: &Error) -> Response {
    let body = serde_json::json!({ "error": problem.to_string() }).to_string();
    (problem.status(), [(header::CONTENT_TYPE, "application/json")], body).into_response()
}
