//! How the table is written: words like `tauM=decay(tau_m)`.

/// SPAIC's name, and what it is in Synfire: `V` alone, `Vreset=v_reset`, `E=before(e)`, `I=0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    /// SPAIC's name.
    pub(super) spaic: &'a str,
    /// What stands before the parenthesis, if there is one.
    pub(super) form: &'a str,
    /// Our name.
    pub(super) ours: &'a str,
}

impl Word<'_> {
    /// Whether it says that a state of ours is what SPAIC records.
    pub(super) fn is_state(&self) -> bool {
        self.form.is_empty() && self.ours != "0"
    }
}

/// The words of a line.
pub(super) fn words(line: &str) -> impl Iterator<Item = Word<'_>> {
    line.split_whitespace().map(|word| {
        let (spaic, meaning) = word.split_once('=').unwrap_or((word, word));
        match meaning.strip_suffix(')').and_then(|inner| inner.split_once('(')) {
            Some((form, ours)) => Word { spaic, form, ours },
            None => Word { spaic, form: "", ours: meaning },
        }
    })
}

/// The word for one of SPAIC's names.
pub(super) fn find<'a>(line: &'a str, spaic: &str) -> Option<Word<'a>> {
    words(line).find(|word| word.spaic == spaic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read() {
        let line = "V tauM=decay(tau_m)  I=0 v_reset=unused()";
        let of = |spaic: &'static str, form: &'static str, ours: &'static str| Word { spaic, form, ours };
        let expected = [of("V", "", "V"), of("tauM", "decay", "tau_m"), of("I", "", "0"), of("v_reset", "unused", "")];
        assert!(words(line).eq(expected));
        assert_eq!(find(line, "tauM"), Some(expected[1]));
        assert_eq!(find(line, "tau"), None);
    }
}
