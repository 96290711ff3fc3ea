//! Running the program as a user does.
#![allow(dead_code)] // each test file uses a part of it

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Output and exit code of a run of the program.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// The last two lines of stdout.
    pub(crate) fn last_two(&self) -> [&str; 2] {
        let lines: Vec<&str> = self.stdout.lines().collect();
        assert!(lines.len() >= 2, "stdout has fewer than two lines: {}", self.stdout);
        [lines[lines.len() - 2], lines[lines.len() - 1]]
    }

    /// The number that follows `name` in a line of stdout.
    pub(crate) fn number(&self, name: &str) -> f64 {
        let line = self.stdout.lines().find(|line| line.trim_start().starts_with(name));
        let rest = line.and_then(|line| line.trim_start().strip_prefix(name));
        let number = rest.and_then(|rest| rest.split_whitespace().next()).and_then(|number| number.parse().ok());
        number.unwrap_or_else(|| panic!("no `{name} NUMBER` in: {}", self.stdout))
    }
}

/// The program, to be run in `folder` with the arguments in `line`, separated by spaces.
pub(crate) fn command(folder: &Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_synfire"));
    command.args(line.split_whitespace()).current_dir(folder).env_remove("RUST_LOG").env_remove("RUST_BACKTRACE");
    command
}

/// Runs the program.
pub(crate) fn run(folder: &Path, line: &str) -> Ran {
    let output = command(folder, line).output().expect("the program starts");
    Ran {
        code: output.status.code().expect("the program ends by itself"),
        stdout: String::from_utf8(output.stdout).expect("stdout is text"),
        stderr: String::from_utf8(output.stderr).expect("stderr is text"),
    }
}

/// Runs the program, which must succeed.
pub(crate) fn succeed(folder: &Path, line: &str) -> Ran {
    let ran = run(folder, line);
    assert_eq!(ran.code, 0, "synfire {line}\n{}", ran.stderr);
    ran
}

/// Everything below a folder: files with their content, folders with none.
pub(crate) fn contents(folder: &Path) -> BTreeMap<String, Option<Vec<u8>>> {
    fn add(folder: &Path, name: &str, all: &mut BTreeMap<String, Option<Vec<u8>>>) {
        for entry in std::fs::read_dir(folder).expect("the folder can be listed").flatten() {
            let name = format!("{name}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                add(&entry.path(), &name, all);
                all.insert(name, None);
            } else {
                all.insert(name, Some(std::fs::read(entry.path()).expect("the file can be read")));
            }
        }
    }
    let mut all = BTreeMap::new();
    add(folder, "", &mut all);
    all
}

/// A small network on the built-in digits. The learning rate stays the same, so that a training that
/// was extended is the same as a longer one.
pub(crate) const SMALL: &str = r#"
[training]
epochs = 2
batch_size = 64
learning_rate = 1e-2
validation = 0.1

[network]
steps = 5
[[network.layers]]
linear = 24
[[network.layers]]
neuron = "plif"
v_th = 0.5
[[network.layers]]
linear = "classes"
[[network.layers]]
neuron = "plif"
v_th = 0.5
"#;
