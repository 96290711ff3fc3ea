//! Changes of pictures.

use super::{Random, Transform};
use crate::Values;

/// A change of a picture `[H, W]` or `[C, H, W]`. Bytes stay bytes.
pub(super) fn apply(transform: &Transform, values: Values, shape: &[usize], random: &mut Random) -> Values {
    let &[.., height, width] = shape else { return values };
    let size = [height, width];
    match *transform {
        Transform::Crop { padding: pixels } | Transform::Shift { pixels } => {
            let (down, right) = (random.whole(pixels), random.whole(pixels));
            moved(values, size, |y, x| (y as isize - down, x as isize - right))
        }
        Transform::Flip { probability } if random.uniform() < probability => {
            moved(values, size, |y, x| (y as isize, (width - 1 - x) as isize))
        }
        Transform::Rotate { degrees } => {
            let angle = (degrees * (2.0 * random.uniform() - 1.0)).to_radians();
            rotated(values, size, angle)
        }
        _ => values,
    }
}

/// The picture whose pixel `(y, x)` is the one of `from(y, x)`; 0 where there is none.
fn moved(values: Values, size: [usize; 2], from: impl Fn(usize, usize) -> (isize, isize)) -> Values {
    match values {
        Values::Bytes(bytes) => Values::Bytes(gathered(&bytes, size, from)),
        Values::Floats(floats) => Values::Floats(gathered(&floats, size, from)),
    }
}

fn gathered<T: Copy + Default>(
    values: &[T],
    [height, width]: [usize; 2],
    from: impl Fn(usize, usize) -> (isize, isize),
) -> Vec<T> {
    let inside = |at: isize, side: usize| usize::try_from(at).ok().filter(|&at| at < side);
    let mut all = Vec::with_capacity(values.len());
    for plane in values.chunks_exact(height * width) {
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
            let (y, x) = from(y, x);
            let pixel = inside(y, height).zip(inside(x, width)).map(|(y, x)| plane[y * width + x]);
            all.push(pixel.unwrap_or_default());
        }
    }
    all
}

/// The picture turned about its centre, bilinear.
fn rotated(values: Values, [height, width]: [usize; 2], angle: f64) -> Values {
    let is_bytes = matches!(values, Values::Bytes(_));
    let floats = match values {
        Values::Bytes(bytes) => bytes.into_iter().map(f32::from).collect(),
        Values::Floats(floats) => floats,
    };
    let (sin, cos) = angle.sin_cos();
    let [cy, cx] = [height, width].map(|side| (side as f64 - 1.0) / 2.0);
    let mut all = Vec::with_capacity(floats.len());
    for plane in floats.chunks_exact(height * width) {
        let pixel = |y: f64, x: f64| match (0.0..height as f64).contains(&y) && (0.0..width as f64).contains(&x) {
            true => plane[y as usize * width + x as usize],
            false => 0.0,
        };
        for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y as f64 - cy, x as f64 - cx))) {
            let (y, x) = (cy + cos * y + sin * x, cx - sin * y + cos * x);
            let (top, left) = (y.floor(), x.floor());
            let (v, u) = ((y - top) as f32, (x - left) as f32);
            let above = pixel(top, left) * (1.0 - u) + pixel(top, left + 1.0) * u;
            let below = pixel(top + 1.0, left) * (1.0 - u) + pixel(top + 1.0, left + 1.0) * u;
            all.push(above * (1.0 - v) + below * v);
        }
    }
    match is_bytes {
        true => Values::Bytes(all.into_iter().map(|value| value.round() as u8).collect()),
        false => Values::Floats(all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Draw;

    #[test]
    fn pictures_are_moved_flipped_and_turned() {
        let picture = || Values::Bytes((1..=12).collect());
        let shape = [2, 2, 3];
        let random = |seed| Draw { seed, epoch: 0 }.of_sample(0);
        let flipped = apply(&Transform::Flip { probability: 1.0 }, picture(), &shape, &mut random(0));
        assert_eq!(flipped, Values::Bytes(vec![3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10]));
        let right = moved(picture(), [2, 3], |y, x| (y as isize, x as isize - 1));
        assert_eq!(right, Values::Bytes(vec![0, 1, 2, 0, 4, 5, 0, 7, 8, 0, 10, 11]));
        let half_turn = rotated(picture(), [2, 3], std::f64::consts::PI);
        assert_eq!(half_turn, Values::Bytes(vec![6, 5, 4, 3, 2, 1, 12, 11, 10, 9, 8, 7]));
        assert_eq!(rotated(picture(), [2, 3], 0.0), picture());
        let seen: std::collections::BTreeSet<_> = (0..200)
            .map(|seed| match apply(&Transform::Crop { padding: 1 }, picture(), &shape, &mut random(seed)) {
                Values::Bytes(bytes) => bytes,
                Values::Floats(_) => panic!(),
            })
            .collect();
        assert_eq!(seen.len(), 9, "one for each distance");
    }
}
