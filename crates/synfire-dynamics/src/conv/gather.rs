//! Channels of several frames side by side, and rows as columns.

/// Writes, channel by channel, the planes of all frames: `to` is `[channels, frames, plane]`. Frames start `frame`
/// values apart.
pub(super) fn gather(from: &[f32], frame: usize, plane: usize, to: &mut [f32]) {
    each(to.len(), from.len(), frame, plane, |at, row| to[row].copy_from_slice(&from[at]));
}

/// The reverse of [`gather`].
pub(super) fn scatter(from: &[f32], frame: usize, plane: usize, to: &mut [f32]) {
    each(from.len(), to.len(), frame, plane, |at, row| to[at].copy_from_slice(&from[row]));
}

fn each(
    gathered: usize,
    frames: usize,
    frame: usize,
    plane: usize,
    mut copy: impl FnMut(core::ops::Range<usize>, core::ops::Range<usize>),
) {
    // the last frame ends with the last group of channels, perhaps not yet with the last channel of this one
    let frames = frames.div_ceil(frame);
    for row in 0..gathered / plane {
        let at = row % frames * frame + row / frames * plane;
        copy(at..at + plane, row * plane..(row + 1) * plane);
    }
}

/// Writes the columns of rows of this length, one after the other.
pub(super) fn transpose(from: &[f32], columns: usize, to: &mut [f32]) {
    const BLOCK: usize = 8;
    let rows = from.len() / columns;
    for top in (0..rows).step_by(BLOCK) {
        let height = BLOCK.min(rows - top);
        for left in (0..columns).step_by(BLOCK) {
            let width = BLOCK.min(columns - left);
            if height == BLOCK && width == BLOCK {
                let mut block = [[0.0; BLOCK]; BLOCK];
                for (y, row) in block.iter_mut().enumerate() {
                    row.copy_from_slice(&from[(top + y) * columns + left..][..BLOCK]);
                }
                for x in 0..BLOCK {
                    let column: [f32; BLOCK] = core::array::from_fn(|y| block[y][x]);
                    to[(left + x) * rows + top..][..BLOCK].copy_from_slice(&column);
                }
                continue;
            }
            for y in top..top + height {
                for x in left..left + width {
                    to[x * rows + y] = from[y * columns + x];
                }
            }
        }
    }
}
