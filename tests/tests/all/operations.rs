//! Every operation that equations may use: the kernels' numbers and derivatives (the adjoint of a step)
//! against Burn's (tensors and autodiff), for a model with two states, two inputs and two constants.

use burn::tensor::Tensor;
use synfire_dynamics::{Dynamics, Real, Scan, record};
use synfire_tests::{Noise, devices, numbers, relative_error};

const STEPS: usize = 4;
const BATCH: usize = 3;
const NEURONS: usize = 37;

record! {
    /// Two numbers.
    pub struct Pair {
        /// the first
        x: 0.0,
        /// the second
        y: 0.0,
    }
}

macro_rules! operations {
    ($($name:ident |$x:ident, $y:ident| $result:expr),* $(,)?) => {
        /// A model whose step is one of the operations.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        enum Operation {
            $($name),*
        }

        impl Operation {
            const ALL: &[Self] = &[$(Self::$name),*];

            #[inline(always)]
            fn apply<R: Real>(self, x: R, y: R) -> R {
                match self {
                    $(Self::$name => { let ($x, $y) = (x, y); $result })*
                }
            }
        }
    };
}

/// Away from zero, where the operation asks for it.
#[inline(always)]
fn positive<R: Real>(x: R) -> R {
    x * x + 0.5
}

operations! {
    Add |x, y| x + y,
    Sub |x, y| x - y,
    Mul |x, y| x * y,
    Div |x, y| x / positive(y),
    Square |x, _y| x * x,
    Neg |x, y| -x * y,
    AddNumber |x, y| (x + 0.5) * y,
    SubNumber |x, y| (x - 0.5) * y,
    MulNumber |x, y| x * 0.5 + y * 3.0,
    DivNumber |x, y| x / 0.5 + y / 3.0,
    Literal |x, y| x.lit(2.0) - x * y,
    Exp |x, y| x.exp() * y,
    Ln |x, y| positive(x).ln() * y,
    Sqrt |x, y| positive(x).sqrt() * y,
    Abs |x, y| x.abs() * y,
    Max |x, y| x.max(y) * x,
    Min |x, y| x.min(y) * x,
    Recip |x, y| positive(x).recip() * y,
    Powi |x, y| x.powi(3) + y.powi(0) + y.powi(1),
    Powf |x, y| positive(x).powf(y),
    Sigmoid |x, y| x.sigmoid() * y,
    Tanh |x, y| x.tanh() * y,
    Select |x, y| R::select(x.greater(y), x * y, y.exp()),
    SelectNumber |x, y| R::select(x.greater_equal(y), x.lit(1.0), y),
    Compare |x, y| x.with_slopes(x.greater(y), []) + y,
    Detach |x, y| x.detach() * y,
    DetachProduct |x, y| (x * y).detach() + x,
    OneSlope |x, y| x.with_slopes(x.greater(y), [(x, y.primal())]),
    TwoSlopes |x, y| x.with_slopes(x.greater(y), [(x * y, x.primal().sigmoid()), (y, -y.primal())]),
    SameSlope |x, y| x.with_slopes(y.primal(), [(x, y.primal()), (x, x.primal())]),
}

impl Dynamics for Operation {
    type Params<R: Copy> = Pair<R>;
    type Constants<R: Copy> = Pair<R>;
    type State<R: Copy> = Pair<R>;
    type Input<R: Copy> = Pair<R>;

    fn constants<R: Real>(&self, p: Pair<R>, _: f32) -> Pair<R> {
        p
    }

    fn step<R: Real>(&self, c: &Pair<R>, s: &mut Pair<R>, input: Pair<R>) -> R {
        let x = c.x * s.x + input.x;
        let y = c.y * s.y - input.y;
        let z = self.apply(x, y);
        // both depend on the old states and on the operation
        s.x = y * 0.5 + z * 0.1;
        s.y = x * 0.5 - z * 0.1;
        z
    }
}

/// Output, states and gradients of input, initial states and the active constants, one way or the other.
fn evaluate(operation: Operation, active: &[usize], fused: bool, device: &burn::tensor::Device) -> Vec<Vec<f32>> {
    let noise = &mut Noise::new(13);
    let inputs = [(); 2].map(|()| noise.tensor([STEPS, BATCH, NEURONS], -1.0, 1.0, device).require_grad());
    let initial = [(); 2].map(|()| noise.tensor([BATCH, NEURONS], -1.0, 1.0, device).require_grad());
    let constants = [1, NEURONS].map(|len| noise.tensor([len], 0.6, 0.9, device).require_grad());
    let scan = Scan {
        steps: STEPS,
        inputs: inputs.to_vec(),
        dt: 1.0,
        params: constants.to_vec(),
        bounds: vec![],
        initial: initial.to_vec(),
        traces: vec![1],
        learnable: active.to_vec(),
    };
    let out = if fused { scan.run(operation) } else { scan.run_by_operations(operation) }.unwrap();
    let mut weighted = |x: &Tensor<3>| (noise.tensor(x.dims(), -1.0, 1.0, device) * x.clone()).sum();
    let loss = weighted(&out.output) + weighted(&out.traces[0]) + weighted(&Tensor::stack(out.finals.clone(), 0));
    let gradients = loss.backward();
    // an operation that cuts the gradient leaves some without
    let gradient = |g: Option<Vec<f32>>, count: usize| g.unwrap_or_else(|| vec![0.0; count]);
    let mut results = vec![numbers(&out.output), numbers(&out.traces[0])];
    results.extend(out.finals.iter().map(numbers));
    results.extend(inputs.iter().map(|x| gradient(x.grad(&gradients).map(|g| numbers(&g)), STEPS * BATCH * NEURONS)));
    results.extend(initial.iter().map(|x| gradient(x.grad(&gradients).map(|g| numbers(&g)), BATCH * NEURONS)));
    for &k in active {
        results.push(gradient(constants[k].grad(&gradients).map(|g| numbers(&g)), constants[k].dims()[0]));
    }
    results
}

#[test]
fn operations_give_the_same_numbers_and_derivatives() {
    for (backend, device) in devices() {
        let mut worst = (0.0, String::new());
        for &operation in Operation::ALL {
            for active in [&[][..], &[0], &[1], &[0, 1]] {
                let [fused, reference] = [true, false].map(|fused| evaluate(operation, active, fused, &device));
                assert_eq!(fused.len(), reference.len());
                for (i, (actual, expected)) in fused.iter().zip(&reference).enumerate() {
                    let error = relative_error(actual, expected);
                    let what = format!("{operation:?} active {active:?} result {i} on {backend}: {error:.1e}");
                    assert!(error < 1e-5, "{what}");
                    if error > worst.0 {
                        worst = (error, what);
                    }
                }
            }
        }
        println!("{} operations on {backend}, worst {}", Operation::ALL.len(), worst.1);
    }
}
