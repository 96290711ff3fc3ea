//! Components whose name is a key: `conv2d = 12, kernel = 5`.

use super::{Component, ComponentKind, Entry};
use crate::Error;
use serde_json::{Map, Value};

impl<K: ?Sized + ComponentKind> Component<K> {
    /// The component that one of the `keys` names. The value of that key is its [principal](super::Named::PRINCIPAL)
    /// setting, a table of settings, or `true`; all other keys are settings.
    ///
    /// ```toml
    /// conv2d = 12                                     # its principal setting, the channels
    /// kernel = 5
    /// ```
    ///
    /// `conv2d = { channels = 12, kernel = 5 }` says the same. `flatten = true` chooses one that has no principal
    /// setting, or leaves it at its default.
    ///
    /// # Errors
    ///
    /// If no key names a component, with the closest name, or several do; as
    /// [`Entry::component`](super::Entry::component) for settings.
    pub fn from_keys(mut keys: Map<String, Value>) -> Result<Self, String> {
        let named: Vec<(String, Entry<K>)> =
            keys.keys().filter_map(|key| Some((key.clone(), K::registry().find(key).ok()?))).collect();
        let (key, entry) = match named.as_slice() {
            [one] => one,
            [(one, _), (other, _), ..] => return Err(format!("a {} is `{one}` or `{other}`, not both", K::WORD)),
            [] => return Err(no_name::<K>(&keys)),
        };
        match (keys.remove(key), entry.principal) {
            (Some(Value::Object(settings)), _) => keys.extend(settings),
            (None | Some(Value::Bool(true)), _) => {}
            (Some(value), Some(principal)) => drop(keys.insert(principal.to_string(), value)),
            (Some(value), None) => return Err(format!("`{key} = {value}`: expected true, or a table of settings")),
        }
        entry.component(keys)
    }

    /// The keys and values that [`from_keys`](Self::from_keys) reads: first its name with the principal setting or
    /// `true`, then the settings that differ from their defaults, tables last as TOML wants them.
    ///
    /// # Errors
    ///
    /// If no file can describe it.
    pub fn to_keys(&self) -> Result<Vec<(String, Value)>, String> {
        self.refuse_opaque()?;
        let entry = K::registry().find(self.name).map_err(|error| error.to_string())?;
        let defaults = entry.settings();
        let principal = entry.principal.and_then(|key| self.settings.get(key)).filter(|value| !value.is_null());
        let mut keys = vec![(self.name.to_string(), principal.cloned().unwrap_or(Value::Bool(true)))];
        // TOML has no null: a setting that is not given is left out
        let given = |(key, value): &(&String, &Value)| {
            !value.is_null() && Some(key.as_str()) != entry.principal && defaults.get(*key) != Some(value)
        };
        let (tables, values): (Vec<_>, Vec<_>) =
            self.settings.iter().filter(given).partition(|(_, value)| value.is_object());
        keys.extend(values.into_iter().chain(tables).map(|(key, value)| (key.clone(), value.clone())));
        Ok(keys)
    }

    /// The key that has this setting in what [`to_keys`](Self::to_keys) writes: of the principal one the name.
    pub(crate) fn key_of(&self, setting: &'static str) -> &'static str {
        match K::registry().find(self.name) {
            Ok(entry) if entry.principal == Some(setting) => self.name,
            _ => setting,
        }
    }
}

/// The problem that no key names a component.
fn no_name<K: ?Sized + ComponentKind>(keys: &Map<String, Value>) -> String {
    let close = keys.keys().find_map(|key| match K::registry().find(key) {
        Err(error @ Error::Unknown { closest: Some(_), .. }) => Some(error.to_string()),
        _ => None,
    });
    close.unwrap_or_else(|| {
        let known: Vec<&str> = K::registry().all().iter().map(|entry| entry.name).collect();
        format!("a {} needs a key that names it; known: {}", K::WORD, known.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Flat, Open, Part, Round, component, keys};
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(given: Value, expected: Component<dyn Part>, written: Value) {
        let read = component(given);
        assert_eq!(read, Ok(expected.clone()));
        let back: Map<String, Value> = read.unwrap().to_keys().unwrap().into_iter().collect();
        assert_eq!(Value::Object(back), written);
        assert_eq!(component(written), Ok(expected));
    }

    #[test]
    fn a_key_chooses_and_carries_the_principal_setting() {
        let round = |radius, label: Option<&str>| Round { radius, label: label.map(ToString::to_string) };
        check(json!({ "round": 3 }), round(3, None).into(), json!({ "round": 3 }));
        check(json!({ "BALL": 3, "label": "a" }), round(3, Some("a")).into(), json!({ "round": 3, "label": "a" }));
        check(json!({ "round": { "radius": 4 } }), round(4, None).into(), json!({ "round": 4 }));
        check(json!({ "round": true }), round(1, None).into(), json!({ "round": 1 }));
        check(json!({ "flat": true }), Flat { wide: false }.into(), json!({ "flat": true }));
        check(json!({ "flat": true, "wide": true }), Flat { wide: true }.into(), json!({ "flat": true, "wide": true }));
    }

    #[test]
    fn open_kinds_take_any_setting() {
        let settings = keys(json!({ "tau": { "value": 2.0 }, "beta": 1.5 }));
        let open = Open { model: "lif".to_string(), settings: settings.into_iter().collect() };
        let written = json!({ "open": "lif", "beta": 1.5, "tau": { "value": 2.0 } });
        check(written.clone(), open.clone().into(), written);
        // tables come last
        let back = Component::<dyn Part>::from(open).to_keys().unwrap();
        assert_eq!(back.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["open", "beta", "tau"]);
    }

    #[test]
    fn mistakes_are_told_by_key() {
        let message = |given| component(given).unwrap_err();
        assert_eq!(message(json!({ "round": 1, "flat": true })), "a part is `flat` or `round`, not both");
        assert!(message(json!({ "roumd": 1 })).contains("did you mean `round`?"));
        assert_eq!(message(json!({ "q": 1 })), "a part needs a key that names it; known: flat, open, round");
        assert_eq!(message(json!({ "flat": 3 })), "`flat = 3`: expected true, or a table of settings");
        assert_eq!(
            message(json!({ "round": 1, "wide": 2 })),
            "`round` has no setting `wide`; it has `label`, `radius`"
        );
        let wrong = message(json!({ "round": 1, "label": 7 }));
        assert!(wrong.starts_with("`round`: `label = 7`: `7`, expected a string"), "{wrong}");
    }

    #[test]
    fn what_was_put_in_from_rust_is_not_written() {
        let opaque = Component::<dyn Part>::opaque("mine", std::sync::Arc::new(Flat::default()));
        assert!(opaque == opaque.clone() && opaque != Flat::default().into());
        for problem in [opaque.to_keys().unwrap_err(), serde_json::to_string(&opaque).unwrap_err().to_string()] {
            assert!(
                problem.contains("part `mine` was put in from Rust") && problem.contains("`register`"),
                "{problem}"
            );
        }
    }
}
