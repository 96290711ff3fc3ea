//! The page of neuron models in the book is what the program prints.

mod common;

use std::path::Path;

#[test]
fn the_page_is_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/src/models.md")).expect("docs/src/models.md is there");
    let printed = common::succeed(&root, "models --markdown").stdout;
    let differs = page.lines().zip(printed.lines()).find(|(page, printed)| page != printed);
    assert!(
        page == printed,
        "docs/src/models.md is not what the models say, first in {differs:?}; refresh it with\n\
         cargo run -p synfire-cli -- models --markdown > docs/src/models.md"
    );
}
