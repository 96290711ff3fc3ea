//! A kind of components to test the registry with.
#![expect(unreachable_pub, reason = "kinds are public elsewhere")]

use super::{Component, Named, Registered, kind};
use core::fmt::Debug;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

kind!("part", Part, [Flat, Open, Round]);

pub(super) trait Part: Debug + Send + Sync {}

/// Without a principal setting.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Flat {
    pub(super) wide: bool,
}

impl Named for Flat {
    const NAME: &'static str = "flat";
    const ABOUT: &'static str = "a flat part";
}

impl Part for Flat {}

/// With a principal setting, and one without a default.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Round {
    pub(super) radius: u32,
    pub(super) label: Option<String>,
}

impl Default for Round {
    fn default() -> Self {
        Round { radius: 1, label: None }
    }
}

impl Named for Round {
    const NAME: &'static str = "round";
    const ABOUT: &'static str = "a round part";
    const ALIASES: &'static [&'static str] = &["ball"];
    const PRINCIPAL: Option<&'static str> = Some("radius");
}

impl Part for Round {}

/// With settings that it does not know itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Open {
    pub(super) model: String,
    #[serde(flatten)]
    pub(super) settings: BTreeMap<String, Value>,
}

impl Named for Open {
    const NAME: &'static str = "open";
    const ABOUT: &'static str = "a part with settings of its own";
    const PRINCIPAL: Option<&'static str> = Some("model");
    const OPEN: bool = true;
}

impl Part for Open {}

pub(super) fn keys(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).unwrap()
}

pub(super) fn component(value: Value) -> Result<Component<dyn Part>, String> {
    Component::from_keys(keys(value))
}

#[test]
fn names_and_aliases_are_taken_once() {
    #[derive(Debug, Default, Serialize, Deserialize)]
    struct Ball {}
    impl Named for Ball {
        const NAME: &'static str = "Ball";
        const ABOUT: &'static str = "an alias in another case";
    }
    impl Part for Ball {}
    assert_eq!(register::<Ball>().unwrap_err().to_string(), "a part named `Ball` exists already; choose another name");
    let names: Vec<&str> = all().iter().flat_map(Registered::names).collect();
    assert_eq!(names, ["flat", "open", "round", "ball"]);
}

#[test]
fn tables_name_the_component_and_its_settings() {
    let read = |value: Value| serde_json::from_value::<Component<dyn Part>>(value).map_err(|error| error.to_string());
    let round = read(json!({ "name": "ball", "label": "x" })).unwrap();
    assert_eq!((round.name(), &round.settings()["radius"]), ("round", &json!(1)));
    assert_eq!(serde_json::to_value(&round).unwrap(), json!({ "name": "round", "radius": 1, "label": "x" }));
    assert!(read(json!({ "label": "x" })).unwrap_err().contains("a part needs a `name"));
    let wrong = read(json!({ "name": "round", "radius": -1 })).unwrap_err();
    assert!(wrong.starts_with("`round`: `radius = -1`: `-1`, expected a whole number"), "{wrong}");
}
