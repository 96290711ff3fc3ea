//! Changes of the runs, as server-sent events: the files are looked at, so that trainings of other processes are seen.

use super::Row;
use crate::routes::App;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

/// Time between two looks.
const PERIOD: Duration = Duration::from_millis(500);

/// Rows that are new or have changed, and names of runs that are gone.
#[derive(Serialize)]
struct Changes {
    rows: Vec<Row>,
    gone: Vec<String>,
}

/// A stream of events `changes`, the first one with all rows.
pub(crate) fn events(app: Arc<App>) -> Response {
    let stream = futures_util::stream::unfold((app, None::<Vec<Row>>), |(app, mut seen)| async move {
        loop {
            if seen.is_some() {
                tokio::time::sleep(PERIOD).await;
            }
            let looking = app.clone();
            let rows = tokio::task::spawn_blocking(move || looking.rows.of(&looking.folder)).await.ok()?;
            let changes = Changes::between(seen.as_deref(), &rows);
            seen = Some(rows);
            if let Some(changes) = changes {
                let event = Event::default().event("changes").data(serde_json::to_string(&changes).ok()?);
                return Some((Ok::<Event, Infallible>(event), (app, seen)));
            }
        }
    });
    Sse::new(stream).keep_alive(KeepAlive::default()).into_response()
}

impl Changes {
    fn between(before: Option<&[Row]>, now: &[Row]) -> Option<Self> {
        let Some(before) = before else { return Some(Changes { rows: now.to_vec(), gone: vec![] }) };
        let rows: Vec<Row> = now.iter().filter(|row| !before.contains(row)).cloned().collect();
        let is_gone = |row: &&Row| !now.iter().any(|other| other.id() == row.id());
        let gone: Vec<String> = before.iter().filter(is_gone).map(|row| row.id().to_string()).collect();
        (!rows.is_empty() || !gone.is_empty()).then_some(Changes { rows, gone })
    }
}
