//! The commands that the book and the README show are understood.

use crate::cli::Cli;
use clap::Parser;
use std::path::Path;

/// The words of a line, as a shell splits it.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (vec![], None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => break,
            (None, ' ') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Lines of the blocks of a page that are commands, continued ones as one.
fn commands(page: &str) -> Vec<String> {
    let blocks = page.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(|block| block.replace("\\\n", " ").lines().map(str::to_string).collect::<Vec<_>>());
    let commands = lines.filter_map(|line| {
        let line = line.trim_start_matches("$ ").replacen("cargo run --release -- ", "synfire ", 1);
        line.starts_with("synfire ").then_some(line)
    });
    commands.collect()
}

#[test]
fn commands_in_the_pages_are_understood() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let book = std::fs::read_dir(root.join("docs/src")).expect("the book is there").flatten().map(|entry| entry.path());
    let pages = book.chain([root.join("README.md"), root.join("datasets/README.md")]);
    let mut seen = 0;
    for page in pages.filter(|page| page.extension().is_some_and(|extension| extension == "md")) {
        for command in commands(&std::fs::read_to_string(&page).expect("pages are text")) {
            seen += 1;
            // the program without a subcommand, and help, are no errors
            if let Err(error) = Cli::try_parse_from(words(&command)).map_err(|error| (error.use_stderr(), error)) {
                assert!(!error.0, "{}: {command}\n{}", page.display(), error.1);
            }
        }
    }
    assert!(seen > 15, "only {seen} commands were found");
}

#[test]
fn lines_are_split_as_a_shell_does() {
    assert_eq!(words("synfire train  --freeze '*.tau' # why"), ["synfire", "train", "--freeze", "*.tau"]);
    assert_eq!(words(r#"a "b c" ''"#), ["a", "b c", ""]);
}
