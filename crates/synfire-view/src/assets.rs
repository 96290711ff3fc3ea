//! Pages, scripts and styles, which are part of the program.

use crate::answer::typed;
use axum::response::Response;

/// A file of the pages.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) path: &'static str,
    content_type: &'static str,
    text: &'static str,
}

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

macro_rules! assets {
    ($($path:literal $content_type:ident $file:literal;)*) => {
        &[$(Asset { path: $path, content_type: $content_type, text: include_str!(concat!("../assets/", $file)) }),*]
    };
}

/// All of them.
pub(crate) const ALL: &[Asset] = assets! {
    "/" HTML "runs.html";
    "/run" HTML "run.html";
    "/sample" HTML "sample.html";
    "/draw" HTML "draw.html";
    "/lab" HTML "lab.html";
    "/style.css" STYLE "style.css";
    "/page.js" SCRIPT "page.js";
    "/figure.js" SCRIPT "figure.js";
    "/frame.js" SCRIPT "frame.js";
    "/raster.js" SCRIPT "raster.js";
    "/scores.js" SCRIPT "scores.js";
    "/curve.js" SCRIPT "curve.js";
    "/runs.js" SCRIPT "runs.js";
    "/run.js" SCRIPT "run.js";
    "/sample.js" SCRIPT "sample.js";
    "/draw.js" SCRIPT "draw.js";
    "/lab.js" SCRIPT "lab.js";
};

impl Asset {
    pub(crate) fn answer(&self) -> Response {
        typed(self.content_type, self.text)
    }
}
