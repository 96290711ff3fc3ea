//! Gradients on the host.

use super::ExchangePrecision;
use super::tree::{Summand, added};

/// Values of the gradient of each parameter, in the order of the module; `None` of a parameter without a gradient.
#[derive(Debug)]
pub(in crate::train) struct HostGradients {
    parameters: Vec<Option<Vec<f32>>>,
    precision: ExchangePrecision,
}

impl HostGradients {
    /// The gradients of a shard. Where they are added, both summands are rounded to this precision first.
    pub(in crate::train) fn new(parameters: Vec<Option<Vec<f32>>>, precision: ExchangePrecision) -> Self {
        HostGradients { parameters, precision }
    }

    /// All values one after the other, of parameters with these numbers of values. A parameter without a gradient has -0.0, which
    /// changes no bit of what it is added to.
    pub(in crate::train) fn joined(self, lengths: &[usize]) -> Vec<f32> {
        let mut joined = Vec::with_capacity(lengths.iter().sum());
        for (values, length) in self.parameters.into_iter().zip(lengths) {
            match values {
                Some(values) => joined.extend(values),
                None => joined.resize(joined.len() + length, -0.0),
            }
        }
        joined
    }

    /// The inverse of [`joined`](Self::joined), for the parameters that are `present`.
    pub(in crate::train) fn divided(
        mut joined: &[f32],
        lengths: &[usize],
        present: &[bool],
        precision: ExchangePrecision,
    ) -> Self {
        let parameters = lengths.iter().zip(present).map(|(length, present)| {
            let (values, rest) = joined.split_at(*length);
            joined = rest;
            present.then(|| values.to_vec())
        });
        HostGradients { parameters: parameters.collect(), precision }
    }

    /// The gradients, rounded as they are after they have travelled.
    pub(in crate::train) fn rounded(mut self) -> Self {
        self.parameters.iter_mut().flatten().for_each(|values| self.precision.round(values));
        self
    }

    /// The values times a factor, in the order of the module.
    pub(in crate::train) fn scaled(self, factor: f32) -> Vec<Option<Vec<f32>>> {
        let mut parameters = self.parameters;
        parameters.iter_mut().flatten().flatten().for_each(|value| *value *= factor);
        parameters
    }
}

impl Summand for HostGradients {
    fn add(&mut self, right: Self) {
        let precision = self.precision;
        for (left, mut right) in self.parameters.iter_mut().zip(right.parameters) {
            right.iter_mut().for_each(|values| precision.round(values));
            left.iter_mut().for_each(|values| precision.round(values));
            *left = added(left.take(), right);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_values_are_divided_again() {
        let parameters = vec![Some(vec![1.0, 2.0]), None, Some(vec![3.0])];
        let values = HostGradients::new(parameters.clone(), ExchangePrecision::F32);
        let joined = values.joined(&[2, 3, 1]);
        assert_eq!(joined, [1.0, 2.0, 0.0, 0.0, 0.0, 3.0]);
        assert!(joined[2].is_sign_negative(), "changes no bit of what is added");
        let divided = HostGradients::divided(&joined, &[2, 3, 1], &[true, false, true], ExchangePrecision::F32);
        assert_eq!(divided.scaled(1.0), parameters);
    }

    #[test]
    fn a_missing_gradient_changes_nothing() {
        let mut sum = HostGradients::new(vec![Some(vec![-0.0]), None, None], ExchangePrecision::F32);
        sum.add(HostGradients::new(vec![None, Some(vec![2.0]), None], ExchangePrecision::F32));
        assert_eq!(format!("{:?}", sum.scaled(1.0)), "[Some([-0.0]), Some([2.0]), None]");
    }
}
