//! Columns of text.

use std::fmt;

/// Rows of cells, shown in aligned columns with two spaces between them.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    indent: usize,
}

impl Table {
    /// A table with a heading.
    pub(crate) fn new<const N: usize>(heading: [&str; N]) -> Self {
        Table { rows: vec![heading.map(String::from).to_vec()], indent: 0 }
    }

    /// A table without a heading, every row indented by this many spaces.
    pub(crate) fn indented(indent: usize) -> Self {
        Table { rows: vec![], indent }
    }

    /// Appends a row.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.cells(cells.to_vec());
    }

    /// Appends a row of as many cells as there happen to be.
    pub(crate) fn cells(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        for row in &self.rows {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}")).collect();
            writeln!(f, "{:indent$}{}", "", cells.join("  ").trim_end(), indent = self.indent)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn columns_are_aligned_and_lines_end_without_spaces() {
        let mut table = Table::new(["name", "about"]);
        table.row(["plif".to_string(), "µ".to_string()]);
        table.row(["a longer one".to_string(), String::new()]);
        assert_eq!(table.to_string(), "name          about\nplif          µ\na longer one\n");
    }
}
