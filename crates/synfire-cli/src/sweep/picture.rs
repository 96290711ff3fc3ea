//! Pictures of a sweep: its measure against each key with numbers.

use super::folder::SweepFolder;
use super::plan::Plan;
use super::table::{PointRow, SweepTable, word};
use synfire::plot::{Curve, MOST_CURVES, Picture, relation};

/// Ratio of the largest to the smallest value of a key from which its axis is logarithmic.
const WIDE: f64 = 20.0;

/// Points of a key's value and the measure, for one choice of the other keys.
type Points = Vec<(f64, f64)>;

/// Writes a picture `KEY.svg` for each key with at least two numbers.
pub(super) fn write(folder: &SweepFolder, plan: &Plan, table: &SweepTable) -> anyhow::Result<()> {
    for key in &plan.keys {
        if let Some(picture) = picture(key, plan.is_random, table) {
            folder.write(&format!("{key}.svg"), picture.svg())?;
        }
    }
    Ok(())
}

/// A curve for each choice of the other keys, the best of them; dots for the points of a random search, whose other keys are
/// rarely the same. `None` if all values are the same.
fn picture(key: &str, is_random: bool, table: &SweepTable) -> Option<Picture> {
    let mut curves = curves(key, table);
    let values = || curves.iter().flat_map(|(_, points)| points.iter().map(|point| point.0));
    let (smallest, largest) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    if smallest >= largest {
        return None;
    }
    let mut x_name = key.to_string();
    if smallest > 0.0 && largest >= WIDE * smallest {
        x_name = format!("log10 of {key}");
        curves.iter_mut().flat_map(|(_, points)| points).for_each(|point| point.0 = point.0.log10());
    }
    let mut title = format!("{} by {key}", table.measure());
    if is_random {
        // a missing value after each point, so that no line joins them
        let dots = curves.drain(..).flat_map(|(_, points)| points).flat_map(|(x, y)| [(x, y), (x, f64::NAN)]);
        curves = vec![(String::new(), dots.collect())];
    } else if curves.len() > MOST_CURVES {
        title += &format!(", best {MOST_CURVES} choices of the other keys");
        curves.truncate(MOST_CURVES);
    }
    let curves: Vec<Curve<'_>> = curves.iter().map(|(name, points)| Curve { name, points }).collect();
    Some(relation(&title, &x_name, table.measure(), &curves))
}

/// Points of each choice of the other keys, in the order of the table: the best first.
fn curves(key: &str, table: &SweepTable) -> Vec<(String, Points)> {
    let mut curves: Vec<(String, Points)> = vec![];
    for point in &table.points {
        let value = point.settings.get(key).and_then(|value| value.as_float().or(value.as_integer().map(|i| i as f64)));
        if let (Some(value), Some(measure)) = (value, point.measure) {
            let name = others(key, point);
            let measured = (value, table.in_unit(measure));
            match curves.iter_mut().find(|(other, _)| *other == name) {
                Some((_, points)) => points.push(measured),
                None => curves.push((name, vec![measured])),
            }
        }
    }
    curves.iter_mut().for_each(|(_, points)| points.sort_by(|a, b| a.0.total_cmp(&b.0)));
    curves
}

/// The other keys of a point, each by the last part of its name.
fn others(key: &str, point: &PointRow) -> String {
    let name = |name: &str| {
        let mut parts = name.rsplit('.').filter(|part| *part != "value");
        parts.next().unwrap_or(name).to_string()
    };
    let others = point.settings.iter().filter(|(other, _)| *other != key);
    others.map(|(other, value)| format!("{} {}", name(other), word(value))).collect::<Vec<_>>().join(", ")
}
