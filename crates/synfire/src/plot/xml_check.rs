//! A check for tests: are the tags of an SVG document balanced?

/// Panics unless `svg` is one element with balanced tags and escaped text.
pub(super) fn assert_well_formed(svg: &str) {
    let mut open = Vec::new();
    let mut rest = svg.trim();
    let mut roots = 0;
    while let Some(start) = rest.find('<') {
        assert!(start == 0 || !open.is_empty() || rest[..start].trim().is_empty());
        assert_escaped(&rest[..start]);
        let end = start + rest[start..].find('>').expect("a tag that never ends");
        let tag = &rest[start + 1..end];
        assert!(!tag.contains('<'), "tag within a tag: {tag}");
        assert_escaped(tag);
        assert_eq!(tag.matches('"').count() % 2, 0, "odd quotes: {tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closes what is not open");
        } else {
            roots += usize::from(open.is_empty());
            let name = tag.split_whitespace().next().unwrap_or_default();
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        rest = &rest[end + 1..];
    }
    assert!(rest.trim().is_empty() && open.is_empty(), "left open: {open:?}");
    assert_eq!(roots, 1);
    assert!(!svg.contains("NaN") && !svg.contains("inf\""));
}

fn assert_escaped(text: &str) {
    for part in text.split('&').skip(1) {
        let entity = part.split(';').next().unwrap_or_default();
        assert!(["lt", "gt", "amp", "quot", "apos"].contains(&entity), "bare &: {text}");
    }
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
}

#[test]
#[should_panic(expected = "closes what is not open")]
fn crossed_tags_are_found() {
    assert_well_formed("<svg><a><b></a></b></svg>");
}

#[test]
#[should_panic(expected = "left open")]
fn open_tags_are_found() {
    assert_well_formed("<svg><rect/>");
}
