//! The pictures of the book: the same runs, drawn.

use super::{Recording, adex, hodgkin_huxley, izhikevich};
use synfire::neuron::{Hh, Integrator};
use synfire::plot::{Curve, Picture, TracePanel, membrane_traces, relation};

fn write(name: &str, picture: &Picture) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src/figures");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), picture.svg()).unwrap();
}

/// Draws one panel per run; `peak` is what the potential reached where the recording shows it reset.
fn traces(title: &str, runs: &[(&str, Recording)], peak: Option<f32>) -> Picture {
    let peaked = |run: &Recording| -> Vec<f32> {
        let values = run.v.iter().zip(&run.spikes);
        values.map(|(v, spike)| peak.filter(|_| *spike > 0.0).unwrap_or(*v)).collect()
    };
    let values: Vec<Vec<f32>> = runs.iter().map(|(_, run)| peaked(run)).collect();
    let panels: Vec<TracePanel<'_>> = runs
        .iter()
        .zip(&values)
        .map(|((name, run), values)| TracePanel {
            name,
            axis: "v (mV)",
            values,
            neurons: 1,
            spikes: Some(&run.spikes),
            ..TracePanel::default()
        })
        .collect();
    membrane_traces(title, &panels, runs[0].1.dt)
}

#[test]
#[ignore = "draws pictures of the book"]
fn izhikevich() {
    let run = |kind| izhikevich::run(kind, 300.0, 0.1, Integrator::Euler);
    let runs = [
        ("Regular spiking", run(izhikevich::REGULAR)),
        ("Intrinsically bursting", run(izhikevich::BURSTING)),
        ("Chattering", run(izhikevich::CHATTERING)),
        ("Fast spiking", run(izhikevich::FAST)),
    ];
    write("izh.svg", &traces("Izhikevich's neuron under a constant current", &runs, Some(30.0)));
}

#[test]
#[ignore = "draws pictures of the book"]
fn adaptive_exponential() {
    let run = |pattern| adex::run(pattern, 500.0);
    let runs = [
        ("Tonic", run(&adex::TONIC)),
        ("Adapting", run(&adex::ADAPTING)),
        ("Initial burst", run(&adex::INITIAL_BURST)),
        ("Regular bursting", run(&adex::BURSTING)),
    ];
    write("adex.svg", &traces("The adaptive exponential neuron under a constant current", &runs, Some(0.0)));
}

#[test]
#[ignore = "draws pictures of the book"]
fn hodgkin_and_huxley() {
    let integrator = Hh::default().integrator;
    let run = |current| hodgkin_huxley::run(&[current], 100.0, 0.02, integrator);
    let runs = [
        ("Potential under 5 µA/cm²", run(5.0)),
        ("Potential under 7 µA/cm²", run(7.0)),
        ("Potential under 15 µA/cm²", run(15.0)),
    ];
    write("hh.svg", &traces("Hodgkin and Huxley's neuron under constant currents", &runs, None));

    let currents: Vec<f32> = (0..=200).map(|tenth| tenth as f32 / 10.0).collect();
    let run = hodgkin_huxley::run(&currents, 400.0, 0.05, integrator);
    let rate = |(neuron, current): (usize, &f32)| (f64::from(*current), f64::from(run.rate(neuron, 200.0)));
    let points: Vec<(f64, f64)> = currents.iter().enumerate().map(rate).collect();
    let curve = Curve { name: "hh", points: &points };
    let title = "How fast Hodgkin and Huxley's neuron fires";
    write("hh_rate.svg", &relation(title, "current (µA/cm²)", "firing rate (Hz)", &[curve]));
}
