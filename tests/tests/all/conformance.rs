//! Every recorded neuron model of SPAIC, on every backend; see `synfire_tests::golden`.

use safetensors::tensor::{Dtype, TensorView, serialize_to_file};
use serde_json::{Value, json};
use synfire_tests::golden;

#[test]
fn neurons_do_what_spaic_does() {
    let failures = golden::failures(&golden::folder());
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// What goes wrong with a case of `ifb` of three steps, worked out by hand and then changed.
fn failures_of(change: impl Fn(&mut Value, &mut Vec<(&str, Vec<f32>)>)) -> Vec<String> {
    let mut index = json!({ "files": { "neuron/ifb": {
        "name": "ifb",
        "file": "ifb.safetensors",
        "cases": { "a": { "params": { "v_th": 0.5, "bias": 0.25 }, "dt": 1.0, "T": 3, "B": 1, "n": 1 } },
        "tolerance_atol": { "a/V": 1e-6, "a/O": 0.0, "a/grad_stca/loss": 1e-6, "a/grad_stca/Isyn": 1e-6 },
    } } });
    let mut arrays = vec![
        ("Isyn", vec![0.0, 0.0, 1.0]),
        ("V", vec![0.25, 0.5, 0.0]),
        ("O", vec![0.0, 0.0, 1.0]),
        ("coef/V", vec![0.0, 1.0, 0.0]),
        ("coef/O", vec![0.0, 0.0, 2.0]),
        ("grad_stca/loss", vec![2.5]),
        // the surrogate is 1 at 0.25 and at 0.5, 0 at 1.75; dV/dv is 1 - O - v O'
        ("grad_stca/Isyn", vec![0.375, 0.5, 0.0]),
    ];
    change(&mut index["files"]["neuron/ifb"], &mut arrays);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.json"), index.to_string()).unwrap();
    let bytes: Vec<(String, Vec<u8>, Vec<usize>)> = arrays
        .into_iter()
        .map(|(name, x)| {
            let shape = if x.len() == 1 { vec![] } else { vec![x.len(), 1, 1] };
            (format!("a/{name}"), x.iter().flat_map(|x| x.to_le_bytes()).collect(), shape)
        })
        .collect();
    let views = bytes.iter().map(|(name, x, shape)| (name, TensorView::new(Dtype::F32, shape.clone(), x).unwrap()));
    serialize_to_file(views, None, &folder.path().join("ifb.safetensors")).unwrap();
    golden::failures(folder.path())
}

/// Every failure of the changed case names it and `what`.
#[track_caller]
fn refuses(what: &str, change: impl Fn(&mut Value, &mut Vec<(&str, Vec<f32>)>)) {
    let failures = failures_of(change);
    assert!(!failures.is_empty(), "nothing found where `{what}` is wrong");
    assert!(failures.iter().all(|line| line.contains(what)), "expected `{what}` in\n{}", failures.join("\n"));
}

#[test]
fn what_differs_is_found_and_named() {
    assert_eq!(failures_of(|_, _| {}), Vec::<String>::new());
    // numbers
    refuses("`V` is off", |_, arrays| arrays[1].1[0] += 2e-6);
    refuses("`V` is off", |_, arrays| arrays[1].1[2] = f32::NAN);
    refuses("`O` is off", |_, arrays| arrays[2].1[0] = 1e-6);
    refuses("`grad_stca/Isyn` is off", |_, arrays| arrays[6].1[1] += 2e-6);
    refuses("`grad_stca/loss` is off", |_, arrays| arrays[5].1[0] += 2e-6);
    refuses("`V` has 2 numbers", |_, arrays| arrays[1].1.truncate(2));
    // names
    refuses("`U`", |_, arrays| arrays[1].0 = "U");
    refuses("`coef/U`", |_, arrays| arrays[3].0 = "coef/U");
    refuses("`tauM`", |_, arrays| arrays[6].0 = "grad_stca/tauM");
    refuses("`new`", |_, arrays| arrays[6].0 = "grad_new/Isyn");
    refuses("`init/V1`", |_, arrays| arrays.push(("init/V1", vec![1.0])));
    refuses("`tau_x`", |index, _| index["cases"]["a"]["params"]["tau_x"] = json!(1.0));
    refuses("`ifx/a`", |index, _| index["name"] = json!("ifx"));
    refuses("no tolerance for `a/O`", |index, _| index["tolerance_atol"] = json!({}));
}

#[test]
fn a_folder_that_is_missing_or_empty_fails() {
    let folder = tempfile::tempdir().unwrap();
    for missing in [folder.path().join("nothing"), folder.path().to_path_buf()] {
        let failures = golden::failures(&missing);
        assert!(failures.len() == 1 && failures[0].contains("index.json"), "{failures:?}");
        assert!(failures[0].contains("SYNFIRE_GOLDEN"), "{failures:?}");
    }
}
