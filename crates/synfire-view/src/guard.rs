//! Checks of every request before it is answered, and headers of every answer.

use crate::Error;
use crate::answer;
use crate::routes::{App, FILE};
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Cookie that carries the token after the first page.
const COOKIE: &str = "synfire_view";

/// Headers of every answer: no other page may embed or read it, and nothing but this server is asked for anything.
const HEADERS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
        connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store"),
];

/// Answers a request if it is a GET of this host with the token, or sends a file.
pub(crate) async fn check(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut answer = match admit(&app, &request) {
        Ok(cookie) => {
            let mut answer = next.run(request).await;
            if let Some(cookie) = cookie {
                answer.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            answer
        }
        Err(refused) => *refused,
    };
    for (name, value) in HEADERS {
        answer.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    answer
}

/// The cookie to set, if the token came in the address; or the answer that refuses the request.
fn admit(app: &App, request: &Request) -> Result<Option<HeaderValue>, Box<Response>> {
    let refuse = |words: &str| Err(Box::new(answer::error(&Error::Refused(words.to_string()))));
    if !names_us(app, request) {
        return refuse("this server answers to its own address alone; open the one that `synfire view` printed");
    }
    if request.method() != Method::GET && !sends_file(request) {
        let words = "this server answers GET requests alone, but for a file with a sample";
        return Err(Box::new((StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")], words).into_response()));
    }
    if app.access.knows_token(cookie(request.headers())) {
        return Ok(None);
    }
    let given = request.uri().query().and_then(in_query);
    if !app.access.knows_token(given) {
        return refuse("the address needs the token that `synfire view` printed: http://HOST:PORT/?token=..");
    }
    let cookie = format!("{COOKIE}={}; HttpOnly; SameSite=Strict; Path=/", given.unwrap_or_default());
    Ok(HeaderValue::from_str(&cookie).ok())
}

/// Whether it sends the bytes of a file to the one address that takes some. Of this type another page's browser asks first
/// whether it may, and is refused.
fn sends_file(request: &Request) -> bool {
    let is_bytes = request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/octet-stream");
    request.method() == Method::POST && request.uri().path() == FILE && is_bytes
}

/// Whether the one Host header, and the address if it has a host, are of this machine.
fn names_us(app: &App, request: &Request) -> bool {
    let hosts: Vec<&HeaderValue> = request.headers().get_all(header::HOST).iter().collect();
    let in_header = matches!(hosts[..], [host] if host.to_str().is_ok_and(|host| app.access.knows_host(host)));
    in_header && request.uri().authority().is_none_or(|host| app.access.knows_host(host.as_str()))
}

fn in_query(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("token="))
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, token)| token)
}
