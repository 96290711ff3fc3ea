//! A picture with the numbers in it, in the format that was asked for.

use crate::Error;
use crate::answer::typed;
use crate::query::Params;
use axum::response::Response;
use synfire::plot::Picture;

/// A picture, and its numbers as CSV.
pub(crate) struct Figure {
    pub(crate) picture: Picture,
    pub(crate) csv: String,
}

impl Figure {
    /// The figure as SVG, or as the `format` of the query says.
    pub(crate) fn answer(&self, params: &Params) -> Result<Response, Error> {
        match params.get("format").unwrap_or("svg") {
            "svg" => Ok(typed("image/svg+xml", self.picture.svg())),
            "png" => Ok(typed("image/png", self.picture.png())),
            "csv" => Ok(typed("text/csv; charset=utf-8", self.csv.clone())),
            _ => Err(Error::Request("`format` is unknown; expected svg, png or csv".to_string())),
        }
    }
}

/// A table as CSV (RFC 4180).
pub(crate) struct Csv(String);

impl Csv {
    pub(crate) fn new(columns: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut csv = Csv(String::new());
        csv.row(columns);
        csv
    }

    pub(crate) fn row(&mut self, fields: impl IntoIterator<Item = impl AsRef<str>>) {
        for (i, field) in fields.into_iter().enumerate() {
            let field = field.as_ref();
            if i > 0 {
                self.0.push(',');
            }
            match field.contains([',', '"', '\n', '\r']) {
                true => self.0 += &format!("\"{}\"", field.replace('"', "\"\"")),
                false => self.0 += field,
            }
        }
        self.0.push('\n');
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}
