//! `synfire view` as a program: it prints its address and answers there.

mod common;

use common::{command, contents, run};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

/// A server that is ended when it goes out of scope.
struct Server(Child, String);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(folder: &Path, line: &str) -> Server {
    let mut child = command(folder, line).stdout(Stdio::piped()).spawn().expect("the program starts");
    let mut address = String::new();
    let stdout = child.stdout.take().expect("stdout is a pipe");
    BufReader::new(stdout).read_line(&mut address).expect("an address");
    Server(child, address.trim().to_string())
}

/// Sends these lines to the server, and returns its answer.
fn ask(server: &Server, request: &str) -> String {
    let host = server.1.strip_prefix("http://").and_then(|rest| rest.split('/').next()).expect("an address");
    let mut stream = TcpStream::connect(host).expect("the server listens");
    stream.write_all(format!("{request}\r\nConnection: close\r\n\r\n").as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

#[test]
fn it_answers_at_the_address_that_it_prints() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = serve(folder.path(), "view .");
    assert!(server.1.starts_with("http://127.0.0.1:"), "{}", server.1);
    let page = ask(&server, "GET / HTTP/1.1\r\nHost: localhost");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("<title>Runs"), "{page}");
    for (request, status) in [
        ("GET / HTTP/1.1\r\nHost: evil.example", "403"),
        ("GET / HTTP/1.0", "403"),
        ("POST /api/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0", "405"),
        ("GET /../../etc/passwd HTTP/1.1\r\nHost: localhost", "404"),
        ("no request at all", "400"),
    ] {
        let answer = ask(&server, request);
        assert_eq!(answer.split(' ').nth(1), Some(status), "{request}: {answer}");
    }
    assert!(contents(folder.path()).is_empty(), "nothing is written");
}

#[test]
fn others_need_the_token() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = serve(folder.path(), "view --host 127.0.0.1");
    let (_, query) = server.1.split_once('?').expect("a token");
    assert!(ask(&server, "GET / HTTP/1.1\r\nHost: localhost").starts_with("HTTP/1.1 403"));
    let page = ask(&server, &format!("GET /?{query} HTTP/1.1\r\nHost: localhost"));
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("HttpOnly; SameSite=Strict"), "{page}");
}

#[test]
fn what_cannot_be_shown_is_said() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("file.bpk"), "no checkpoint").expect("a file can be written");
    for (line, code, words) in [
        ("view none", 1, "expected a folder of runs, a run folder or a checkpoint"),
        ("view file.bpk", 1, "file.bpk"),
        ("view --host nowhere.invalid", 1, "is no address of this machine"),
        ("view --port 70000", 2, "expected a whole number"),
    ] {
        let ran = run(folder.path(), line);
        assert!(ran.code == code && ran.stderr.contains(words), "{line}: {} {}", ran.code, ran.stderr);
    }
}
