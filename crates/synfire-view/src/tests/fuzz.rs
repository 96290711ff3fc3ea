//! Requests at random: none of them panics, and none is answered without the right host.

use super::{server, trained};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use tower::ServiceExt;

/// Requests that are sent, unless `SYNFIRE_FUZZ_REQUESTS` says otherwise.
const REQUESTS: u64 = 2_000;

/// Parts of addresses, from which requests are put together.
const PARTS: &[&str] = &[
    "/",
    "/api/",
    "runs",
    "measures",
    "compare",
    "differences",
    "?",
    "&",
    "=",
    "run",
    "run=a",
    "measure=train_loss",
    "format=",
    "svg",
    "png",
    "csv",
    "token=",
    "..",
    "%2e%2e",
    "%2F",
    "%00",
    "%",
    "%zz",
    "a",
    "\\",
    ";",
    "#",
    "//",
    "network",
    "sample",
    "draw",
    "/api/draw/file?run=a&name=",
    "a.bin",
    "a.png",
    "a.aedat",
    "network/graph",
    "lab",
    "lab/summary",
    "lab/plane",
    "lab/rates",
    "model",
    "sample/traces",
    "rates",
    "profile",
    "&model=lif",
    "&model=izh",
    "&index=1",
    "&layer=layers.1",
    "&neurons=1,",
    "&from=1",
    "&to=3",
    "&pixels=00",
    "&current=",
    "step:1:2:3",
    "points:",
    "&time=",
    "&dt=",
    "&p.tau_m=",
    "&s.reset=",
    "&parameter=layers.1.tau_m",
    "&seed=",
    "run=..%2F..%2Fetc",
    "measure=firing_rate.",
    "-1",
    "1e999",
    "NaN",
    "18446744073709551616",
    "%F0%9F%92%A9",
];
const HOSTS: &[&str] =
    &["localhost", "127.0.0.1:80", "[::1]", "evil.example", "", "[", "localhost:", "a:b:c", "\u{e9}"];

/// Numbers that follow from a seed (xorshift).
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

#[test]
fn no_request_panics() {
    let server = server(trained());
    let count = std::env::var("SYNFIRE_FUZZ_REQUESTS").ok().and_then(|count| count.parse().ok()).unwrap_or(REQUESTS);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    for _ in 0..count {
        let mut uri = "/".to_string();
        for _ in 0..draw.below(9) {
            uri += draw.one(PARTS);
            if draw.below(8) == 0 {
                uri.push(char::from(draw.below(128) as u8));
            }
        }
        let (method, host) = (draw.one(&["GET", "GET", "GET", "GET", "POST", "HEAD"]), draw.one(HOSTS));
        let cookie = draw.one(&["", "synfire_view=0", "=;;=", "a=b; c"]);
        let request = Request::builder().method(method).uri(&uri).header("host", host).header("cookie", cookie);
        let kind = draw.one(&["application/octet-stream", "application/octet-stream", "text/plain"]);
        let bytes: Vec<u8> = match method {
            "POST" => (0..draw.below(40)).map(|_| draw.below(256) as u8).collect(),
            _ => vec![],
        };
        // what is no request at all does not come through
        let Ok(request) = request.header("content-type", kind).body(Body::from(bytes)) else { continue };
        let answer = runtime.block_on(server.clone().oneshot(request)).unwrap();
        assert_ne!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{method} {uri}");
        let is_known = ["localhost", "127.0.0.1:80", "[::1]"].contains(&host);
        assert!(is_known || answer.status() == StatusCode::FORBIDDEN, "{host} {uri}: {}", answer.status());
    }
}
