//! Prepares the tensors of a scan as arguments of its kernels.

use super::program::{ParamLayoutLaunch, Program, SizesLaunch};
use crate::graph::{Adjoint, Id, Request};
use crate::scan::{Operands, ScanSpec};
use burn::tensor::{DType, Shape};
use burn_cubecl::cubecl::{CubeCount, CubeDim, calculate_cube_count_elemwise, prelude::*};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::numeric::{empty_device_contiguous_dtype, zeros_client};
use burn_cubecl::tensor::CubeTensor;
use std::sync::Arc;

/// Values of state that a unit of the adjoint keeps in local memory.
const LOCAL: usize = 128;

/// Number of units that keep a GPU busy: only layers with more of them use vectors of neurons.
const ENOUGH_UNITS: usize = 1 << 16;

/// A scan whose operands are ready for the kernels.
pub(super) struct Launch<'a> {
    pub(super) program: Program,
    pub(super) spec: &'a ScanSpec,
    pub(super) operands: Operands<CubeTensor>,
    /// Number of neighbouring neurons that a unit computes.
    pub(super) width: usize,
}

impl<'a> Launch<'a> {
    /// Prepares the forward kernel, or with the adjoint that is requested the backward one.
    pub(super) fn new(operands: Operands<CubeTensor>, adjoint: Option<&Request>, spec: &'a ScanSpec) -> Self {
        let plane = spec.plane();
        let equations = spec.equations.clone();
        let segment = (LOCAL / spec.states().max(1)).clamp(8, 64);
        let traces = adjoint.map_or(&spec.traces, |request| &request.traces).clone();
        let adjoint = adjoint.map(|request| Adjoint::of(&equations, request)).map(Arc::new);
        let mut roots: Vec<Id> = equations.roots().collect();
        if let Some(adjoint) = &adjoint {
            roots.extend(adjoint.states.iter().flatten().chain(&adjoint.inputs).chain(&adjoint.sums));
        }
        let loop_invariant = adjoint.as_ref().map_or(&equations.graph, |adjoint| &adjoint.graph).loop_invariant(&roots);
        let program = Program {
            equations,
            adjoint,
            loop_invariant,
            constant_input: spec.constant_input,
            uniform_start: spec.uniform_start,
            traces,
            segment,
            single: spec.steps <= segment,
        };
        let width = [4, 2].into_iter().find(|&w| plane.is_multiple_of(w) && plane / w >= ENOUGH_UNITS).unwrap_or(1);
        Launch { program, spec, operands: operands.map(into_contiguous), width }
    }

    pub(super) fn plane(&self) -> usize {
        self.spec.plane()
    }

    /// Uninitialised rows of the plane.
    pub(super) fn rows(&self, count: usize) -> CubeTensor {
        if count == 0 { self.placeholder(DType::F32) } else { self.values(count * self.plane()) }
    }

    /// A placeholder for a buffer that the kernel does not use: an empty one cannot be bound.
    pub(super) fn placeholder(&self, dtype: DType) -> CubeTensor {
        self.tensor([self.width], dtype)
    }

    pub(super) fn values(&self, count: usize) -> CubeTensor {
        self.tensor([count], DType::F32)
    }

    pub(super) fn zeros(&self, shape: Shape) -> CubeTensor {
        zeros_client(self.operands.inputs.client.clone(), self.operands.inputs.device.clone(), shape, DType::F32)
    }

    /// An uninitialised tensor beside the inputs.
    pub(super) fn tensor(&self, shape: impl Into<Shape>, dtype: DType) -> CubeTensor {
        let like = &self.operands.inputs;
        empty_device_contiguous_dtype(like.client.clone(), like.device.clone(), shape.into(), dtype)
    }

    pub(super) fn grid(&self) -> (CubeCount, CubeDim) {
        grid(&self.operands.inputs, self.plane() / self.width)
    }

    pub(super) fn param_layout(&self) -> ParamLayoutLaunch {
        let (mut starts, mut shares) = (SequenceArg::new(), SequenceArg::new());
        for k in 0..self.spec.param_lens.len() {
            starts.push(self.spec.param_range(k).start);
            shares.push(self.spec.neurons_per_value(k));
        }
        ParamLayoutLaunch::new(starts, shares)
    }

    pub(super) fn sizes(&self) -> SizesLaunch {
        SizesLaunch::new(self.spec.steps, self.plane() / self.width, self.spec.neurons)
    }
}

pub(super) fn grid(tensor: &CubeTensor, units: usize) -> (CubeCount, CubeDim) {
    let dim = CubeDim::new(&tensor.client, units);
    (calculate_cube_count_elemwise(&tensor.client, units, dim), dim)
}

/// 32-bit indices where every buffer is small enough for them.
pub(super) fn address_type<'a>(tensors: impl IntoIterator<Item = &'a CubeTensor>) -> AddressType {
    tensors.into_iter().map(|x| x.required_address_type()).max().unwrap_or_default()
}
