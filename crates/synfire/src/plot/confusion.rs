//! A confusion matrix.

use super::axis::Axis;
use super::picture::{Frame, Mark, Panel, Picture};
use super::{style, text};
use std::collections::{BTreeMap, BTreeSet};

/// Matrices of up to so many classes have a number in every cell, and a label for each class.
const MOST_NUMBERS: usize = 24;
/// Cells that are drawn at most: those with the most samples.
const MOST_CELLS: usize = 20_000;
const MOST_MISTAKES: usize = 8;
const SIDE: i32 = 1000;

/// Draws which classes a model takes for which: a row for each class, a column for each answer. Shades are shares of
/// the row, blue on the diagonal, where the answer is right, and orange off it; up to 24 classes have the number of
/// samples in each cell and the share of right answers beside each row.
#[must_use]
pub fn confusion_matrix(title: &str, confusion: &BTreeMap<i64, BTreeMap<i64, usize>>) -> Picture {
    let classes: BTreeSet<i64> =
        confusion.iter().flat_map(|(class, row)| row.keys().copied().chain([*class])).collect();
    let place: BTreeMap<i64, usize> = classes.iter().enumerate().map(|(i, class)| (*class, i)).collect();
    if classes.is_empty() {
        return Picture::no_data(title);
    }
    let has_numbers = classes.len() <= MOST_NUMBERS;
    let widest = classes.iter().map(|class| text::width(&class.to_string(), style::LABEL)).max().unwrap_or(0);
    let stride = (classes.len() * (widest as usize + 12)).div_ceil(SIDE as usize).max(1);
    let labels =
        || classes.iter().enumerate().step_by(stride).map(|(i, class)| (i as f64, class.to_string())).collect();
    let side = if has_numbers { (classes.len() as i32 * 72).clamp(260, SIDE) } else { SIDE };
    let x = Axis::places(classes.len(), labels(), false).named("predicted class");
    let y = Axis::places(classes.len(), labels(), true).named("class of the sample");
    let mut panel = Panel::new(Frame::row(style::TITLE_ROOM, side + style::X_ROOM + 8), "", x, y);
    panel.has_grid = false;
    panel.right_room = (panel.frame.width - panel.label_room - side).max(0);
    let mut cells: Vec<(usize, Mark)> = vec![];
    for (class, row) in confusion {
        let samples = row.values().sum::<usize>().max(1);
        for (answer, &count) in row.iter().filter(|(_, count)| **count > 0) {
            let share = count as f64 / samples as f64;
            let (column, row) = (place[answer] as f64, place[class] as f64);
            // a single sample is to be seen
            let shade = 0.12 + 0.88 * share;
            cells.push((
                count,
                Mark::Cell {
                    from: (column - 0.5, row - 0.5),
                    to: (column + 0.5, row + 0.5),
                    color: if class == answer { style::blue(shade) } else { style::orange(shade) },
                    text: if has_numbers { count.to_string() } else { String::new() },
                    dark: share > 0.5,
                },
            ));
        }
        if has_numbers {
            let right = row.get(class).copied().unwrap_or(0) as f64 / samples as f64;
            let text = format!("{:.1} % right", right * 100.0);
            cells.push((usize::MAX, Mark::Beside { row: place[class] as f64, text, color: style::MUTED }));
        }
    }
    if cells.len() > MOST_CELLS {
        cells.sort_by_key(|cell| std::cmp::Reverse(cell.0));
        cells.truncate(MOST_CELLS);
    }
    panel.marks = cells.into_iter().map(|(_, mark)| mark).collect();
    let left = panel.frame.left + panel.label_room + side + if has_numbers { 220 } else { 40 };
    Picture::new(title, [Some(panel), mistakes(confusion, left)].into_iter().flatten().collect())
}

/// The most frequent mistakes, in words.
fn mistakes(confusion: &BTreeMap<i64, BTreeMap<i64, usize>>, left: i32) -> Option<Panel> {
    let of_class = |(class, row): (&i64, &BTreeMap<i64, usize>)| {
        let class = *class;
        row.iter()
            .filter(move |(answer, _)| **answer != class)
            .map(move |(answer, count)| (*count, class, *answer))
            .collect()
    };
    let mut mistakes: Vec<(usize, i64, i64)> = confusion.iter().flat_map::<Vec<_>, _>(of_class).collect();
    mistakes.retain(|(count, _, _)| *count > 0);
    mistakes.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    mistakes.truncate(MOST_MISTAKES);
    if mistakes.is_empty() {
        return None;
    }
    let width = style::WIDTH - style::MARGIN - left;
    let height = style::HEADING_ROOM + 6 + mistakes.len() as i32 * 36;
    let frame = Frame { left, top: style::TITLE_ROOM, width, height };
    let axis = |count, down| Axis::places(count, vec![], down).without_labels();
    let mut panel = Panel::new(frame, "Most frequent mistakes", axis(1, false), axis(mistakes.len(), true));
    (panel.is_bare, panel.label_room, panel.right_room) = (true, 0, width - 1);
    let words = |(row, (count, class, answer)): (usize, (usize, i64, i64))| Mark::Beside {
        row: row as f64,
        text: format!("{class} taken for {answer}: {count}"),
        color: style::MUTED,
    };
    panel.marks = mistakes.into_iter().enumerate().map(words).collect();
    Some(panel)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::xml_check::assert_well_formed;

    fn confusion(pairs: &[(i64, i64, usize)]) -> BTreeMap<i64, BTreeMap<i64, usize>> {
        let mut confusion = BTreeMap::<i64, BTreeMap<i64, usize>>::new();
        pairs.iter().for_each(|&(class, answer, count)| {
            confusion.entry(class).or_default().insert(answer, count);
        });
        confusion
    }

    fn cells(picture: &Picture) -> Vec<(f64, f64, &str)> {
        let marks = picture.panels[0].marks.iter();
        let cells = marks.filter_map(|mark| match mark {
            Mark::Cell { from, text, .. } => Some((from.0 + 0.5, from.1 + 0.5, text.as_str())),
            _ => None,
        });
        cells.collect()
    }

    #[test]
    fn counts_stand_in_row_and_column() {
        let picture = confusion_matrix("C", &confusion(&[(0, 0, 30), (0, 7, 10), (3, 3, 5)]));
        // classes 0, 3 and 7, the last one only among the answers
        assert_eq!(picture.panels[0].x.labels(), ["0", "3", "7"]);
        assert_eq!(cells(&picture), [(0.0, 0.0, "30"), (2.0, 0.0, "10"), (1.0, 1.0, "5")]);
        let svg = picture.svg();
        assert_well_formed(&svg);
        assert!(svg.contains("75.0 % right") && svg.contains("100.0 % right"));
    }

    #[test]
    fn the_most_frequent_mistakes_are_said() {
        let picture = confusion_matrix("C", &confusion(&[(0, 0, 30), (0, 7, 10), (3, 3, 5), (3, 0, 12)]));
        let marks = picture.panels[1].marks.iter();
        let words = marks.map(|mark| if let Mark::Beside { text, .. } = mark { text.as_str() } else { "" });
        assert_eq!(words.collect::<Vec<_>>(), ["3 taken for 0: 12", "0 taken for 7: 10"]);
        assert_eq!(confusion_matrix("C", &confusion(&[(0, 0, 30)])).panels.len(), 1);
    }

    #[test]
    fn many_classes_have_no_numbers() {
        let pairs: Vec<(i64, i64, usize)> = (0..500).map(|class| (class, (class * 7) % 500, 3)).collect();
        let picture = confusion_matrix("Many", &confusion(&pairs));
        assert_well_formed(&picture.svg());
        assert!(cells(&picture).iter().all(|(_, _, text)| text.is_empty()));
        assert!(picture.panels[0].x.labels().len() <= 25);
        assert!(confusion_matrix("None", &BTreeMap::new()).svg().contains("no data"));
    }
}
