//! Layers that listen to each other, and so run one step after the other.

use super::Network;
use super::forward::{Call, Kept, unreached};
use super::layer::LayerState;
use super::node::{Node, Origin};
use super::sent::{Message, Sent};
use super::state::NodeState;
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
    /// Outputs: of the steps before the first that listeners look back to, then of each step so far.
    sent: Vec<Activations>,
    /// Number of outputs before the first step.
    before: usize,
    /// State for the steps that follow.
    kept: NodeState,
}

impl Network {
    /// Runs the layers of a cycle in this order, step by step.
    pub(super) fn cycle(
        &self,
        order: &[usize],
        sent: &mut Sent,
        call: &Call,
        kept: &mut Kept<'_>,
    ) -> Result<Vec<(usize, Message)>, Error> {
        let (first, keep) = (kept.first(), kept.is_wanted());
        let mut members: Vec<Member<'_>> =
            order.iter().map(|&i| self.member(i, order, sent, call.steps, kept)).collect();
        let outside = members.iter().flat_map(|member| &member.inputs).find_map(|heard| match heard {
            Heard::Outside(activations) => Some(activations.at(0)),
            Heard::Inside(_) => None,
        });
        let Some(like) = outside else { return Err(unreached(&self.layers[order[0]])) };
        for member in &mut members {
            member.injected = self.injected(member.i, &like, [first, call.steps], call)?;
        }
        for t in 0..call.steps {
            for at in 0..members.len() {
                let input = self.heard(t, &members[at], &members, &like)?;
                let member = &mut members[at];
                let mut pass = call.pass(member.i, member.node, [first + t, 1], core::mem::take(&mut member.state));
                let output = member.node.layer.forward(input, &mut pass)?;
                member.state = pass.state;
                member.sent.push(output);
            }
        }
        let look_back = order.iter().map(|&i| self.layers[i].delay.steps()).max().unwrap_or(0);
        let joined = |mut member: Member<'_>| {
            let potentials = call.records(member.i, member.node);
            let steps = member.sent.split_off(member.before);
            if keep {
                let last = member.sent.iter().chain(&steps).rev().take(look_back).cloned();
                let sent = last.map(|sent| Activations { potential: None, ..sent }).collect::<Vec<_>>();
                let sent = sent.into_iter().rev().collect();
                kept.put(member.i, NodeState { layer: member.state, sent, ..member.kept });
            }
            (member.i, Activations::join(steps, potentials).into())
        };
        Ok(members.into_iter().map(joined).collect())
    }

    /// Layer `i` of the cycle `order` before the first step.
    fn member(&self, i: usize, order: &[usize], sent: &mut Sent, steps: usize, kept: &mut Kept<'_>) -> Member<'_> {
        let node = &self.layers[i];
        let (keep, mut state) = (kept.is_wanted(), kept.take(i));
        let heard = |(at, origin): (usize, &Origin)| match *origin {
            Origin::Node(from) if order.contains(&from) => Some(Heard::Inside(from)),
            outside => {
                let delayed = node.delay.apply(sent.take(outside)?.without_hold(steps), steps, state.waiting(at), keep);
                Some(Heard::Outside(delayed.into()))
            }
        };
        let inputs = node.inputs.iter().enumerate().filter_map(heard).collect();
        let (layer, sent) = (core::mem::take(&mut state.layer), core::mem::take(&mut state.sent));
        Member { i, node, inputs, injected: None, state: layer, before: sent.len(), sent, kept: state }
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
                let source = members.iter().find(|source| source.i == *from);
                let sent = source.and_then(|source| {
                    let step = (source.before + t).checked_sub(member.node.delay.steps())?;
                    source.sent.get(step).cloned()
                });
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
