//! Documentation of fields and variants, read from the library's source.

use std::path::{Path, PathBuf};

/// All source files of the crates `synfire` and `synfire-data`.
pub(super) struct Sources(Vec<(PathBuf, String)>);

/// A field or a variant: its name and its documentation in one line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) doc: String,
}

impl Sources {
    pub(super) fn read() -> Self {
        let mut files = vec![];
        for source in ["../crates/synfire/src", "../crates/synfire-data/src"] {
            gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join(source), &mut files);
        }
        files.sort();
        Sources(files)
    }

    /// Documented items in the body of `pub struct NAME` or `pub enum NAME`, with those of structs it flattens or wraps; of
    /// the text `file` first, if given.
    pub(super) fn items(&self, name: &str, file: Option<&str>) -> Vec<Item> {
        let texts = || file.into_iter().chain(self.0.iter().map(|(_, text)| text.as_str()));
        let body = |text: &str| {
            let at = ["struct", "enum"].iter().find_map(|word| text.find(&format!("pub {word} {name} {{")))?;
            Some(self.body(&text[at..]))
        };
        let wrapped = |text: &str| {
            let start = format!("pub struct {name}(pub ");
            let inner = text[text.find(&start)? + start.len()..].split(')').next()?;
            Some(self.items(inner, None))
        };
        let found = texts().find_map(|text| body(text).or_else(|| wrapped(text)));
        found.unwrap_or_else(|| panic!("no type {name} in the source"))
    }

    /// Whether a component or a model of the library has this name in files.
    pub(super) fn name(&self, name: &str) -> bool {
        let quoted = format!("\"{name}\"");
        let constant = format!("const NAME: &'static str = {quoted};");
        self.0.iter().any(|(path, text)| text.contains(&constant) || is_kind(path) && text.contains(&quoted))
    }

    /// Documentation of the setting `key` of the component whose name in files is `name`.
    pub(super) fn setting(&self, name: &str, key: &str) -> Option<String> {
        let quoted = format!("\"{name}\"");
        let own = |text: &str| {
            let at = text.find(&format!("const NAME: &'static str = {quoted};"))?;
            let head = &text[..at];
            let ty =
                head[head.rfind("impl Named for ").or_else(|| head.rfind("impl Neuron for "))?..].split_whitespace();
            Some(self.items(ty.clone().nth(3)?, Some(text)))
        };
        let find = |items: Vec<Item>| items.into_iter().find(|item| item.name == key).map(|item| item.doc);
        if let Some(items) = self.0.iter().find_map(|(_, text)| own(text)) {
            return find(items);
        }
        // a kind that a macro makes: its fields are documented in the folder where its name stands
        let named = self.0.iter().find(|(path, text)| is_kind(path) && text.contains(&quoted))?;
        let beside = self.0.iter().filter(|(path, _)| path.parent() == named.0.parent());
        beside.map(|(_, text)| find(self.body(text))).find(Option::is_some)?
    }

    /// Items up to the brace that closes the body.
    fn body(&self, text: &str) -> Vec<Item> {
        let (mut items, mut doc, mut flatten) = (vec![], vec![], false);
        for line in text.lines().skip(1) {
            let line = line.trim_end();
            if line == "}" {
                break;
            }
            let line = line.trim_start();
            if let Some(text) = line.strip_prefix("///") {
                doc.push(text.trim().to_string());
            } else if line.starts_with("#[") {
                flatten |= line.contains("flatten");
            } else {
                let field = line.strip_prefix("pub ").unwrap_or(line);
                let name: String = field.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                match field.split_once(": ") {
                    Some((_, ty)) if flatten && !ty.starts_with("Settings") => {
                        items.extend(self.items(ty.trim_end_matches(','), None));
                    }
                    _ if !doc.is_empty() && !name.is_empty() => {
                        items.push(Item { name, doc: sentence(&doc.join(" ")) })
                    }
                    _ => {}
                }
                (doc, flatten) = (vec![], false);
            }
        }
        items
    }
}

fn is_kind(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "layer")
}

/// Without links and the full stop, fit for a table.
fn sentence(doc: &str) -> String {
    let mut text = String::new();
    let mut rest = doc;
    while let Some(at) = rest.find("](") {
        let end = rest[at..].find(')').map_or(rest.len(), |end| at + end + 1);
        text.push_str(&rest[..at]);
        rest = &rest[end..];
        if let Some(open) = text.rfind('[') {
            text.remove(open);
        }
    }
    text.push_str(rest);
    text.trim_end_matches('.').replace('|', "\\|").replace("[`", "`").replace("`]", "`")
}

fn gather(folder: &Path, files: &mut Vec<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).expect("the library's source lies beside the tests").flatten() {
        let path = entry.path();
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push((path.clone(), std::fs::read_to_string(&path).expect("source is text")));
        }
    }
}
