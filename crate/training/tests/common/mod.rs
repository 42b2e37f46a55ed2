//! What the tests share: numbers, networks and comparisons.

#![allow(dead_code)]

use burn_tensor::{Tensor, TensorData};
use orbit_kernels_training::random::Random;
use orbit_kernels_training::training::Training;

/// Normal numbers of a name.
pub fn numbers(name: &str, count: usize) -> Vec<f64> {
    let mut random = Random::new(7, name);
    (0..count).map(|_| random.normal()).collect()
}

pub fn data(numbers: &[f64]) -> TensorData {
    TensorData::new(numbers.to_vec(), [numbers.len()])
}

pub fn read(data: &TensorData) -> Vec<f64> {
    data.as_slice::<f64>().unwrap().to_vec()
}

/// A training in double precision, of random parameters that are not small.
pub fn training(layers: &str, shape: &str, more: &str) -> Training {
    let network = format!(r#"{{"type":"serial","layers":[{layers}]}}"#);
    let settings =
        format!(r#"{{"network":{network},"shape":{shape},"precision":"f64","seed":3{more}}}"#);
    let mut training = Training::new(&settings).unwrap_or_else(|error| panic!("{error}"));
    shake(&mut training);
    training
}

/// Moves all parameters off their start: shifts of zero would hide mistakes.
pub fn shake(training: &mut Training) {
    let flat = flat(training);
    let moved = numbers("shake", flat.len());
    let all: Vec<f64> = flat.iter().zip(moved).map(|(w, move_)| w + 0.3 * move_).collect();
    set_flat(training, &all);
}

/// All parameters in a row.
pub fn flat(training: &Training) -> Vec<f64> {
    let all = training.model.parameters.iter();
    all.flat_map(|parameter| read(&parameter.to_data())).collect()
}

pub fn set_flat(training: &mut Training, numbers: &[f64]) {
    let mut start = 0;
    for parameter in &mut training.model.parameters {
        let size = parameter.dims()[0];
        let options = (&parameter.device(), parameter.dtype());
        *parameter = Tensor::from_data(data(&numbers[start..start + size]), options);
        start += size;
    }
}

/// Asserts that the largest difference is at most a share of the largest number.
#[track_caller]
pub fn assert_near(actual: &[f64], expected: &[f64], share: f64) {
    assert_eq!(actual.len(), expected.len());
    let scale = expected.iter().fold(1e-3_f64, |scale, x| scale.max(x.abs()));
    for (k, (a, b)) in actual.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= share * scale, "entry {k}: {a} instead of {b} (scale {scale})");
    }
}

/// A network of each kind of layer: its name, its layers and the shape of a sample.
pub const LAYERS: [(&str, &str, &str); 24] = [
    ("dense", r#"{"type":"dense","width":3,"biasStd":1}"#, "[5]"),
    ("dense of an image", r#"{"type":"dense","width":3,"weightStd":1.4}"#, "[2,3]"),
    (
        "relu",
        r#"{"type":"dense","width":6,"biasStd":0.5},{"type":"relu"},{"type":"dense","width":2}"#,
        "[5]",
    ),
    (
        "leakyRelu",
        r#"{"type":"dense","width":6},{"type":"leakyRelu","alpha":0.1},{"type":"dense","width":2}"#,
        "[5]",
    ),
    (
        "abRelu",
        r#"{"type":"dense","width":6},{"type":"abRelu","a":-0.3,"b":1.4},{"type":"dense","width":2}"#,
        "[5]",
    ),
    ("abs", r#"{"type":"dense","width":6},{"type":"abs"},{"type":"dense","width":2}"#, "[5]"),
    (
        "erf",
        r#"{"type":"dense","width":6},{"type":"erf","a":1.2,"b":0.7,"c":0.1},{"type":"dense","width":2}"#,
        "[5]",
    ),
    ("gelu", r#"{"type":"dense","width":6},{"type":"gelu"},{"type":"dense","width":2}"#, "[5]"),
    (
        "conv circular",
        r#"{"type":"conv","outChannels":3,"size":[3,3],"biasStd":1},{"type":"relu"},{"type":"flatten"},{"type":"dense","width":2}"#,
        "[5,4,2]",
    ),
    (
        "conv circular strided",
        r#"{"type":"conv","outChannels":3,"size":[3,2],"stride":[2,3]},{"type":"erf"},{"type":"flatten"},{"type":"dense","width":2}"#,
        "[5,4,2]",
    ),
    (
        "conv same",
        r#"{"type":"conv","outChannels":3,"size":[3,2],"stride":[2,1],"padding":"same","biasStd":0.5},{"type":"erf"},{"type":"flatten"},{"type":"dense","width":2}"#,
        "[5,4]",
    ),
    (
        "conv valid",
        r#"{"type":"conv","outChannels":3,"size":[2,3],"padding":"valid"},{"type":"erf"},{"type":"flatten"},{"type":"dense","width":2}"#,
        "[5,4,2]",
    ),
    (
        "avgPool",
        r#"{"type":"conv","outChannels":3,"size":[2,2]},{"type":"avgPool","size":[2,2],"padding":"same","stride":[1,2]},{"type":"erf"},{"type":"flatten"},{"type":"dense","width":2}"#,
        "[5,4]",
    ),
    (
        "avgPool inside",
        r#"{"type":"conv","outChannels":3,"size":[2,2]},{"type":"avgPool","size":[3,3],"padding":"same","normalizeEdges":true},{"type":"erf"},{"type":"globalSumPool"},{"type":"dense","width":2}"#,
        "[5,4]",
    ),
    (
        "sumPool",
        r#"{"type":"conv","outChannels":3,"size":[2,2]},{"type":"sumPool","size":[2,3],"padding":"circular","stride":[2,2]},{"type":"erf"},{"type":"globalAveragePool"},{"type":"dense","width":2}"#,
        "[4,5]",
    ),
    (
        "maxPool",
        r#"{"type":"conv","outChannels":3,"size":[2,2]},{"type":"maxPool","size":[2,2]},{"type":"erf"},{"type":"flatten"},{"type":"dense","width":2}"#,
        "[5,4]",
    ),
    (
        "maxPool same",
        r#"{"type":"conv","outChannels":3,"size":[2,2]},{"type":"maxPool","size":[3,2],"stride":[2,2],"padding":"same"},{"type":"flatten"},{"type":"dense","width":2}"#,
        "[5,4]",
    ),
    (
        "maxPool circular",
        r#"{"type":"conv","outChannels":3,"size":[2,2]},{"type":"maxPool","size":[3,2],"stride":[2,1],"padding":"circular"},{"type":"flatten"},{"type":"dense","width":2}"#,
        "[5,4]",
    ),
    (
        "layerNorm",
        r#"{"type":"conv","outChannels":3,"size":[2,2]},{"type":"layerNorm","axis":[1,-1],"eps":0.01,"affine":true},{"type":"relu"},{"type":"flatten"},{"type":"dense","width":4},{"type":"layerNorm","affine":true},{"type":"dense","width":2}"#,
        "[3,4,2]",
    ),
    (
        "residual",
        r#"{"type":"dense","width":4},{"type":"serial","layers":[{"type":"fanOut","count":2},{"type":"parallel","layers":[{"type":"serial","layers":[{"type":"erf"},{"type":"dense","width":4}]},{"type":"identity"}]},{"type":"fanInSum"}]},{"type":"erf"},{"type":"dense","width":2}"#,
        "[5]",
    ),
    (
        "tokens",
        r#"{"type":"patches","size":[2,1]},{"type":"dense","width":4},{"type":"classToken"},{"type":"positionalEmbedding"},{"type":"layerNorm","affine":true,"eps":0.01},{"type":"erf"},{"type":"takeToken"},{"type":"dense","width":2}"#,
        "[4,3,2]",
    ),
    (
        "attention",
        r#"{"type":"patches","size":[2,2]},{"type":"dense","width":4,"biasStd":1},{"type":"classToken"},{"type":"attention","heads":2,"biasStd":0.4},{"type":"attention","heads":3,"keyWidth":2},{"type":"flatten"},{"type":"dense","width":2}"#,
        "[4,4]",
    ),
    (
        "takeToken",
        r#"{"type":"patches","size":[2,2]},{"type":"dense","width":4,"biasStd":1},{"type":"fanOut","count":2},{"type":"parallel","layers":[{"type":"identity"},{"type":"serial","layers":[{"type":"layerNorm","affine":true,"eps":0.01},{"type":"attention","heads":2,"biasStd":0.4}]}]},{"type":"fanInSum"},{"type":"fanOut","count":2},{"type":"parallel","layers":[{"type":"identity"},{"type":"serial","layers":[{"type":"dense","width":4},{"type":"erf"}]}]},{"type":"fanInSum"},{"type":"takeToken","index":2},{"type":"layerNorm","affine":true},{"type":"dense","width":2}"#,
        "[4,4]",
    ),
    (
        "takeToken of all",
        r#"{"type":"patches","size":[2,2]},{"type":"dense","width":4},{"type":"layerNorm","axis":[1,-1],"eps":0.01,"affine":true},{"type":"erf"},{"type":"takeToken","index":1},{"type":"dense","width":2}"#,
        "[4,4]",
    ),
];

/// Numbers of a sample of a shape in JSON.
pub fn size(shape: &str) -> usize {
    shape.trim_matches(['[', ']']).split(',').map(|side| side.parse::<usize>().unwrap()).product()
}
