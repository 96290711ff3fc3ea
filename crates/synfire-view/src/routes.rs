//! Addresses and their answers.

use crate::Error;
use crate::address::Access;
use crate::answer::{compute, json};
use crate::assets;
use crate::folder::Folder;
use crate::guard;
use crate::overview::{self, Rows};
use crate::query::Params;
use crate::sample::{self, Recent};
use crate::trained::{Last, Trained};
use crate::{lab, run};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use std::sync::Arc;

/// State of the server that answers are computed from.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) folder: Folder,
    pub(crate) access: Access,
    pub(crate) rows: Rows,
    trained: Last,
    recent: Recent,
}

impl App {
    pub(crate) fn new(folder: Folder, access: Access) -> Self {
        App { folder, access, rows: Rows::default(), trained: Last::default(), recent: Recent::default() }
    }
}

impl App {
    /// The network of the run that a query names.
    fn trained(&self, params: &Params) -> Result<Arc<Trained>, Error> {
        self.trained.of(&self.folder.run(params.need("run")?)?)
    }
}

/// Computes the answer to a query.
type Work = fn(&App, &Params) -> Result<Response, Error>;

/// Answers that are computed, under `/api/`.
const WORK: &[(&str, Work)] = &[
    ("/api/runs", |app, _| json(&serde_json::json!({ "folder": app.folder.name(), "rows": app.rows.of(&app.folder) }))),
    ("/api/measures", |app, params| json(&overview::measures(&app.folder, &ids(params))?)),
    ("/api/compare", |app, params| overview::figure(&app.folder, &ids(params), params.get("measure"))?.answer(params)),
    ("/api/differences", |app, params| json(&overview::differences(&app.folder, &ids(params))?)),
    ("/api/confusion", |app, params| run::confusion(&app.folder.run(params.need("run")?)?)?.answer(params)),
    ("/api/classes", |app, params| run::classes(&app.folder.run(params.need("run")?)?)),
    ("/api/models", |_, params| lab::models(params)),
    ("/api/model", |_, params| lab::model(params)),
    ("/api/lab", |_, params| lab::trace(params)),
    ("/api/lab/summary", |_, params| lab::summary(params)),
    ("/api/lab/rates", |_, params| lab::rates(params)),
    ("/api/lab/plane", |_, params| lab::plane(params)),
];

/// Computes the answer to a query about the network of a run.
type NetworkWork = fn(&Trained, &Recent, &Params) -> Result<Response, Error>;

/// Answers about the network of the `run` in the query.
const NETWORK_WORK: &[(&str, NetworkWork)] = &[
    ("/api/network", |trained, _, _| run::network(trained)),
    ("/api/network/graph", |trained, _, params| run::graph(trained).answer(params)),
    ("/api/distribution", |trained, _, params| run::distribution(trained, params.need("parameter")?)?.answer(params)),
    ("/api/rates", |trained, _, params| run::rates(trained)?.answer(params)),
    ("/api/profile", |trained, _, _| run::profile(trained)),
    ("/api/mistakes", |trained, _, _| run::mistakes(trained)),
    ("/api/mistakes/pictures", |trained, _, params| run::pictures(trained)?.answer(params)),
    ("/api/sample", |trained, recent, params| sample::sample(trained, index(params)?, recent)),
    ("/api/sample/raster", |trained, recent, params| sample::raster(trained, index(params)?, recent)?.answer(params)),
    ("/api/sample/traces", |trained, recent, params| {
        sample::traces(trained, index(params)?, recent, params)?.answer(params)
    }),
    ("/api/sample/scores", |trained, recent, params| {
        sample::scores(trained, index(params)?, recent, params)?.answer(params)
    }),
    ("/api/draw", |trained, _, params| sample::drawn(trained, params)),
];

fn ids(params: &Params) -> Vec<String> {
    params.all("run").map(str::to_string).collect()
}

fn index(params: &Params) -> Result<usize, Error> {
    params.number("index", 0)
}

/// Answers that are computed from the query.
fn computed<W>(work: W) -> MethodRouter<Arc<App>>
where
    W: Fn(&App, &Params) -> Result<Response, Error> + Copy + Send + Sync + 'static,
{
    get(move |State(app): State<Arc<App>>, Query(query): Query<Vec<(String, String)>>| async move {
        compute(move || work(&app, &Params(query))).await
    })
}

/// Address that a page sends a file with a sample to, the only one that is no GET.
pub(crate) const FILE: &str = "/api/draw/file";

/// Answers what the network of a run makes of the sample in a file.
fn file() -> MethodRouter<Arc<App>> {
    let answer = |State(app): State<Arc<App>>, Query(query): Query<Vec<(String, String)>>, bytes: Bytes| async move {
        compute(move || {
            let params = Params(query);
            sample::sent(app.trained(&params)?.as_ref(), &bytes, &params)
        })
        .await
    };
    post(answer).layer(DefaultBodyLimit::max(sample::MOST_BYTES))
}

/// All addresses, behind the [guard].
pub(crate) fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for asset in assets::ALL {
        router = router.route(asset.path, get(|| async { asset.answer() }));
    }
    for &(path, work) in WORK {
        router = router.route(path, computed(work));
    }
    for &(path, work) in NETWORK_WORK {
        let of_network = move |app: &App, params: &Params| work(app.trained(params)?.as_ref(), &app.recent, params);
        router = router.route(path, computed(of_network));
    }
    router
        .route(FILE, file())
        .route("/api/events", get(|State(app): State<Arc<App>>| async { overview::events(app) }))
        .fallback(|| async {
            crate::answer::error(&Error::NotFound("there is no such page; the runs are at /".into()))
        })
        .layer(from_fn_with_state(app.clone(), guard::check))
        .with_state(app)
}
