//! A graph of nodes, from the top to the bottom.

use super::axis::Axis;
use super::picture::{Frame, Mark, Panel, Picture, Point};
use super::{style, text};
use std::collections::BTreeMap;

/// A node of a [`graph`].
#[derive(Clone, Debug, PartialEq)]
pub struct GraphNode {
    /// Words in its box.
    pub name: String,
    /// Words at the right, beside those of other nodes of the same row.
    pub note: String,
    /// Indices of the nodes that it listens to.
    pub inputs: Vec<usize>,
}

impl GraphNode {
    /// A node with the shapes of its input and output as its note, and no inputs yet.
    #[must_use]
    pub fn with_shapes(name: impl Into<String>, input: &[usize], output: &[usize]) -> Self {
        let note = if input == output { format!("{output:?}") } else { format!("{input:?} to {output:?}") };
        GraphNode { name: name.into(), note, inputs: vec![] }
    }
}

/// Height of a row.
const ROW: i32 = 76;
/// Rows and columns that are drawn at most.
const MOST_ROWS: usize = 60;
const MOST_COLUMNS: usize = 8;
/// Half of a box, in rows and columns.
const HALF: Point = (0.42, 0.27);

/// A box in the picture.
#[derive(Clone, Copy)]
struct Place {
    row: usize,
    column: usize,
}

/// Draws nodes as boxes, each below those that it listens to; connections that go back up, or past other rows, run at the
/// right, those that go up dashed. Of more than 60 rows of 8 nodes the first are drawn. Indices of no node are left out.
#[must_use]
pub fn graph(title: &str, nodes: &[GraphNode]) -> Picture {
    let rows = rows(nodes);
    let places = places(&rows);
    let (mut last, mut columns) = (0, 1);
    for place in places.iter().flatten() {
        (last, columns) = (last.max(place.row), columns.max(place.column + 1));
    }
    if nodes.is_empty() {
        return Picture::no_data(title);
    }
    let drawn = places.iter().flatten().count();
    let bypasses = nodes.iter().zip(&places).flat_map(|(node, to)| node.inputs.iter().map(move |from| (from, to)));
    let bypasses = bypasses.filter(|(from, to)| is_bypass(places.get(**from).copied().flatten(), **to)).count();
    // lanes at the right of the boxes
    let lanes = bypasses.min(12) as f64;
    let right = columns as f64 - 0.5 + LANE * (lanes + 1.0);
    let y = Axis::places(last + 1, vec![], true);
    let x = Axis::new((-0.5, right), 1, 0.0);
    let mut panel = Panel::new(Frame::row(style::TITLE_ROOM, ROW * (last as i32 + 1) + 8), "", x, y);
    panel.is_bare = true;
    let notes: Vec<String> = (0..=last).map(|row| note(row, nodes, &places)).collect();
    panel.right_room = notes.iter().map(|note| text::width(note, style::LABEL)).max().unwrap_or(0).min(900) + 24;
    let room = f64::from(style::WIDTH - 2 * style::MARGIN - panel.right_room) * 2.0 * HALF.0 / (right + 0.5);
    let mut lane = 0;
    for (node, to) in nodes.iter().zip(&places) {
        let Some(to) = *to else { continue };
        for from in node.inputs.iter().filter_map(|&from| places.get(from).copied().flatten()) {
            let at = columns as f64 - 0.5 + LANE * (1 + lane % 12) as f64;
            lane += usize::from(is_bypass(Some(from), Some(to)));
            panel.marks.extend(connection(from, to, at));
        }
    }
    for (node, place) in nodes.iter().zip(&places) {
        let Some(Place { row, column }) = *place else { continue };
        let (x, y) = (column as f64, row as f64);
        panel.marks.push(Mark::Cell {
            from: (x - HALF.0, y - HALF.1),
            to: (x + HALF.0, y + HALF.1),
            color: style::blue(0.12),
            text: text::fit(&text::clean(&node.name), style::LABEL, room as i32 - 8),
            dark: false,
        });
    }
    for (row, note) in notes.into_iter().enumerate() {
        panel.marks.push(Mark::Beside {
            row: row as f64,
            text: text::fit(&note, style::LABEL, 900),
            color: style::MUTED,
        });
    }
    let left_out = nodes.len() - drawn;
    let title = if left_out == 0 { title.to_string() } else { format!("{title}, without {left_out} more nodes") };
    Picture::new(&title, vec![panel])
}

/// Distance of two lanes, in columns.
const LANE: f64 = 0.06;

/// Row of each node: one below the lowest of those that it listens to, but for the way back of a cycle.
fn rows(nodes: &[GraphNode]) -> Vec<usize> {
    let order = order(nodes);
    let mut rows: Vec<Option<usize>> = vec![None; nodes.len()];
    for node in order {
        // those without a row yet come later: the connection leads back
        let above = nodes[node].inputs.iter().filter_map(|&input| rows.get(input).copied().flatten()).max();
        rows[node] = Some(above.map_or(0, |above| above + 1));
    }
    rows.into_iter().flatten().collect()
}

/// The nodes, each after those that it listens to but for the way back of a cycle: depth first from those without inputs.
fn order(nodes: &[GraphNode]) -> Vec<usize> {
    let mut listeners: Vec<Vec<usize>> = vec![vec![]; nodes.len()];
    for (to, node) in nodes.iter().enumerate().rev() {
        for &from in node.inputs.iter().filter(|&&from| from < nodes.len()) {
            listeners[from].push(to);
        }
    }
    let (mut seen, mut finished) = (vec![false; nodes.len()], vec![]);
    let first = (0..nodes.len()).filter(|&node| nodes[node].inputs.is_empty());
    for start in first.chain(0..nodes.len()) {
        let mut way = vec![];
        if !std::mem::replace(&mut seen[start], true) {
            way.push(start);
        }
        while let Some(&node) = way.last() {
            match listeners[node].pop() {
                Some(next) if std::mem::replace(&mut seen[next], true) => {}
                Some(next) => way.push(next),
                None => {
                    finished.push(node);
                    way.pop();
                }
            }
        }
    }
    finished.reverse();
    finished
}

/// Places of the nodes; none of those that there is no room for.
fn places(rows: &[usize]) -> Vec<Option<Place>> {
    let mut taken = BTreeMap::<usize, usize>::new();
    let place = |&row: &usize| {
        let column = taken.entry(row).or_default();
        let place = Place { row, column: *column };
        *column += 1;
        (row < MOST_ROWS && place.column < MOST_COLUMNS).then_some(place)
    };
    rows.iter().map(place).collect()
}

/// Whether a connection is not from a row to the next.
fn is_bypass(from: Option<Place>, to: Option<Place>) -> bool {
    from.zip(to).is_some_and(|(from, to)| to.row != from.row + 1)
}

/// Lines of a connection, with an arrow at its end; `lane` is the place at the right of one that goes another way.
fn connection(from: Place, to: Place, lane: f64) -> Vec<Mark> {
    let color = style::AXIS;
    let (below, above) = ((from.column as f64, from.row as f64 + HALF.1), (to.column as f64, to.row as f64 - HALF.1));
    if !is_bypass(Some(from), Some(to)) {
        return [vec![Mark::Line { points: vec![below, above], color }], arrow(above, (0.0, -1.0))].concat();
    }
    // out at the right, a little below the middle, in a little above it
    let out = (from.column as f64 + HALF.0, from.row as f64 + HALF.1 / 2.0);
    let into = (to.column as f64 + HALF.0, to.row as f64 - HALF.1 / 2.0);
    let way = [out, (lane, out.1), (lane, into.1), into];
    let is_back = to.row <= from.row;
    let lines = match is_back {
        true => way.windows(2).map(|ends| Mark::Dashed { from: ends[0], to: ends[1], color }).collect(),
        false => vec![Mark::Line { points: way.to_vec(), color }],
    };
    [lines, arrow(into, (1.0, 0.0))].concat()
}

/// The two strokes of an arrow that comes from a side.
fn arrow((x, y): Point, side: Point) -> Vec<Mark> {
    let (long, wide) = ((0.03 * side.0, 0.1 * side.1), (0.015 * side.1, 0.06 * side.0));
    let end = |sign: f64| (x + long.0 + sign * wide.0, y + long.1 + sign * wide.1);
    let stroke = |sign: f64| Mark::Line { points: vec![(x, y), end(sign)], color: style::AXIS };
    vec![stroke(1.0), stroke(-1.0)]
}

/// Words beside a row.
fn note(row: usize, nodes: &[GraphNode], places: &[Option<Place>]) -> String {
    let in_row = nodes.iter().zip(places).filter(|(_, place)| place.is_some_and(|place| place.row == row));
    let notes: Vec<String> = in_row.map(|(node, _)| text::clean(&node.note)).filter(|note| !note.is_empty()).collect();
    notes.join("   |   ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::xml_check::assert_well_formed;

    fn node(name: &str, inputs: &[usize]) -> GraphNode {
        GraphNode { name: name.to_string(), note: format!("<{name}>"), inputs: inputs.to_vec() }
    }

    #[test]
    fn nodes_stand_below_those_they_listen_to() {
        // a skip over two nodes, and a way back from the last to the second
        let nodes = [node("in", &[]), node("a", &[0, 3]), node("b", &[1]), node("c", &[2, 0])];
        assert_eq!(rows(&nodes), [0, 1, 2, 3]);
        // any order; two in a row
        assert_eq!(rows(&[node("c", &[1, 2]), node("a", &[3]), node("b", &[3]), node("in", &[])]), [2, 1, 1, 0]);
        let svg = graph("Graph", &nodes).svg();
        assert_well_formed(&svg);
        assert!(svg.contains("&lt;b&gt;") && svg.contains("\na\n"), "{svg}");
    }

    #[test]
    fn any_graph_is_drawn() {
        let many: Vec<GraphNode> = (0..3000).map(|i| node(&"name ".repeat(i % 40), &[i / 2, i, i + 1])).collect();
        let chain: Vec<GraphNode> = (0..100_000).map(|i: usize| node("", &[i.wrapping_sub(1)])).collect();
        for nodes in [&many, &chain, &vec![node("", &[0, 0, 7])], &vec![]] {
            assert_well_formed(&graph("", nodes).svg());
        }
        let title = graph("Chain", &chain).title;
        assert_eq!(title, "Chain, without 99940 more nodes");
    }
}
