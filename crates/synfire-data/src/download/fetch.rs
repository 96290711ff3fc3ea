//! One file from one mirror.

use super::{Progress, SourceFile};
use crate::DataError;
use std::{
    io::{Read, Write},
    path::Path,
    time::Duration,
};
use tempfile::NamedTempFile;
use ureq::{Agent, config::AutoHeaderValue};

/// Most bytes a file may have; the largest in the catalog has 26 MB.
const MOST: u64 = 1 << 28;

/// Whose fault it is, hence whether another mirror can help.
pub(super) enum Failure {
    Mirror(String),
    Local(DataError),
}

/// A client that gives up on silence but not on a slow connection.
pub(super) fn agent() -> Agent {
    Agent::config_builder()
        .timeout_resolve(Some(Duration::from_secs(15)))
        .timeout_connect(Some(Duration::from_secs(15)))
        .timeout_recv_response(Some(Duration::from_secs(30)))
        .timeout_per_read(Some(Duration::from_secs(30)))
        .user_agent(concat!("synfire/", env!("CARGO_PKG_VERSION")))
        // The files are compressed already, and MD5 wants them as they are.
        .accept_encoding(AutoHeaderValue::None)
        .build()
        .new_agent()
}

/// Fetches `url`, verifies it and only then puts it at `path`.
pub(super) fn file(
    agent: &Agent,
    url: &str,
    file: &SourceFile,
    path: &Path,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), Failure> {
    let mirror = |error: &dyn std::fmt::Display| Failure::Mirror(error.to_string());
    let local = |cause| Failure::Local(DataError::io("write", path)(cause));
    let name = file.name.as_str();

    let mut response = agent.get(url).call().map_err(|error| mirror(&error))?;
    let total = response.body().content_length();
    progress(Progress::Started { file: name, url, total });

    // Removed when dropped, unless it is persisted below.
    let mut temporary = temporary_beside(path).map_err(local)?;
    let mut body = response.body_mut().as_reader().take(MOST + 1);
    let mut buffer = vec![0; 1 << 16];
    let mut received = 0;
    loop {
        let count = body.read(&mut buffer).map_err(|error| mirror(&error))?;
        if count == 0 {
            break;
        }
        temporary.write_all(&buffer[..count]).map_err(local)?;
        received += count as u64;
        progress(Progress::Received { file: name, received, total });
    }
    if received > MOST {
        return Err(Failure::Mirror(format!("sends more than {MOST} bytes")));
    }

    temporary.flush().map_err(local)?;
    file.checksum.verify(temporary.path()).map_err(Failure::Mirror)?;
    temporary.persist(path).map_err(|refused| local(refused.error))?;
    Ok(())
}

/// A file in the same folder, so that renaming it is a single step.
fn temporary_beside(path: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".synfire-").suffix(".part");
    // Private by default, but data sets are for everyone the umask lets in.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(path.parent().unwrap_or(Path::new(".")))
}
