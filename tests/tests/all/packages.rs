//! What crates.io and a new user ask of the packages.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// What Cargo knows of the workspace's packages.
fn metadata() -> Value {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let out = cargo.args(["metadata", "--no-deps", "--format-version=1"]).current_dir(root()).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a Vec<Value> {
    value[key].as_array().unwrap_or_else(|| panic!("cargo metadata has no list `{key}`"))
}

#[test]
fn published_packages_are_complete() {
    let metadata = metadata();
    let published: Vec<&Value> =
        list(&metadata, "packages").iter().filter(|package| package["publish"].is_null()).collect();
    let mut names: Vec<&str> = published.iter().filter_map(|package| package["name"].as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "synfire",
            "synfire-cli",
            "synfire-data",
            "synfire-dynamics",
            "synfire-int8",
            "synfire-mpi",
            "synfire-nir",
            "synfire-view"
        ]
    );
    for package in published {
        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
        for key in ["description", "license", "repository", "homepage", "documentation", "readme", "rust_version"] {
            assert!(package[key].is_string(), "{}: no `{key}`", folder.display());
        }
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let own = std::fs::read(folder.join(licence)).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
            assert!(own == std::fs::read(root().join(licence)).unwrap(), "{}: another {licence}", folder.display());
        }
        // what lies outside the folder does not travel
        for target in list(package, "targets") {
            let source = target["src_path"].as_str().unwrap();
            assert!(Path::new(source).starts_with(folder), "{source} lies outside the package");
        }
    }
}

/// `cargo run -- train` is the README's first command: it must not have to be told which program.
#[test]
fn cargo_run_finds_one_program() {
    let metadata = metadata();
    let defaults = list(&metadata, "workspace_default_members");
    let packages = list(&metadata, "packages").iter().filter(|package| defaults.contains(&package["id"]));
    let targets = packages.flat_map(|package| list(package, "targets"));
    let programs: Vec<&Value> =
        targets.filter(|t| list(t, "kind").contains(&"bin".into())).map(|t| &t["name"]).collect();
    assert_eq!(programs, ["synfire"]);
}
