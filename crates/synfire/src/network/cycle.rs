//! Layers that listen to each other, and so run one step after the other.

use super::Network;
use super::forward::{Call, Sent, unreached};
use super::layer::LayerState;
use super::node::{Node, Origin};
use crate::Error;
use crate::coding::Activations;
use burn::tensor::Tensor;

/// An input of a layer of a cycle.
enum Heard {
    /// From before the cycle: all steps, delayed.
    Outside(Box<Activations>),
    /// From the layer of the cycle with this index in the network.
    Inside(usize),
}

/// A layer of a cycle while it runs.
struct Member<'a> {
    i: usize,
    node: &'a Node,
    inputs: Vec<Heard>,
    injected: Option<Activations>,
    state: LayerState,
    /// Output of each step so far.
    sent: Vec<Activations>,
}

impl Network {
    /// Runs the layers of a cycle in this order, step by step.
    pub(super) fn cycle(
        &self,
        order: &[usize],
        sent: &mut Sent,
        call: &Call,
    ) -> Result<Vec<(usize, Activations)>, Error> {
        let mut members: Vec<Member<'_>> = order.iter().map(|&i| self.member(i, order, sent)).collect();
        let outside = members.iter().flat_map(|member| &member.inputs).find_map(|heard| match heard {
            Heard::Outside(activations) => Some(activations.at(0)),
            Heard::Inside(_) => None,
        });
        let Some(like) = outside else { return Err(unreached(&self.layers[order[0]])) };
        for member in &mut members {
            member.injected = self.injected(member.i, &like, call)?;
        }
        for t in 0..self.config.steps {
            for at in 0..members.len() {
                let input = self.heard(t, &members[at], &members, &like)?;
                let member = &mut members[at];
                let mut pass = call.pass(member.i, member.node, t, 1, core::mem::take(&mut member.state));
                let output = member.node.layer.forward(input, &mut pass)?;
                member.state = pass.state;
                member.sent.push(output);
            }
        }
        let joined = |member: Member<'_>| {
            let potentials = member.node.recording.potential || call.record;
            (member.i, Activations::join(member.sent, potentials))
        };
        Ok(members.into_iter().map(joined).collect())
    }

    /// Layer `i` of the cycle `order` before the first step.
    fn member(&self, i: usize, order: &[usize], sent: &mut Sent) -> Member<'_> {
        let node = &self.layers[i];
        let heard = |origin: &Origin| match *origin {
            Origin::Node(from) if order.contains(&from) => Some(Heard::Inside(from)),
            outside => Some(Heard::Outside(node.delay.apply(sent.take(outside)?, self.config.steps).into())),
        };
        let inputs = node.inputs.iter().filter_map(heard).collect();
        Member { i, node, inputs, injected: None, state: LayerState::default(), sent: vec![] }
    }

    /// Input of a layer of the cycle at step `t`.
    fn heard(
        &self,
        t: usize,
        member: &Member<'_>,
        members: &[Member<'_>],
        like: &Activations,
    ) -> Result<Activations, Error> {
        let silence = |from: usize| {
            let (device, dtype) = (like.values.device(), like.values.dtype());
            let dims = [1, like.values.dims()[1], self.layers[from].output_shape.size()];
            Activations {
                values: Tensor::zeros(dims, (&device, dtype)),
                spike_times: None,
                potential: None,
                dt: like.dt,
            }
        };
        let at = |heard: &Heard| match heard {
            Heard::Outside(activations) => activations.at(t),
            Heard::Inside(from) => {
                let sent = members.iter().find(|source| source.i == *from).map(|source| &source.sent);
                let step = t.checked_sub(member.node.delay.steps());
                let sent = step.and_then(|step| sent?.get(step).cloned());
                sent.map_or_else(|| silence(*from), |sent| Activations { potential: None, ..sent })
            }
        };
        let inputs = member.inputs.iter().map(at).collect();
        let Some(input) = member.node.join.apply(inputs, 1) else { return Err(unreached(member.node)) };
        Ok(match &member.injected {
            Some(current) => input.add(current.at(t)),
            None => input,
        })
    }
}
