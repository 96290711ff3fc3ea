//! The choices of a sweep: a value for each key.

use super::settings::{Range, Search, Values};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use toml::Value;

/// A value for each key, in the order of the keys.
pub(super) type Point = Vec<(String, Value)>;

/// All points of a search.
pub(super) fn of(keys: &BTreeMap<String, Values>, search: Search) -> Vec<Point> {
    match search {
        Search::Grid => grid(keys),
        Search::Random { random, seed } => {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            (0..random)
                .map(|_| keys.iter().map(|(key, values)| (key.clone(), draw(values, &mut rng))).collect())
                .collect()
        }
    }
}

/// All combinations; the last key changes fastest.
fn grid(keys: &BTreeMap<String, Values>) -> Vec<Point> {
    keys.iter().fold(vec![vec![]], |points, (key, values)| {
        let Values::List(values) = values else { return points };
        let with = |point: &Point, value: &Value| [point.as_slice(), &[(key.clone(), value.clone())]].concat();
        points.iter().flat_map(|point| values.iter().map(move |value| with(point, value))).collect()
    })
}

fn draw(values: &Values, rng: &mut ChaCha8Rng) -> Value {
    let &Range { from, to, log, whole } = match values {
        Values::List(values) => return values[rng.random_range(0..values.len())].clone(),
        Values::Range(range) => range,
    };
    let share: f64 = rng.random();
    let value = match log {
        true => (from.ln() + share * (to / from).ln()).exp(),
        false => from + share * (to - from),
    };
    match whole {
        true => Value::Integer(value.round() as i64),
        false => Value::Float(four_digits(value)),
    }
}

/// The value to four digits: enough to search with, and short to read.
fn four_digits(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> BTreeMap<String, Values> {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_grid_has_all_combinations() {
        let points = of(&keys("a = [1, 2]\nb = [\"x\", \"y\", \"z\"]"), Search::Grid);
        let text: Vec<String> = points.iter().map(|point| format!("{}{}", point[0].1, point[1].1)).collect();
        assert_eq!(text, ["1\"x\"", "1\"y\"", "1\"z\"", "2\"x\"", "2\"y\"", "2\"z\""]);
    }

    #[test]
    fn random_points_lie_in_their_ranges_and_follow_from_the_seed() {
        let keys =
            keys("a = { from = 1e-4, to = 1e-2, log = true }\nb = { from = 2, to = 9, whole = true }\nc = [true]");
        let search = |seed| of(&keys, Search::Random { random: 200, seed });
        let points = search(3);
        assert_eq!((points.len(), points == search(3), points == search(4)), (200, true, false));
        let below = points.iter().filter(|point| point[0].1.as_float().unwrap() < 1e-3).count();
        assert!((70..130).contains(&below), "{below} of 200 in the lower half of the logarithms");
        for point in &points {
            assert!((1e-4..=1e-2).contains(&point[0].1.as_float().unwrap()));
            assert!((2..=9).contains(&point[1].1.as_integer().unwrap()));
            assert_eq!(point[2].1, Value::Boolean(true));
        }
        assert_eq!(four_digits(0.001_234_56), 0.001_235);
    }
}
