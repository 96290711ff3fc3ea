//! The product of linear connections against Burn's matmul: results and gradients, whatever the shape, the
//! layout and the number of zeros.

use burn::tensor::{Device, Tensor};
use synfire_dynamics::linear;
use synfire_tests::{Noise, devices, numbers, relative_error, tensor};

const TOLERANCE: f64 = 1e-5;

/// Rows, inputs, outputs: single ones, multiples of nothing, narrow and wide enough for events.
const SHAPES: [[usize; 3]; 7] =
    [[1, 1, 1], [1, 7, 3], [3, 1, 70], [5, 17, 33], [65, 33, 100], [40, 70, 10], [300, 90, 129]];

/// A factor as a product may find it in memory.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Memory {
    Contiguous,
    Transposed,
    /// Every second column of a wider one.
    Strided,
}

/// Numbers of which this share is not zero, and a row of zeros if there are several.
fn factor(share: f32, [rows, columns]: [usize; 2], memory: Memory, noise: &mut Noise, device: &Device) -> Tensor<2> {
    let keep = noise.numbers(rows * columns, 0.0, 1.0);
    let values = noise.numbers(rows * columns, 0.5, 1.5).into_iter().zip(keep).enumerate();
    let values = values.map(|(i, (x, keep))| if keep < share && i / columns != 1 { x } else { 0.0 }).collect();
    let values = tensor(values, [rows, columns], device);
    match memory {
        Memory::Contiguous => values,
        Memory::Transposed => tensor(numbers(&values.transpose()), [columns, rows], device).transpose(),
        Memory::Strided => {
            let pairs = Tensor::stack::<3>(vec![values.clone(), values.ones_like()], 2);
            pairs.slice([0..rows, 0..columns, 0..1]).squeeze_dim(2)
        }
    }
}

/// Result and gradients of input, weights and bias.
fn run(
    product: impl Fn(Tensor<2>, Tensor<2>, Tensor<1>) -> Tensor<2>,
    [x, w]: [&Tensor<2>; 2],
    bias: &Tensor<1>,
    arriving: &Tensor<2>,
) -> [Vec<f32>; 4] {
    let (x, w, bias) = (x.clone().require_grad(), w.clone().require_grad(), bias.clone().require_grad());
    let y = product(x.clone(), w.clone(), bias.clone());
    let gradients = (y.clone() * arriving.clone()).sum().backward();
    let of = |leaf: &Tensor<2>| numbers(&leaf.grad(&gradients).expect("a gradient"));
    [numbers(&y), of(&x), of(&w), numbers(&bias.grad(&gradients).expect("a gradient of the bias"))]
}

#[test]
fn results_and_gradients_are_those_of_matmul() {
    for (backend, device) in devices() {
        for [m, k, n] in SHAPES {
            for (seed, memory) in (0..).zip([Memory::Contiguous, Memory::Transposed, Memory::Strided]) {
                for share in [0.0, 0.1, 1.0] {
                    let mut noise = Noise::new(seed);
                    let x = factor(share, [m, k], memory, &mut noise, &device);
                    let w = factor(1.0, [k, n], memory, &mut noise, &device);
                    let bias = noise.tensor([n], -1.0, 1.0, &device);
                    let arriving = factor(1.0, [m, n], memory, &mut noise, &device);
                    let own = run(|x, w, b| linear(x, w, Some(b)), [&x, &w], &bias, &arriving);
                    let burns = run(|x, w, b| x.matmul(w) + b.unsqueeze(), [&x, &w], &bias, &arriving);
                    for (what, (own, burns)) in ["result", "input", "weight", "bias"].iter().zip(own.iter().zip(&burns))
                    {
                        let error = relative_error(own, burns);
                        let place = format!("{backend}, {m} x {k} x {n}, {memory:?}, {share} not zero");
                        assert!(error <= TOLERANCE, "{what}, {place}: error {error:.1e}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_gradient_that_is_the_same_everywhere_flows_back() {
    for (backend, device) in devices() {
        let mut noise = Noise::new(1);
        let x = noise.tensor([6, 5], -1.0, 1.0, &device);
        let w = noise.tensor([5, 4], -1.0, 1.0, &device).require_grad();
        // the gradient of a sum is one number spread over the result
        let own = linear(x.clone(), w.clone(), None).sum().backward();
        let burns = x.matmul(w.clone()).sum().backward();
        let [own, burns] = [own, burns].map(|gradients| numbers(&w.grad(&gradients).expect("a gradient")));
        assert!(relative_error(&own, &burns) <= TOLERANCE, "{backend}: {own:?}, expected {burns:?}");
    }
}

#[test]
fn only_what_learns_has_a_gradient() {
    for (backend, device) in devices() {
        let mut noise = Noise::new(2);
        let x = noise.tensor([6, 5], -1.0, 1.0, &device);
        let w = noise.tensor([5, 4], -1.0, 1.0, &device);
        let bias = noise.tensor([4], -1.0, 1.0, &device).require_grad();
        let gradients = linear(x.clone(), w.clone(), Some(bias.clone())).sum().backward();
        assert_eq!(numbers(&bias.grad(&gradients).expect("a gradient")), [6.0; 4], "{backend}");
        assert!(x.grad(&gradients).is_none() && w.grad(&gradients).is_none(), "{backend}");
    }
}

#[test]
fn rows_may_have_any_number_of_axes() {
    for (backend, device) in devices() {
        let mut noise = Noise::new(3);
        let x = noise.tensor([2, 3, 5], -1.0, 1.0, &device).require_grad();
        let w = noise.tensor([5, 4], -1.0, 1.0, &device).require_grad();
        let flat = linear(x.clone().reshape([6, 5]), w.clone(), None);
        let own = linear(x.clone(), w.clone(), None);
        assert_eq!(own.dims(), [2, 3, 4], "{backend}");
        assert_eq!(numbers(&own), numbers(&flat), "{backend}");
        let [own, flat] = [own.square().sum(), flat.square().sum()].map(|loss| {
            let gradients = loss.backward();
            let input = x.grad(&gradients).expect("a gradient of the input");
            assert_eq!(input.dims(), [2, 3, 5], "{backend}");
            [numbers(&input), numbers(&w.grad(&gradients).expect("a gradient of the weights"))]
        });
        assert_eq!(own, flat, "{backend}");
    }
}
