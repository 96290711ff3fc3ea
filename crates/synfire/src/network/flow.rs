//! What goes from layer to layer.

use burn::tensor::Tensor;
use core::ops::Add;

/// What a layer sends, `[T, B, N]`, or `[1, B, N]` where it is the same at every step.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    pub(super) values: Tensor<3>,
    /// By how much each spike precedes the end of its step, in ms, where there is a model that knows.
    pub(super) times: Option<Tensor<3>>,
}

impl From<Tensor<3>> for Flow {
    fn from(values: Tensor<3>) -> Self {
        Flow { values, times: None }
    }
}

impl Add for Flow {
    type Output = Flow;

    fn add(self, other: Flow) -> Flow {
        let times = match (self.times, other.times) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        Flow { values: self.values + other.values, times }
    }
}

impl Flow {
    fn map(self, f: impl Fn(Tensor<3>) -> Tensor<3>) -> Self {
        Flow { values: f(self.values), times: self.times.map(f) }
    }

    /// Some steps; what stays the same is told by one.
    pub(super) fn narrow(self, first: usize, count: usize) -> Self {
        self.map(|x| if x.dims()[0] == 1 { x } else { x.narrow(0, first, count) })
    }

    /// So many steps of what stays the same.
    pub(super) fn over(self, steps: usize) -> Self {
        self.map(|x| match x.dims() {
            [1, batch, n] if steps > 1 => x.expand([steps, batch, n]),
            _ => x,
        })
    }

    /// One after the other.
    pub(super) fn cat(flows: Vec<Flow>) -> Self {
        let timed = flows.iter().all(|flow| flow.times.is_some());
        let (values, times): (Vec<_>, Vec<_>) = flows.into_iter().map(|flow| (flow.values, flow.times)).unzip();
        let times: Vec<_> = times.into_iter().flatten().collect();
        Flow { values: Tensor::cat(values, 0), times: timed.then(|| Tensor::cat(times, 0)) }
    }

    /// Some steps out of blocks of steps.
    pub(super) fn window(blocks: &[Flow], block: usize, first: usize, count: usize) -> Self {
        let mut parts = Vec::new();
        let mut at = first;
        while at < first + count {
            let (number, start) = (at / block, at % block);
            let steps = (block - start).min(first + count - at);
            let whole = blocks[number].clone();
            parts.push(if steps == whole.values.dims()[0] { whole } else { whole.narrow(start, steps) });
            at += steps;
        }
        if parts.len() == 1 { parts.remove(0) } else { Flow::cat(parts) }
    }
}
