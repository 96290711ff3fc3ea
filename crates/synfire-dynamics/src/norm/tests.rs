//! Batch normalisation against its equations by Burn's operations, in double precision.

use crate::testing::{Noise, assert_close, assert_independent_of_threads, devices, tensor, values};
use crate::{batch_norm, batch_norm_by};
use burn::tensor::module::batch_norm as burn_batch_norm;
use burn::tensor::{DType, Device, Tensor};

/// Output, mean, variance, and gradients of input, gamma and beta.
type Results = [Vec<f32>; 6];

const EPSILON: f32 = 1e-5;

/// Many and few samples, channels and places, several parts of the batch.
const SHAPES: [[usize; 3]; 7] =
    [[2, 1, 1], [7, 3, 1], [1, 2, 9], [5, 4, 6], [64, 130, 9], [3, 2, 30_000], [400, 17, 13]];

fn run(dtype: DType, shape: [usize; 3], device: &Device) -> Results {
    let mut noise = Noise::new(1);
    // means are not zero, and one is large; channels differ in their variance
    let scale = (0..shape[1]).map(|c| 1.0 + c as f32).collect();
    let mean = (0..shape[1]).map(|c| if c == 1 { 1000.0 } else { c as f32 * 0.1 }).collect();
    let [scale, mean] = [scale, mean].map(|x| tensor(x, [1, shape[1], 1], device));
    let input = noise.tensor(shape, device) * scale + mean;
    let [gamma, beta] = [0, 1].map(|_| noise.tensor([shape[1]], device));
    let upstream = noise.tensor(shape, device).cast(dtype);
    let input = input.cast(dtype).detach().require_grad();
    let [gamma, beta] = [gamma, beta].map(|x| x.cast(dtype).detach().require_grad());
    let (output, mean, variance) = batch_norm(input.clone(), gamma.clone(), beta.clone(), EPSILON);
    let gradients = (output.clone() * upstream).sum().backward();
    let single = |x: Tensor<1>| values(&x.cast(DType::F32));
    [
        values(&output.cast(DType::F32)),
        single(mean),
        single(variance),
        values(&input.grad(&gradients).expect("a gradient").cast(DType::F32)),
        single(gamma.grad(&gradients).expect("a gradient")),
        single(beta.grad(&gradients).expect("a gradient")),
    ]
}

#[test]
fn results_and_gradients_are_those_of_tensor_operations() {
    for device in devices() {
        for shape in SHAPES {
            let (ours, exact) = (run(DType::F32, shape, &device), run(DType::F64, shape, &device));
            let names = ["output", "mean", "variance", "input", "gamma", "beta"];
            for (what, (ours, exact)) in names.iter().zip(ours.iter().zip(&exact)) {
                // a mean of 1000 leaves four digits of the values around it
                assert_close(&format!("{what}, {shape:?}"), ours, exact, 2e-4);
            }
        }
    }
}

#[test]
fn given_statistics_give_the_bits_of_tensor_operations() {
    for device in devices().map(Device::inner) {
        for shape in SHAPES {
            let mut noise = Noise::new(3);
            let [gamma, beta, mean] = [(); 3].map(|()| noise.tensor([shape[1]], &device));
            let (input, variance) = (noise.tensor(shape, &device), noise.tensor([shape[1]], &device) + 0.6);
            let all = [&gamma, &beta, &mean, &variance].map(Tensor::clone);
            let ours = || {
                let [gamma, beta, mean, variance] = all.clone();
                values(&batch_norm_by(input.clone(), [gamma, beta], [mean, variance], EPSILON))
            };
            let [gamma, beta, mean, variance] = all.clone();
            let burns = burn_batch_norm(input.clone(), gamma, beta, mean, variance, f64::from(EPSILON));
            assert_eq!(ours(), values(&burns), "{shape:?}");
            assert_independent_of_threads("given statistics", ours);
        }
    }
}

#[test]
fn small_means_lose_nothing() {
    for device in devices() {
        let ones = Tensor::ones([3], &device);
        let input = Noise::new(2).tensor([50, 3, 20], &device);
        let (output, mean, variance) = batch_norm(input, ones.clone(), ones, 0.0);
        let centred = output - 1.0;
        let of = |x: Tensor<3>| values(&x.mean_dim(2).mean_dim(0));
        assert_close("mean of the output", &of(centred.clone()), &[0.0; 3], 1e-3);
        assert_close("variance of the output", &of(centred.square()), &[1.0; 3], 1e-5);
        assert!(
            values(&mean).iter().all(|x| x.abs() < 0.1)
                && values(&variance).iter().all(|x| (x * 12.0 - 1.0).abs() < 0.2)
        );
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let [device, _] = devices();
    assert_independent_of_threads("batch norm", || run(DType::F32, [400, 17, 13], &device).concat());
}
