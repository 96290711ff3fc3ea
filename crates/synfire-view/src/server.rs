//! The server.

use crate::Error;
use crate::address::Access;
use crate::folder::Folder;
use crate::routes::{App, router};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

/// Settings of a server.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Folder of runs, run folder or checkpoint to show; `runs`, if there is one, where it is not given.
    pub path: Option<PathBuf>,
    /// Name or address to listen on for others, who need the token in the [address](Server::address); this machine alone
    /// where it is not given.
    pub host: Option<String>,
    /// Port to listen on; 0 for any that is free.
    pub port: u16,
}

/// A server that listens, and answers once it [runs](Self::run).
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    bound: SocketAddr,
    app: Arc<App>,
}

/// Requests that are computed at the same time.
const WORKERS: usize = 4;

impl Server {
    /// Opens the folder and the port.
    ///
    /// # Errors
    ///
    /// [`Error::Path`] if there is nothing to show at the path, [`Error::Listen`] if the address is not free.
    pub fn bind(options: &Options) -> Result<Self, Error> {
        let folder = Folder::open(options.path.as_deref())?;
        let access = Access::new(options.host.as_deref())?;
        let sockets = access.sockets(options.port)?;
        let refuse = |error: std::io::Error| Error::Listen {
            address: sockets.first().map_or_else(String::new, ToString::to_string),
            problem: format!("cannot be listened on: {error}; choose another --port, or 0 for one that is free"),
        };
        let listener = TcpListener::bind(sockets.as_slice()).map_err(refuse)?;
        listener.set_nonblocking(true).map_err(refuse)?;
        let bound = listener.local_addr().map_err(refuse)?;
        Ok(Server { listener, bound, app: Arc::new(App::new(folder, access)) })
    }

    /// Address for the browser, with the token if one is required.
    #[must_use]
    pub fn address(&self) -> String {
        self.app.access.url(self.bound)
    }

    /// Answers requests until the process ends.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] if the system gives no threads or sockets.
    pub fn run(self) -> Result<(), Error> {
        let failed = |error: std::io::Error| Error::Internal(format!("the server failed: {error}"));
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_io().enable_time().max_blocking_threads(WORKERS).build().map_err(failed)?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener).map_err(failed)?;
            axum::serve(listener, router(self.app)).await.map_err(failed)
        })
    }
}
