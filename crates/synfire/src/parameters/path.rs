//! The way to a parameter through the modules around it.

/// Names of the modules that a visitor is in.
#[derive(Debug, Default)]
pub(crate) struct Path(Vec<Option<String>>);

impl Path {
    pub(crate) fn enter(&mut self, name: &str, container: &str) {
        // a variant says which type a field has, not which field it is
        self.0.push((!container.starts_with("Enum:")).then(|| name.to_string()));
    }

    pub(crate) fn exit(&mut self) {
        self.0.pop();
    }

    /// `layers.0.weight`
    pub(crate) fn name(&self) -> String {
        self.0.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(".")
    }
}

/// The two methods of Burn's visitors and mappers that follow the path.
macro_rules! follow_path {
    () => {
        fn enter_module(&mut self, name: &str, container: &str) {
            self.path.enter(name, container);
        }

        fn exit_module(&mut self, _: &str, _: &str) {
            self.path.exit();
        }
    };
}

pub(crate) use follow_path;
