//! Text at the beginning of files.

/// The first line, or what is there of it; empty if it is no text.
pub(super) fn first_line(head: &[u8]) -> &str {
    let end = head.iter().position(|&byte| byte == b'\n').unwrap_or(head.len());
    let line = head[..end].strip_prefix(b"\xef\xbb\xbf").unwrap_or(&head[..end]);
    let line = std::str::from_utf8(line).unwrap_or_default().trim_end();
    if line.chars().any(|c| c.is_control() && c != '\t') { "" } else { line }
}
