//! Text that fits: the SVG renderer's font is unknown, so widths are estimated
//! on the wide side and long names are cut before they leave the picture.

/// The text with every character that XML 1.0 forbids, and every line break,
/// replaced by a space. (`<`, `&` and quotes are escaped by the backend.)
pub(super) fn clean(text: &str) -> String {
    let keep = |c: char| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
    text.chars().map(|c| if keep(c) { c } else { ' ' }).collect()
}

/// Estimated width of `text` at `size`, both px; about DejaVu Sans', the widest
/// of the usual sans-serif fonts.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| em(c) * size).sum()
}

fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' | '·' => 0.33,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' => 0.42,
        'm' | 'M' | 'w' | 'W' | '%' | '@' | '…' => 0.98,
        'A'..='Z' => 0.73,
        c if c.is_ascii() => 0.64,
        // Accented Latin, Greek and Cyrillic; beyond them (CJK, emoji) a full em.
        c if (c as u32) < 0x0590 => 0.75,
        '−' => 0.84,
        _ => 1.1,
    }
}

/// `text`, cut at the end with an ellipsis if it is wider than `room` px.
pub(super) fn fit(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut left = room - width("…", size);
    let mut cut: String = text
        .chars()
        .take_while(|&c| {
            left -= em(c) * size;
            left >= 0.0
        })
        .collect();
    cut.truncate(cut.trim_end().len());
    cut.push('…');
    cut
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
        assert_eq!(fit("short", 12.0, 200.0), "short");
        let cut = fit(&"wide name ".repeat(50), 12.0, 200.0);
        assert!(cut.ends_with('…') && cut.len() > 10);
        assert!(width(&cut, 12.0) <= 200.0);
    }
}
