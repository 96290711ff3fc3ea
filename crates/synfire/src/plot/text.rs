//! Text that fits: the font of an SVG is the viewer's, so widths are estimated on the wide side and long names are cut.

/// The text with every character that XML 1.0 forbids, and every line break, replaced by a space. (`<`, `&` and quotes
/// are escaped by the backend.)
pub(super) fn clean(text: &str) -> String {
    let keep = |c: char| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
    text.chars().map(|c| if keep(c) { c } else { ' ' }).collect()
}

/// Estimated width of `text` at `size`, both px: that of a monospaced font, in which PNG pictures are written, and no
/// less than that of the usual sans-serif fonts.
pub(super) fn width(text: &str, size: f64) -> i32 {
    let em = |c: char| if (c as u32) < 0x2E80 { 0.62 } else { 1.1 };
    (text.chars().map(em).sum::<f64>() * size).ceil() as i32
}

/// `text`, cut at the end with an ellipsis if it is wider than `room` px.
pub(super) fn fit(text: &str, size: f64, room: i32) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut cut: Vec<char> = text.chars().collect();
    while !cut.is_empty() && width(&cut.iter().collect::<String>(), size) + width("…", size) > room {
        // long names in few steps
        cut.truncate((cut.len() * 7 / 8).max(cut.len().saturating_sub(64)).min(cut.len() - 1));
    }
    cut.iter().collect::<String>().trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters_become_spaces() {
        assert_eq!(clean("a\0b\nc\u{FFFF}d<é"), "a b c d<é");
    }

    #[test]
    fn long_text_is_cut_to_the_room_and_short_text_kept() {
        assert_eq!(fit("short", 12.0, 200), "short");
        let cut = fit(&"wide name ".repeat(50), 12.0, 200);
        assert!(cut.ends_with('…') && cut.len() > 10);
        assert!(width(&cut, 12.0) <= 200);
    }
}
