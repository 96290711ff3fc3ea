//! Files of the NIR paper and of other frameworks.

mod common;

use std::path::{Path, PathBuf};
use synfire_nir::{Graph, NodeKind};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == "nir"))
        .collect();
    found.sort();
    found
}

#[test]
fn every_reference_file_is_read_written_and_read_again() {
    let Some(folder) = common::reference_folder() else { return };
    let files = files(&folder);
    assert!(files.len() >= 7, "{files:?}");
    for path in files {
        let mut graph = Graph::read(&path).unwrap();
        assert!(graph.version.is_some(), "{}", path.display());
        let repaired = graph.repair();
        let is_nested = path.to_string_lossy().contains("subgraph");
        assert_eq!(repaired.len(), usize::from(is_nested), "{}: {repaired:?}", path.display());
        assert_eq!(Graph::from_bytes(graph.to_bytes().unwrap()).unwrap(), graph, "{}", path.display());
        graph.inlined().and_then(|flat| flat.summary()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}

#[test]
fn the_numbers_are_those_that_h5py_reads() {
    let Some(folder) = common::reference_folder() else { return };
    let read = |name: &str| Graph::read(&folder.join(name)).unwrap();
    let cnn = read("02_cnn/cnn_sinabs.nir");
    let NodeKind::Conv2d(conv) = &cnn.nodes["0"].kind else { panic!("no convolution") };
    assert_eq!(conv.weight.shape(), [16, 2, 5, 5]);
    assert_eq!(conv.weight.to_f32()[..3], [-0.2573422, -0.27034938, -0.32655814]);
    assert_eq!((conv.stride, conv.input_shape), ([2, 2], Some([34, 34])));
    // no `v_reset` in files of that time
    let NodeKind::If(neurons) = &cnn.nodes["1"].kind else { panic!("no neurons") };
    assert_eq!((neurons.v_reset.shape(), neurons.v_reset.range()), (&[16, 16, 16][..], Some([0.0, 0.0])));
    let NodeKind::CubaLif(neurons) = &read("03_rnn/braille_noDelay_noBias_subtract.nir").nodes["lif2"].kind else {
        panic!("no neurons")
    };
    assert_eq!(neurons.w_in.values()[0], 1.8181817787737895);
    // compressed
    let NodeKind::Affine(affine) = &read("written_by_snntorch_1.0.0.nir").nodes["0"].kind else { panic!("no weights") };
    assert_eq!(affine.bias.to_f32(), [-0.011439145, 0.45777494]);
}
