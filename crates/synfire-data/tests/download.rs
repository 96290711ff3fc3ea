//! Downloads, from a server of a few lines on this machine.

mod common;

use flate2::{Compression, write::GzEncoder};
use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    thread,
};
use synfire_data::{
    DataError,
    download::{self, Checksum, Progress, Source, SourceFile},
};

const CONTENT: &[u8] = b"some content";
/// By `sha256sum`, of [`CONTENT`].
const SHA256: &str = "290f493c44f5d63d06b374d0a5abd292fae38b92cab2fae5efefe1b0e9347f56";

fn gzip(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Answers every request with the same status and body, for as long as the
/// tests run; returns the address.
fn server(status: &'static str, body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let answer = move |mut stream: TcpStream| -> std::io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
        let length = body.len();
        write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")?;
        stream.write_all(&body)
    };
    thread::spawn(move || listener.incoming().flatten().try_for_each(answer));
    address
}

/// An address where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn source(mirrors: Vec<String>, checksum: Checksum) -> Source {
    Source {
        name: "test".into(),
        about: "a file".into(),
        mirrors,
        files: vec![SourceFile { name: "file.gz".into(), checksum }],
    }
}

fn by_content() -> Checksum {
    Checksum::Sha256OfContent(SHA256.into())
}

fn names_in(folder: &Path) -> Vec<String> {
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    fs::read_dir(folder).unwrap().map(|entry| name(entry.unwrap())).collect()
}

/// Fetches and returns the names of the steps reported.
fn fetch(source: &Source, folder: &Path) -> (Result<(), DataError>, Vec<&'static str>) {
    let mut steps = Vec::new();
    let result = source.fetch(folder, &mut |progress| {
        steps.push(match progress {
            Progress::Kept { .. } => "kept",
            Progress::Started { .. } => "started",
            Progress::Received { .. } => "received",
            Progress::Failed { .. } => "failed",
            Progress::Verified { .. } => "verified",
            _ => "unknown",
        });
    });
    steps.dedup();
    (result.map(drop), steps)
}

#[test]
fn a_correct_file_arrives_and_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("made/on/the/way");
    let body = gzip(CONTENT, 6);
    let source = source(vec![server("200 OK", body.clone())], by_content());

    let (result, steps) = fetch(&source, &target);
    result.unwrap();
    assert_eq!(steps, ["started", "received", "verified"]);
    assert_eq!(names_in(&target), ["file.gz"]);
    assert_eq!(fs::read(target.join("file.gz")).unwrap(), body);

    let (result, steps) = fetch(&source, &target);
    result.unwrap();
    assert_eq!(steps, ["kept"]);
}

#[test]
fn content_sums_do_not_depend_on_compression() {
    for body in [gzip(CONTENT, 0), gzip(CONTENT, 9), CONTENT.to_vec()] {
        let folder = tempfile::tempdir().unwrap();
        let source = source(vec![server("200 OK", body)], by_content());
        fetch(&source, folder.path()).0.unwrap();
    }
}

#[test]
fn md5_is_of_the_file_as_it_is() {
    // By `md5sum`, of CONTENT.
    let md5 = Checksum::Md5OfFile("9893532233caff98cd083a116b013c0b".into());
    for (body, good) in [(CONTENT.to_vec(), true), (gzip(CONTENT, 6), false)] {
        let folder = tempfile::tempdir().unwrap();
        let source = source(vec![server("200 OK", body)], md5.clone());
        assert_eq!(fetch(&source, folder.path()).0.is_ok(), good);
    }
}

#[test]
fn a_wrong_file_is_replaced_only_by_a_right_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.gz");
    fs::write(&path, "old").unwrap();

    let bad = source(vec![server("200 OK", gzip(b"other content", 6))], by_content());
    fetch(&bad, folder.path()).0.unwrap_err();
    assert_eq!(fs::read(&path).unwrap(), b"old");

    let good = source(vec![server("200 OK", gzip(CONTENT, 6))], by_content());
    fetch(&good, folder.path()).0.unwrap();
    assert_eq!(fs::read(&path).unwrap(), gzip(CONTENT, 6));
}

#[test]
fn mirrors_are_tried_in_turn() {
    let folder = tempfile::tempdir().unwrap();
    let mirrors = vec![
        nobody(),
        server("404 Not Found", vec![]),
        server("200 OK", b"<html>log in first</html>".to_vec()),
        // A slash at the end of a mirror makes no difference.
        format!("{}/", server("200 OK", gzip(CONTENT, 6))),
        nobody(),
    ];
    let (result, steps) = fetch(&source(mirrors, by_content()), folder.path());
    result.unwrap();
    assert_eq!(steps, ["failed", "started", "received", "failed", "started", "received", "verified"]);
}

#[test]
fn when_all_mirrors_fail_nothing_is_left_and_all_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let cut = gzip(CONTENT, 6)[..20].to_vec();
    let mirrors = vec![
        nobody(),
        server("404 Not Found", vec![]),
        server("200 OK", gzip(b"other content", 6)),
        server("200 OK", cut),
    ];
    let error = fetch(&source(mirrors.clone(), by_content()), folder.path()).0.unwrap_err();
    assert!(names_in(folder.path()).is_empty());

    let message = error.to_string();
    for mirror in &mirrors {
        assert!(message.contains(&format!("{mirror}/file.gz: ")), "{message}");
    }
    for part in ["404", SHA256, "cannot be read to its end", "by hand"] {
        assert!(message.contains(part), "expected `{part}`: {message}");
    }
    assert!(message.contains(&*folder.path().to_string_lossy()), "{message}");
    assert!(matches!(error, DataError::Download { attempts, .. } if attempts.len() == 4));
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = fetch(&source(vec![], by_content()), &file.join("below")).0.unwrap_err();
    assert!(matches!(error, DataError::Io { action: "create the folder", .. }), "{error}");
}

#[test]
fn unknown_names_are_answered_with_the_known_ones() {
    let error = download::get("cifar", "nowhere", &mut |_| {}).unwrap_err().to_string();
    assert!(error.contains("`cifar`") && error.contains("mnist, fashion-mnist"), "{error}");
    assert!(!Path::new("nowhere").exists());
}

#[test]
fn the_catalog_is_complete() {
    for source in download::catalog() {
        assert!(!source.mirrors.is_empty() && !source.about.is_empty());
        assert_eq!(source.files.len(), 4);
        for file in &source.files {
            assert!(file.name.ends_with("ubyte.gz"), "{}", file.name);
            let (sum, length) = match &file.checksum {
                Checksum::Sha256OfContent(sum) => (sum, 64),
                Checksum::Md5OfFile(sum) => (sum, 32),
                other => panic!("untested checksum {other:?}"),
            };
            assert_eq!(sum.len(), length);
            assert!(sum.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
        }
    }
}

/// The catalog's checksums are those of the real files.
#[test]
fn real_files_pass_for_fetched_ones() {
    let Some(folder) = common::mnist_folder() else { return };
    let mut mnist = download::catalog().remove(0);
    // Without mirrors a file that is not accepted is an error.
    mnist.mirrors.clear();
    let mut kept = 0;
    let files =
        mnist.fetch(folder, &mut |progress| kept += usize::from(matches!(progress, Progress::Kept { .. }))).unwrap();
    assert_eq!((kept, files.len()), (4, 4));
}
