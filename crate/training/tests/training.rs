//! Seeds, checkpoints, dropout, and that training learns.

mod common;

use common::{assert_near, data, flat, numbers, read, training};
use orbit_kernels_training::random::Random;
use orbit_kernels_training::training::{Targets, Training};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const MLP: &str = r#"{"type":"dense","width":16,"biasStd":0.1},{"type":"relu"},
    {"type":"dropout","keepRate":0.5,"mode":"train"},{"type":"dense","width":3,"biasStd":0.1}"#;
const SGD: &str = r#","loss":"crossEntropy","optimizer":{"type":"sgd","rate":0.1,"momentum":0.9}"#;

fn classes(count: u32) -> Vec<u32> {
    (0..count).map(|index| index % 3).collect()
}

fn held(more: &str) -> Training {
    let mut training = training(MLP, "[5]", more);
    training.hold(data(&numbers("samples", 60)), Targets::Classes(&classes(12))).unwrap();
    training
}

fn order(epochs: u32) -> Vec<u32> {
    (0..epochs).flat_map(|epoch| (0..12).map(move |k| (5 * k + epoch) % 12)).collect()
}

#[test]
fn same_seed_same_bits() {
    for more in ["", SGD] {
        let (mut one, mut two) = (held(more), held(more));
        let losses = one.steps(&order(3), 5).unwrap();
        assert_eq!(losses.len(), 8);
        assert_eq!(losses, two.steps(&order(3), 5).unwrap());
        assert_eq!(flat(&one), flat(&two));
    }
}

#[test]
fn checkpoint_continues_to_the_same_bits() {
    for more in ["", SGD] {
        let mut whole = held(more);
        whole.steps(&order(2), 4).unwrap();
        let checkpoint = whole.checkpoint();
        let losses = whole.steps(&order(2), 4).unwrap();
        let mut rest = held(more);
        rest.restore(&checkpoint).unwrap();
        assert_eq!(losses, rest.steps(&order(2), 4).unwrap());
        assert_eq!(whole.checkpoint(), rest.checkpoint());
    }
}

#[test]
fn a_checkpoint_of_other_settings_is_refused() {
    let file = held("").checkpoint();
    let error = held(SGD).restore(&file).unwrap_err();
    assert_eq!(error.path.as_deref(), Some("loss"));
    let error = held("").restore(&held("").parameters()).unwrap_err();
    assert!(error.message.contains("no training"), "{error}");
    assert!(held("").restore(&file[..file.len() / 2]).is_err());
}

#[test]
fn parameters_go_through_a_file() {
    let one = held("");
    let mut two = training(MLP, "[5]", "");
    common::set_flat(&mut two, &vec![0.5; flat(&one).len()]);
    two.set_parameters(&one.parameters()).unwrap();
    assert_eq!(flat(&one), flat(&two));
    let mut other = training(r#"{"type":"dense","width":2}"#, "[5]", "");
    let error = other.set_parameters(&one.parameters()).unwrap_err();
    assert_eq!(error.path.as_deref(), Some("layers.0.weight"));
}

#[test]
fn training_learns() {
    for more in ["", SGD, r#","optimizer":{"type":"sgd","rate":0.5},"parameterization":"ntk""#] {
        let layers = r#"{"type":"dense","width":64,"biasStd":0.1},{"type":"relu"},{"type":"dense","width":3}"#;
        let mut training = training(layers, "[5]", more);
        training.hold(data(&numbers("samples", 60)), Targets::Classes(&classes(12))).unwrap();
        let before = training.gradients().unwrap().0;
        training.steps(&order(1500), 12).unwrap();
        let after = training.gradients().unwrap().0;
        assert!(after < 0.2 * before, "{more}: {after} after {before}");
    }
}

/// A batch whose numbers between layers are too many is passed in parts; its halves are not.
#[test]
fn parts_of_a_batch_add_up() {
    let layers = r#"{"type":"dense","width":4096},{"type":"relu"},{"type":"dense","width":3}"#;
    let (count, size) = (900, 5);
    let (samples, targets) = (numbers("samples", count * size), classes(count as u32));
    let of = |first: usize, end: usize| {
        let mut training = training(layers, "[5]", "");
        let samples = data(&samples[first * size..end * size]);
        training.hold(samples, Targets::Classes(&targets[first..end])).unwrap();
        let (loss, gradients) = training.gradients().unwrap();
        let numbers = gradients.into_iter().flat_map(|one| read(&one.unwrap().into_data()));
        [loss].into_iter().chain(numbers).collect::<Vec<f64>>()
    };
    let halves = of(0, count / 2).into_iter().zip(of(count / 2, count));
    let expected: Vec<f64> = halves.map(|(one, other)| (one + other) / 2.0).collect();
    assert_near(&of(0, count), &expected, 1e-13);
}

/// Half of the units are dropped in steps, the rest doubled; none in predictions.
#[test]
fn dropout_in_steps_alone() {
    let layers = r#"{"type":"dropout","keepRate":0.5,"mode":"train"},{"type":"dense","width":1}"#;
    let settings = format!(
        r#"{{"network":{{"type":"serial","layers":[{layers}]}},"shape":[1],"precision":"f64"}}"#
    );
    let mut training = Training::new(&settings).unwrap();
    common::set_flat(&mut training, &[1.0]);
    assert_eq!(read(&training.predict(data(&[1.0, 3.0])).unwrap()), [1.0, 3.0]);
    let count = 1000;
    let (ones, zeros) = (vec![1.0; count], vec![0.0; count]);
    training.hold(data(&ones), Targets::Numbers(data(&zeros))).unwrap();
    let all: Vec<u32> = (0..count as u32).collect();
    // ½ mean (2·kept)² is twice the share that is kept.
    let loss = training.steps(&all, count).unwrap()[0];
    assert!((loss - 1.0).abs() < 0.1, "{loss}");
}

#[test]
fn streams_are_random_and_of_their_names() {
    let mut random = Random::new(1, "layers.0.weight");
    let count = 100_000;
    let normal: Vec<f64> = (0..count).map(|_| random.normal()).collect();
    let moment = |power: i32| normal.iter().map(|x| x.powi(power)).sum::<f64>() / f64::from(count);
    assert!(moment(1).abs() < 0.01 && (moment(2) - 1.0).abs() < 0.015);
    assert!(moment(3).abs() < 0.04 && (moment(4) - 3.0).abs() < 0.12);
    let first = |seed, name| Random::new(seed, name).unit();
    let all = [first(1, "a"), first(2, "a"), first(1, "b"), first(1, ""), first(1, "aa")];
    for (k, x) in all.iter().enumerate() {
        assert!(all[..k].iter().all(|other| other != x));
    }
}
