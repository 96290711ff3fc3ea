//! Sums over events that several rows have in common, compiled for each instruction set.
//!
//! Adding a row of the second factor for each event costs a load for each addition. Here a row is loaded once for all
//! rows of the inputs that have the event, so that additions alone are the limit, and half of those are left to the units
//! for products.

use crate::kernel::{Isa, dispatch};
use crate::number::simd::*;
use crate::product::panels::PANEL;

/// Runs code for each index below a constant of at most 6, which is a constant too: the compiler leaves some loops over
/// registers as they are, and the registers in memory.
macro_rules! unroll {
    ($i:ident in 0..$count:expr => $run:block) => {
        unroll!($i, $count, $run, 0 1 2 3 4 5)
    };
    ($i:ident, $count:expr, $run:block, $($index:literal)*) => {
        $(if $index < $count {
            const $i: usize = $index;
            $run
        })*
    };
}

/// The most rows of the inputs that are summed together: their sums fill the registers of AVX-512.
pub(in crate::product) const TOGETHER: usize = 6;

/// An index at which at least one of a few rows has an event.
#[derive(Clone, Copy, Debug)]
#[repr(align(16))]
struct Shared {
    index: u32,
    /// All ones for each row that has the event, else 0.
    rows: [u16; TOGETHER],
}

/// Lists of events, each of a few rows.
#[derive(Debug, Default)]
pub(in crate::product) struct Lists {
    events: Vec<Shared>,
    /// End of each list.
    ends: Vec<usize>,
    /// Number that is above all indices.
    end: usize,
}

impl Lists {
    /// Adds the events of a word of each row, whose lowest bits have the index `first`, to the list that is not finished.
    #[inline]
    pub(in crate::product) fn push(&mut self, words: &[u64; TOGETHER], first: usize) {
        let mut any = words.iter().fold(0, |any, word| any | word);
        while any != 0 {
            let bit = any.trailing_zeros();
            let rows = words.map(|word| ((word >> bit & 1) as u16).wrapping_neg());
            self.events.push(Shared { index: first as u32 + bit, rows });
            any &= any - 1;
        }
    }

    /// Ends a list.
    pub(in crate::product) fn finish(&mut self) {
        let first = self.ends.last().map_or(0, |&end| end);
        // in ascending order
        let end = self.events[first..].last().map_or(0, |event| event.index as usize + 1);
        self.end = self.end.max(end);
        self.ends.push(self.events.len());
    }

    /// The lists, in order.
    pub(in crate::product) fn iter(&self) -> impl Iterator<Item = List<'_>> {
        let mut first = 0;
        self.ends.iter().map(move |&end| {
            let events = &self.events[first..end];
            first = end;
            List { events, end: self.end }
        })
    }
}

/// The events of a few rows.
#[derive(Clone, Copy, Debug)]
pub(in crate::product) struct List<'a> {
    events: &'a [Shared],
    end: usize,
}

impl Isa {
    /// Writes for each of so many rows `start` and the sum of the rows of `panel` at its events.
    pub(in crate::product) fn gather_shared(
        self,
        rows: usize,
        list: List<'_>,
        panel: &[f32],
        start: &[f32],
        to: &mut [[f32; PANEL]; TOGETHER],
    ) {
        assert!(list.end * PANEL <= panel.len() && start.len() == PANEL, "an event is beyond the panel");
        dispatch!(self, gather(rows: usize, list: List<'_>, panel: &[f32], start: &[f32], to: &mut [[f32; PANEL]; TOGETHER]) -> ());
    }

    /// Adds each of a few rows to the rows of `panel` at its events.
    pub(in crate::product) fn scatter_shared(self, rows: &[&[f32]], list: List<'_>, panel: &mut [f32]) {
        assert!(list.end * PANEL <= panel.len(), "an event is beyond the panel");
        assert!(rows.iter().all(|row| row.len() == PANEL), "a row is not as long as the panel is wide");
        dispatch!(self, scatter(rows: &[&[f32]], list: List<'_>, panel: &mut [f32]) -> ());
    }
}

#[inline(always)]
fn gather<S: Simd>(rows: usize, list: List<'_>, panel: &[f32], start: &[f32], to: &mut [[f32; PANEL]; TOGETHER]) {
    // SAFETY: `panel` has a row for each event, which `Isa::gather_shared` checks, as well as the length of `start`.
    unsafe {
        match rows {
            1 => gather_rows::<S, 1>(list, panel, start, to),
            2 => gather_rows::<S, 2>(list, panel, start, to),
            3 => gather_rows::<S, 3>(list, panel, start, to),
            4 => gather_rows::<S, 4>(list, panel, start, to),
            5 => gather_rows::<S, 5>(list, panel, start, to),
            _ => gather_rows::<S, TOGETHER>(list, panel, start, to),
        }
    }
}

/// [`Isa::gather_shared`] for `T` rows.
///
/// # Safety
///
/// `panel` has a row for each event; `start` has the length of one.
#[inline(always)]
unsafe fn gather_rows<S: Simd, const T: usize>(
    list: List<'_>,
    panel: &[f32],
    start: &[f32],
    to: &mut [[f32; PANEL]; TOGETHER],
) {
    // SAFETY: as the caller says; both numbers of registers divide a panel.
    unsafe {
        match S::LANES {
            16 => (0..PANEL).step_by(4 * 16).for_each(|column| gather_tile::<S, T, 4>(list, panel, start, to, column)),
            _ => (0..PANEL)
                .step_by(2 * S::LANES)
                .for_each(|column| gather_tile::<S, T, 2>(list, panel, start, to, column)),
        }
    }
}

/// Sums `R` registers of columns of `T` rows.
///
/// # Safety
///
/// As [`gather_rows`]; the columns are of the panel.
#[inline(always)]
unsafe fn gather_tile<S: Simd, const T: usize, const R: usize>(
    list: List<'_>,
    panel: &[f32],
    start: &[f32],
    to: &mut [[f32; PANEL]; TOGETHER],
    column: usize,
) {
    let mut sums = [[S::splat(0.0); R]; T];
    let (one, step) = opaque::<S>();
    // SAFETY: as the caller says.
    unsafe {
        unroll!(I in 0..R => {
            let start = S::load(start.as_ptr().add(column + I * S::LANES));
            unroll!(J in 0..T => { sums[J][I] = start; });
        });
        let panel = panel.as_ptr().add(column);
        let mut i = 0;
        while i < list.events.len() {
            let event = list.events.get_unchecked(i);
            let row = panel.add(event.index as usize * PANEL);
            unroll!(I in 0..R => {
                let weights = S::load(row.add(I * S::LANES));
                unroll!(J in 0..T => { sums[J][I] = add(sums[J][I], weights, one, event.rows[J], I + J); });
            });
            i += step;
        }
        unroll!(J in 0..T => {
            unroll!(I in 0..R => { sums[J][I].store(to[J].as_mut_ptr().add(column + I * S::LANES)); });
        });
    }
}

#[inline(always)]
fn scatter<S: Simd>(rows: &[&[f32]], list: List<'_>, panel: &mut [f32]) {
    // SAFETY: `panel` has a row for each event and `rows` are as long, which `Isa::scatter_shared` checks.
    unsafe {
        match *rows {
            [a] => scatter_rows::<S, 1>([a], list, panel),
            [a, b] => scatter_rows::<S, 2>([a, b], list, panel),
            [a, b, c] => scatter_rows::<S, 3>([a, b, c], list, panel),
            [a, b, c, d] => scatter_rows::<S, 4>([a, b, c, d], list, panel),
            [a, b, c, d, e] => scatter_rows::<S, 5>([a, b, c, d, e], list, panel),
            [a, b, c, d, e, f] => scatter_rows::<S, TOGETHER>([a, b, c, d, e, f], list, panel),
            _ => panic!("1 to {TOGETHER} rows, not {}", rows.len()),
        }
    }
}

/// [`Isa::scatter_shared`] of `T` rows.
///
/// # Safety
///
/// `panel` has a row for each event, and `rows` have the length of one.
#[inline(always)]
unsafe fn scatter_rows<S: Simd, const T: usize>(rows: [&[f32]; T], list: List<'_>, panel: &mut [f32]) {
    // SAFETY: as the caller says; both numbers of registers divide a panel.
    unsafe {
        match S::LANES {
            16 => (0..PANEL).step_by(4 * 16).for_each(|column| scatter_tile::<S, T, 4>(rows, list, panel, column)),
            _ => (0..PANEL).step_by(2 * S::LANES).for_each(|column| scatter_tile::<S, T, 2>(rows, list, panel, column)),
        }
    }
}

/// Adds `R` registers of columns of `T` rows.
///
/// # Safety
///
/// As [`scatter_rows`]; the columns are of the panel.
#[inline(always)]
unsafe fn scatter_tile<S: Simd, const T: usize, const R: usize>(
    rows: [&[f32]; T],
    list: List<'_>,
    panel: &mut [f32],
    column: usize,
) {
    let (one, step) = opaque::<S>();
    // SAFETY: as the caller says.
    unsafe {
        let mut values = [[S::splat(0.0); R]; T];
        unroll!(J in 0..T => {
            unroll!(I in 0..R => { values[J][I] = S::load(rows[J].as_ptr().add(column + I * S::LANES)); });
        });
        let panel = panel.as_mut_ptr().add(column);
        let mut i = 0;
        while i < list.events.len() {
            let event = list.events.get_unchecked(i);
            let to = panel.add(event.index as usize * PANEL);
            let mut sums = [S::splat(0.0); R];
            unroll!(I in 0..R => { sums[I] = S::load(to.add(I * S::LANES)); });
            unroll!(J in 0..T => {
                unroll!(I in 0..R => { sums[I] = add(sums[I], values[J][I], one, event.rows[J], I + J); });
            });
            unroll!(I in 0..R => { sums[I].store(to.add(I * S::LANES)); });
            i += step;
        }
    }
}

/// `sum + x` if `mask` is all ones, on one or the other kind of unit: both round the same sum.
#[inline(always)]
fn add<S: Simd>(sum: S, x: S, one: S, mask: u16, unit: usize) -> S {
    if unit.is_multiple_of(2) { sum.mul_add_where(x, one, mask) } else { sum.add_where(x, mask) }
}

/// Ones that the compiler does not know: it would turn products into sums, and unroll short loops.
#[inline(always)]
fn opaque<S: Simd>() -> (S, usize) {
    (S::splat(core::hint::black_box(1.0)), core::hint::black_box(1))
}
