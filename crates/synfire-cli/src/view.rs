//! `synfire view`: runs, networks and neurons in the browser.

use crate::number::whole;
use crate::output::note;
use std::path::PathBuf;
use synfire_view::{Options, Server};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The page is served to this machine alone until Ctrl-C. With --host others who know the token in the address are
answered too, in plain HTTP. Nothing is written.

Examples:
  synfire view                                  the runs in runs/, live while they train
  synfire view runs/001-plif-digits --open      one run
  synfire view network.bpk                      a checkpoint
  synfire view runs --host 0.0.0.0 --port 8080  for others, with a token")]
pub(crate) struct Args {
    /// Folder of runs, run folder or checkpoint; runs/ if not given
    path: Option<PathBuf>,
    /// Port to listen on; 0 for any that is free
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole::<u16>, allow_negative_numbers = true)]
    port: u16,
    /// Name or address to listen on for others; this machine alone if not given
    #[arg(long, value_name = "NAME")]
    host: Option<String>,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let options = Options { path: args.path.clone(), host: args.host.clone(), port: args.port };
    let server = Server::bind(&options)?;
    let address = server.address();
    println!("{address}");
    if args.open
        && let Err(error) = open::that_detached(&address)
    {
        note!("the browser could not be opened: {error}; open the address above");
    }
    Ok(server.run()?)
}
