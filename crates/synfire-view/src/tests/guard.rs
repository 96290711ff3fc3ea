//! Who is answered.

use super::{send, server};
use crate::address::Access;
use crate::folder::Folder;
use crate::routes::{App, router};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use std::sync::Arc;
use tower::ServiceExt;

fn status(server: &Router, method: &str, uri: &str, headers: &[(&str, &str)]) -> StatusCode {
    let request = Request::builder().method(method).uri(uri);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    send(server, request.body(Body::empty()).unwrap()).status
}

#[test]
fn other_hosts_and_other_methods_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    let of_host = |host: &str| status(&server, "GET", "/api/runs", &[("host", host)]);
    assert_eq!(of_host("127.0.0.1:1234"), StatusCode::OK);
    for host in ["evil.example", "evil.example:80", "localhost.evil.example", "10.1.2.3", "", "localhost:80:80"] {
        assert_eq!(of_host(host), StatusCode::FORBIDDEN, "{host}");
    }
    assert_eq!(status(&server, "GET", "/api/runs", &[]), StatusCode::FORBIDDEN, "no host");
    let two = [("host", "localhost"), ("host", "evil.example")];
    assert_eq!(status(&server, "GET", "/api/runs", &two), StatusCode::FORBIDDEN);
    let absolute = "http://evil.example/api/runs";
    assert_eq!(status(&server, "GET", absolute, &[("host", "localhost")]), StatusCode::FORBIDDEN);
    for method in ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "BREW"] {
        let refused = status(&server, method, "/api/runs", &[("host", "localhost")]);
        assert_eq!(refused, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    // a page elsewhere can send these types without asking first, this one not
    let bytes = ("content-type", "application/octet-stream");
    let send = |host, kind| status(&server, "POST", "/api/draw/file?run=none&name=a.bin", &[("host", host), kind]);
    for kind in ["text/plain", "multipart/form-data", "application/x-www-form-urlencoded"] {
        assert_eq!(send("localhost", ("content-type", kind)), StatusCode::METHOD_NOT_ALLOWED, "{kind}");
    }
    assert_eq!(send("localhost", bytes), StatusCode::NOT_FOUND, "there is no such run");
    assert_eq!(send("evil.example", bytes), StatusCode::FORBIDDEN);
    for (method, uri) in [("OPTIONS", "/api/draw/file"), ("PUT", "/api/draw/file"), ("POST", "/api/draw")] {
        let refused = status(&server, method, uri, &[("host", "localhost"), bytes]);
        assert_eq!(refused, StatusCode::METHOD_NOT_ALLOWED, "{method} {uri}");
    }
}

#[test]
fn with_a_host_the_token_is_required() {
    let folder = tempfile::tempdir().unwrap();
    let access = Access::new(Some("0.0.0.0")).unwrap();
    let token = access.token.clone().unwrap();
    let server = router(Arc::new(App::new(Folder::open(Some(folder.path())).unwrap(), access)));
    let host = ("host", "10.1.2.3:80");
    let get = |uri: &str, cookie: &str| status(&server, "GET", uri, &[host, ("cookie", cookie)]);
    for uri in
        ["/", "/style.css", "/api/runs", "/api/events", "/none", "/?token=", "/?token=0123", &format!("/?t={token}")]
    {
        assert_eq!(get(uri, ""), StatusCode::FORBIDDEN, "{uri}");
    }
    assert_eq!(get(&format!("/?token={token}"), ""), StatusCode::OK);
    assert_eq!(get("/api/runs", &format!("other=1; synfire_view={token}")), StatusCode::OK);
    assert_eq!(get("/api/runs", "synfire_view=0"), StatusCode::FORBIDDEN);
    // the token does not open the door to names that point here
    let of_other = status(&server, "GET", &format!("/?token={token}"), &[("host", "evil.example")]);
    assert_eq!(of_other, StatusCode::FORBIDDEN);
    let post = status(&server, "POST", &format!("/?token={token}"), &[host]);
    assert_eq!(post, StatusCode::METHOD_NOT_ALLOWED);
    let file = [host, ("content-type", "application/octet-stream")];
    assert_eq!(status(&server, "POST", "/api/draw/file?run=a", &file), StatusCode::FORBIDDEN);
}

#[test]
fn every_answer_keeps_other_pages_out() {
    let folder = tempfile::tempdir().unwrap();
    let server = server(folder.path());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for (host, uri) in [("localhost", "/"), ("localhost", "/none"), ("evil.example", "/")] {
        let request = Request::get(uri).header(header::HOST, host).body(Body::empty()).unwrap();
        let headers = runtime.block_on(server.clone().oneshot(request)).unwrap().headers().clone();
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
        assert!(headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).is_none());
    }
}
