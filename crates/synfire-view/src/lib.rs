//! The page of `synfire view`, which shows runs, networks and neurons in the browser.
//!
//! A [`Server`] listens on the loopback interface, or with [`Options::host`] elsewhere and then for those who know the
//! token in its address. It answers GET requests and, for a sample in a file, one POST; it writes nothing, and reads nothing
//! outside the folder that it was given, except the data sets that runs name. Pictures are those of [`synfire::plot`]; scripts
//! and styles are part of the program, so that a page needs no network.

mod address;
mod answer;
mod assets;
mod device;
mod error;
mod figure;
mod folder;
mod guard;
mod histogram;
mod lab;
mod overview;
mod picture;
mod query;
mod routes;
mod run;
mod sample;
mod server;
#[cfg(test)]
mod tests;
mod trained;

pub use error::Error;
pub use server::{Options, Server};

/// The example of the README is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
