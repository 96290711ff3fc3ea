//! Pictures of a sweep: its measure against each key with numbers.

use super::folder::SweepFolder;
use super::plan::Plan;
use super::table::{PointRow, SweepTable, word};
use std::collections::BTreeMap;
use synfire::plot::{Curve, relation};

/// Writes a picture `KEY.svg` for each key with at least two numbers: a curve for each choice of the other keys.
pub(super) fn write(folder: &SweepFolder, plan: &Plan, table: &SweepTable) -> anyhow::Result<()> {
    for key in &plan.keys {
        let curves = curves(key, table);
        if !curves.values().any(|points| points.len() > 1) {
            continue;
        }
        let curves: Vec<Curve<'_>> = curves.iter().map(|(name, points)| Curve { name, points }).collect();
        let picture = relation(&format!("{} by {key}", table.measure()), key, table.measure(), &curves);
        folder.write(&format!("{key}.svg"), picture.svg())?;
    }
    Ok(())
}

/// Points of a key's value and the measure, by the other keys' values.
fn curves(key: &str, table: &SweepTable) -> BTreeMap<String, Vec<(f64, f64)>> {
    let mut curves: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for point in &table.points {
        let value = point.settings.get(key).and_then(|value| value.as_float().or(value.as_integer().map(|i| i as f64)));
        if let (Some(value), Some(measure)) = (value, point.measure) {
            curves.entry(others(key, point)).or_default().push((value, table.in_unit(measure)));
        }
    }
    curves.values_mut().for_each(|points| points.sort_by(|a, b| a.0.total_cmp(&b.0)));
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
