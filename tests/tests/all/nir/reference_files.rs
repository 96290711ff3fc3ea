//! Files of NIR's paper and of other frameworks, with recorded answers.

use super::recorded;
use std::path::{Path, PathBuf};
use synfire::neuron::{Reset, SynapticCurrent};
use synfire::nir::{ImportOptions, import, read};

/// Folder of the shared data sets: the one that `SYNFIRE_DATASETS` names, else the one beside the project. None with a
/// visible line if there is none.
fn datasets() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/datasets");
    let folder = std::env::var_os("SYNFIRE_DATASETS").map_or_else(|| beside.into(), PathBuf::from);
    if !folder.join("nir").is_dir() {
        eprintln!("skipped: no NIR files in {}; set SYNFIRE_DATASETS to a folder with them", folder.display());
        return None;
    }
    Some(folder)
}

fn table(path: &Path, separator: char) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(path).unwrap();
    let numbers = |line: &str| line.split(separator).map(|x| x.trim().parse().ok()).collect::<Option<Vec<f64>>>();
    // a heading has no numbers
    text.lines().filter_map(numbers).collect()
}

#[test]
fn norse_has_the_same_trace() {
    let Some(folder) = datasets() else { return };
    let folder = folder.join("nir/01_lif");
    let rows = table(&folder.join("lif_norse.csv"), ',');
    let options = ImportOptions { steps: rows.len(), ..ImportOptions::new(1e-4) };
    let imported = import(&read(&folder.join("lif_norse.nir")).unwrap(), &options).unwrap();
    let input: Vec<Vec<f64>> = rows.iter().map(|row| vec![row[0]]).collect();
    let (_, spikes, potential) = recorded(&imported, &input).remove(0);
    let expected: Vec<f32> = rows.iter().map(|row| row[2] as f32).collect();
    assert_eq!(spikes, expected);
    assert_eq!(expected.iter().sum::<f32>(), 4.0);
    let error = potential.iter().zip(&rows).map(|(v, row)| (f64::from(*v) - row[1]).abs()).fold(0.0, f64::max);
    assert!(error < 1e-6, "{error:e}");
}

#[test]
fn every_reference_file_becomes_a_network_that_runs() {
    let Some(folder) = datasets() else { return };
    let braille = "03_rnn/braille_noDelay_noBias_subtract";
    let mut outputs = vec![];
    for (name, inputs) in [
        ("01_lif/lif_norse.nir", 1),
        ("01_lif/lif_rockpool.nir", 1),
        (&format!("{braille}.nir"), 12),
        (&format!("{braille}_subgraph.nir"), 12),
        ("written_by_snntorch_1.0.0.nir", 3),
        ("written_by_spikingjelly_2.0.0_no_decay_input.nir", 3),
    ] {
        let graph = read(&folder.join("nir").join(name)).unwrap();
        for cuba in [SynapticCurrent::New, SynapticCurrent::Previous] {
            let options = ImportOptions { reset: Reset::Soft, cuba, steps: 50, ..ImportOptions::new(1e-4) };
            let imported = import(&graph, &options).unwrap_or_else(|error| panic!("{name}: {error}"));
            let overshoots = |note: &String| note.contains("forward Euler");
            assert!(!imported.report.lines.iter().any(|line| line.notes.iter().any(overshoots)), "{name}");
            let input: Vec<Vec<f64>> =
                (0..50).map(|t| (0..inputs).map(|i| f64::from((t * 3 + i) % 4 == 0)).collect()).collect();
            let spikes: Vec<Vec<f32>> = recorded(&imported, &input).into_iter().map(|(_, spikes, _)| spikes).collect();
            assert!(spikes.concat().iter().all(|x| *x == 0.0 || *x == 1.0), "{name}");
            if name.contains("braille") {
                assert!(spikes.concat().iter().sum::<f32>() > 10.0, "{name} is silent");
                outputs.push(spikes);
            }
        }
    }
    // flat and nested
    assert_eq!(outputs[..2], outputs[2..]);
}

/// Folder of a hundred test recordings of N-MNIST, `Test/3/00012.bin`, unpacked: the one that `SYNFIRE_NMNIST` names. None
/// with a visible line if there is none.
fn n_mnist() -> Option<PathBuf> {
    let folder = std::env::var_os("SYNFIRE_NMNIST").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: set SYNFIRE_NMNIST to the unpacked recordings, a folder with Train and Test");
    }
    folder
}

/// Counts of events `[300, 2, 34, 34]` of a recording, in steps of 1 ms; the last one takes what comes later.
fn frames(recording: &Path) -> Vec<Vec<f64>> {
    let mut frames = vec![vec![0.0; 2 * 34 * 34]; 300];
    for event in std::fs::read(recording).unwrap().chunks_exact(5) {
        let [x, y, on, high, middle, low] =
            [event[0], event[1], event[2] >> 7, event[2] & 0x7f, event[3], event[4]].map(usize::from);
        let step = ((high << 16 | middle << 8 | low) / 1000).min(299);
        frames[step][(on * 34 + y) * 34 + x] += 1.0;
    }
    frames
}

/// Accuracy on the first `samples` test recordings of N-MNIST; their spike counts are those in a file.
fn accuracy(reset: Reset, counts: &str, samples: usize) -> Option<f64> {
    let (folder, recordings) = (datasets()?, n_mnist()?);
    let graph = read(&folder.join("nir/02_cnn/cnn_sinabs.nir")).unwrap();
    let imported = import(&graph, &ImportOptions { reset, steps: 300, ..ImportOptions::new(1e-3) }).unwrap();
    let rows = table(&folder.join("nir/02_cnn").join(counts), ',');
    assert_eq!(rows.len(), 100);
    let mut right = 0;
    for row in &rows[..samples] {
        let (sample, label) = (row[0] as usize, row[1] as usize);
        let (_, spikes, _) =
            recorded(&imported, &frames(&recordings.join(format!("Test/{label}/{sample:05}.bin")))).pop()?;
        let mut counts = vec![0.0; 10];
        spikes.iter().enumerate().for_each(|(i, &spike)| counts[i % 10] += f64::from(spike));
        assert_eq!(row[2..], counts, "recording {sample} of class {label}");
        let best = counts.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        right += usize::from(counts.iter().position(|count| *count == best) == Some(label));
    }
    Some(right as f64 / samples as f64)
}

#[test]
fn sinabs_network_gives_the_recorded_counts() {
    accuracy(Reset::Hard, "nmnist_test100_counts_reset_zero.csv", 2);
}

#[test]
#[ignore = "slow: all hundred recordings, twice"]
fn sinabs_network_on_all_of_n_mnist() {
    let Some(zero) = accuracy(Reset::Hard, "nmnist_test100_counts_reset_zero.csv", 100) else { return };
    let subtract = accuracy(Reset::Soft, "nmnist_test100_counts_reset_subtract.csv", 100);
    assert_eq!((zero, subtract), (1.0, Some(0.98)));
}
