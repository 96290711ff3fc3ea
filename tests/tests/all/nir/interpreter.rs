//! NIR run node by node in double precision, as its equations say it: what networks are compared with.

use std::collections::BTreeMap;
use synfire::nir::{Array, Graph, Node, NodeKind, Padding, Pool2d};

/// Settings for facts that files do not tell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) dt: f64,
    pub(crate) subtract: bool,
    pub(crate) previous_current: bool,
}

/// State of a node: potentials, currents, or what is on its way through a delay.
#[derive(Default)]
struct State {
    v: Vec<f64>,
    i: Vec<f64>,
    sent: Vec<Vec<f64>>,
}

/// Output of every node at every step for inputs `[T][values]`; nodes in an order in which each comes after its inputs, what
/// goes back arrives a step later.
pub(crate) fn run(graph: &Graph, order: &[&str], input: &[Vec<f64>], rules: Rules) -> BTreeMap<String, Vec<Vec<f64>>> {
    let shapes = graph.shapes().unwrap();
    let senders = graph.senders();
    let mut states: BTreeMap<&str, State> = BTreeMap::new();
    let mut outputs: BTreeMap<String, Vec<Vec<f64>>> = BTreeMap::new();
    for (t, step) in input.iter().enumerate() {
        for &name in order {
            let mut x = vec![0.0; shapes[name].input.iter().product()];
            for &from in &senders[name] {
                let sent = outputs.get(from).and_then(|sent| sent.get(t).or_else(|| sent.get(t.checked_sub(1)?)));
                match (sent, &graph.nodes[from].kind) {
                    (Some(sent), _) => x.iter_mut().zip(sent).for_each(|(x, sent)| *x += sent),
                    // before the first step it was given silence
                    (None, NodeKind::Affine(a)) => x.iter_mut().enumerate().for_each(|(k, x)| *x += at(&a.bias, k)),
                    (None, _) => {}
                }
            }
            let state = states.entry(name).or_default();
            let out = match &graph.nodes[name].kind {
                NodeKind::Input(_) => step.clone(),
                _ => node(&graph.nodes[name], &shapes[name].input, &x, state, rules),
            };
            outputs.entry(name.to_string()).or_default().push(out);
        }
    }
    outputs
}

fn at(array: &Array, n: usize) -> f64 {
    array.values()[if array.len() == 1 { 0 } else { n }]
}

fn node(node: &Node, shape: &[usize], x: &[f64], state: &mut State, rules: Rules) -> Vec<f64> {
    let (n, dt) = (x.len(), rules.dt);
    state.v.resize(n, 0.0);
    state.i.resize(n, 0.0);
    let each = |f: &mut dyn FnMut(usize) -> f64| (0..n).map(f).collect::<Vec<f64>>();
    let fire = |v: &mut f64, threshold: f64, reset: f64| {
        let spike = *v > threshold;
        if spike {
            *v = if rules.subtract { *v - threshold } else { reset };
        }
        f64::from(u8::from(spike))
    };
    match &node.kind {
        NodeKind::Output(_) | NodeKind::Flatten(_) => x.to_vec(),
        NodeKind::Linear(l) => matrix(&l.weight, x),
        NodeKind::Affine(l) => matrix(&l.weight, x).into_iter().enumerate().map(|(o, y)| y + at(&l.bias, o)).collect(),
        NodeKind::Scale(s) => each(&mut |k| x[k] * at(&s.scale, k)),
        NodeKind::Threshold(s) => each(&mut |k| f64::from(u8::from(x[k] > at(&s.threshold, k)))),
        NodeKind::Conv2d(c) => {
            let Padding::Amount(padding) = c.padding else { panic!("no amount") };
            let [_, height, width] = *shape else { panic!("no picture") };
            let [outputs, inputs, rows, columns] = *c.weight.shape() else { panic!("no kernel") };
            let [h, w] = [0, 1].map(|axis| {
                let window = c.dilation[axis] * (c.kernel(axis) - 1) + 1;
                (shape[1 + axis] + 2 * padding[axis] - window) / c.stride[axis] + 1
            });
            let mut y = vec![];
            for o in 0..outputs {
                let first = o / (outputs / c.groups) * inputs;
                for (i, j) in (0..h).flat_map(|i| (0..w).map(move |j| (i, j))) {
                    let mut sum = at(&c.bias, o);
                    for (k, r, s) in
                        (0..inputs).flat_map(|k| (0..rows * columns).map(move |p| (k, p / columns, p % columns)))
                    {
                        let row = (i * c.stride[0] + r * c.dilation[0]).wrapping_sub(padding[0]);
                        let column = (j * c.stride[1] + s * c.dilation[1]).wrapping_sub(padding[1]);
                        if row < height && column < width {
                            let weight = c.weight.values()[((o * inputs + k) * rows + r) * columns + s];
                            sum += weight * x[((first + k) * height + row) * width + column];
                        }
                    }
                    y.push(sum);
                }
            }
            y
        }
        NodeKind::SumPool2d(p) => pool(p, shape, x),
        NodeKind::AvgPool2d(p) => {
            let size = (p.kernel_size[0] * p.kernel_size[1]) as f64;
            pool(p, shape, x).into_iter().map(|y| y / size).collect()
        }
        NodeKind::Delay(d) => {
            state.sent.push(x.to_vec());
            let last = state.sent.len() - 1;
            each(&mut |k| {
                let steps = (at(&d.delay, k) / dt).round() as usize;
                last.checked_sub(steps).map_or(0.0, |t| state.sent[t][k])
            })
        }
        NodeKind::I(p) => each(&mut |k| {
            state.v[k] += dt * at(&p.r, k) * x[k];
            state.v[k]
        }),
        NodeKind::Li(p) => each(&mut |k| {
            state.v[k] += dt / at(&p.tau, k) * (at(&p.v_leak, k) - state.v[k] + at(&p.r, k) * x[k]);
            state.v[k]
        }),
        NodeKind::If(p) => each(&mut |k| {
            state.v[k] += dt * at(&p.r, k) * x[k];
            fire(&mut state.v[k], at(&p.v_threshold, k), at(&p.v_reset, k))
        }),
        NodeKind::Lif(p) => each(&mut |k| {
            state.v[k] += dt / at(&p.tau, k) * (at(&p.v_leak, k) - state.v[k] + at(&p.r, k) * x[k]);
            fire(&mut state.v[k], at(&p.v_threshold, k), at(&p.v_reset, k))
        }),
        NodeKind::CubaLi(p) => each(&mut |k| {
            let before = state.i[k];
            state.i[k] += dt / at(&p.tau_syn, k) * (at(&p.w_in, k) * x[k] - before);
            let i = if rules.previous_current { before } else { state.i[k] };
            state.v[k] += dt / at(&p.tau_mem, k) * (at(&p.v_leak, k) - state.v[k] + at(&p.r, k) * i);
            state.v[k]
        }),
        NodeKind::CubaLif(p) => each(&mut |k| {
            let before = state.i[k];
            state.i[k] += dt / at(&p.tau_syn, k) * (at(&p.w_in, k) * x[k] - before);
            let i = if rules.previous_current { before } else { state.i[k] };
            state.v[k] += dt / at(&p.tau_mem, k) * (at(&p.v_leak, k) - state.v[k] + at(&p.r, k) * i);
            fire(&mut state.v[k], at(&p.v_threshold, k), at(&p.v_reset, k))
        }),
        other => panic!("{} is not here", other.name()),
    }
}

fn matrix(weight: &Array, x: &[f64]) -> Vec<f64> {
    weight.values().chunks(x.len()).map(|row| row.iter().zip(x).map(|(w, x)| w * x).sum()).collect()
}

fn pool(p: &Pool2d, shape: &[usize], x: &[f64]) -> Vec<f64> {
    let [channels, height, width] = *shape else { panic!("no picture") };
    let [h, w] = [0, 1].map(|axis| (shape[1 + axis] + 2 * p.padding[axis] - p.kernel_size[axis]) / p.stride[axis] + 1);
    let places = (0..channels).flat_map(|c| (0..h).flat_map(move |i| (0..w).map(move |j| (c, i, j))));
    let sum = |(c, i, j): (usize, usize, usize)| {
        let window = (0..p.kernel_size[0]).flat_map(|r| (0..p.kernel_size[1]).map(move |s| (r, s)));
        let value = |(r, s): (usize, usize)| {
            let (row, column) =
                ((i * p.stride[0] + r).wrapping_sub(p.padding[0]), (j * p.stride[1] + s).wrapping_sub(p.padding[1]));
            if row < height && column < width { x[(c * height + row) * width + column] } else { 0.0 }
        };
        window.map(value).sum()
    };
    places.map(sum).collect()
}
