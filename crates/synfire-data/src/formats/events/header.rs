//! Headers of Prophesee's files: lines of text that begin with `%`.

use crate::bytes::Bytes;

/// The lines of a header and what they say of the sensor.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// All lines in lower case.
    text: String,
}

impl Header {
    /// Reads the lines at the beginning, up to the first that begins otherwise or says that it is the last.
    pub(super) fn read(bytes: &mut Bytes<'_>) -> Self {
        let mut header = Header::default();
        while let Some(line) = bytes.line(b'%') {
            let line = String::from_utf8_lossy(line).to_lowercase();
            let is_last = line.trim() == "% end";
            header.text += line.trim();
            header.text.push('\n');
            if is_last {
                break;
            }
        }
        header
    }

    /// The header at the beginning of a file.
    pub(super) fn peek(head: &[u8]) -> Self {
        Self::read(&mut Bytes::new("", head))
    }

    /// Whether a line says that the file has this format: `% evt 3.0`, `% format EVT3;height=720;width=1280`.
    pub(super) fn is(&self, version: char) -> bool {
        self.text.lines().any(|line| {
            line.starts_with(&format!("% evt {version}")) || line.starts_with(&format!("% format evt{version}"))
        })
    }

    /// Whether there is a header at all.
    pub(super) fn is_there(&self) -> bool {
        !self.text.is_empty()
    }

    /// Height and width, from `% geometry 640x480`, `% height 480` and `% width 640`, or `height=720;width=1280`.
    pub(super) fn sensor(&self) -> Option<[usize; 2]> {
        let number = |text: &str| text.trim().parse::<usize>().ok().filter(|side| (1..=1 << 14).contains(side));
        if let Some(geometry) = self.text.lines().find_map(|line| line.strip_prefix("% geometry")) {
            let (width, height) = geometry.trim().split_once('x')?;
            return Some([number(height)?, number(width)?]);
        }
        let side = |name: &str| {
            let parts = self.text.lines().flat_map(|line| line.trim_start_matches(['%', ' ']).split(';'));
            parts.into_iter().find_map(|part| number(part.trim().strip_prefix(name)?.trim_start_matches(['=', ' '])))
        };
        Some([side("height")?, side("width")?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_sizes() {
        let new = Header::peek(b"% date 2024\n% evt 3.0\n% format EVT3;height=720;width=1280\n% end\n\x00\x80");
        assert!(new.is('3') && !new.is('2'));
        assert_eq!(new.sensor(), Some([720, 1280]));
        assert_eq!(Header::peek(b"% evt 2.0\n% geometry 640x480\n").sensor(), Some([480, 640]));
        let dat = Header::peek(b"% Data file containing CD events.\n% Height 240\n% Width 304\n\x0c\x08");
        assert_eq!(dat.sensor(), Some([240, 304]));
        assert!(!Header::peek(b"RIFF").is_there());
    }
}
