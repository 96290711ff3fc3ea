//! Patterns over parameter names.

/// Whether a pattern names a parameter: `*` stands for any characters, `?` for one, and a last part
/// `tau` for every time constant (`tau_m`, `tau_p`, ..).
///
/// ```
/// use synfire::parameters::matches;
///
/// assert!(matches("*.tau", "layers.1.tau_m"));
/// assert!(matches("layers.0.*", "layers.0.weight"));
/// assert!(!matches("layers.0.*", "layers.10.weight"));
/// ```
#[must_use]
pub fn matches(pattern: &str, name: &str) -> bool {
    let short = name.rsplit_once(".tau_").map(|(layer, _)| format!("{layer}.tau"));
    glob(pattern.as_bytes(), name.as_bytes()) || short.is_some_and(|short| glob(pattern.as_bytes(), short.as_bytes()))
}

/// Linear in the name for each `*`: on a mismatch only the last `*` is tried further.
fn glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star = None;
    while n < name.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(&c) if c == b'?' || c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    (p, n) = (at + 1, from + 1);
                    star = Some((at, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&c| c == b'*')
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        for (pattern, name, expected) in [
            ("*", "layers.0.weight", true),
            ("layers.?.bias", "layers.2.bias", true),
            ("layers.?.bias", "layers.12.bias", false),
            ("*.tau_p", "layers.1.tau_p", true),
            ("*.tau_p", "layers.1.tau_m", false),
            ("*tau*", "layers.1.tau_m", true),
            ("*.v0", "layers.1.v0", true),
            ("weight", "layers.0.weight", false),
            ("*a*b*c", "xxaxxbxxcxxc", true),
            ("", "x", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} on {name}");
        }
    }
}
