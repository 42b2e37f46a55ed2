//! Patches that are parallel, opposite or zero: their angles have no digits to lose.

use crate::Case;
use crate::common::Random;
use crate::grids::pixels;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const NONLINEARITIES: [&str; 5] = [
    r#"{"type":"relu"}"#,
    r#"{"type":"leakyRelu","alpha":0.3}"#,
    r#"{"type":"abs"}"#,
    r#"{"type":"abRelu","a":-0.4,"b":1.3}"#,
    r#"{"type":"erf"}"#,
];

/// Two convolutions with nonlinearities between all kinds of ends.
fn networks() -> Vec<String> {
    let mut texts = Vec::new();
    for nonlinearity in NONLINEARITIES {
        for (size, padding) in
            [([1, 1], "circular"), ([3, 3], "circular"), ([3, 3], "same"), ([2, 2], "valid")]
        {
            for sink in ["flatten", "globalAveragePool"] {
                for bias in ["null", "0.5"] {
                    let conv = format!(
                        r#"{{"type":"conv","size":{size:?},"padding":"{padding}","biasStd":{bias}}}"#
                    );
                    texts.push(format!(
                        r#"{{"type":"serial","layers":[{conv},{nonlinearity},{conv},{nonlinearity},
                            {{"type":"{sink}"}},{{"type":"dense"}}]}}"#
                    ));
                }
            }
        }
    }
    texts
}

#[track_caller]
fn check(shape: [usize; 3], images: &[Vec<f64>]) {
    for text in networks() {
        Case::new(&text, shape, images.concat()).check(1e-13);
    }
}

#[test]
fn multiples_of_an_image() {
    for channels in [1, 2] {
        let shape = [3, 4, channels];
        let image = pixels(&mut Random::new(5), 12 * channels);
        let images = [1.0, 2.0, 0.375, -1.0]
            .map(|factor: f64| image.iter().map(|x| factor * x).collect::<Vec<_>>());
        check(shape, &images);
    }
}

#[test]
fn constant_backgrounds() {
    // A stroke on backgrounds of different values.
    let stroke = [(4, 0.9), (5, 0.4), (8, 0.7)];
    let images = [0.25, 0.625, 0.0, -0.5].map(|background: f64| {
        let mut image = vec![background; 12];
        for (at, value) in stroke {
            image[at] = f64::from(value as f32);
        }
        image
    });
    check([3, 4, 1], &images);
}

#[test]
fn constant_images() {
    let images = [0.1, 0.3, -0.7, 1e3].map(|value: f64| vec![f64::from(value as f32); 12]);
    check([3, 4, 1], &images);
}

#[test]
fn nearly_equal_images() {
    let mut random = Random::new(6);
    let image = pixels(&mut random, 12);
    let steps = pixels(&mut random, 12);
    for distance in [1e-3, 1e-6, 1e-9, 1e-12] {
        let moved: Vec<f64> =
            image.iter().zip(&steps).map(|(x, step)| x * 1.5 + distance * step).collect();
        for text in networks() {
            let case = Case::new(&text, [3, 4, 1], [&image[..], &moved].concat());
            let expected = case.naive(false);
            for executor in case.executors() {
                let what = format!("{executor:?}, distance {distance}");
                case.assert_expected(&case.fast::<f64>(executor, false), &expected, 1e-13, &what);
            }
        }
    }
}

#[test]
fn zero_images() {
    let image = pixels(&mut Random::new(7), 12);
    let mut part = image.clone();
    part[..7].fill(0.0);
    check([3, 4, 1], &[vec![0.0; 12], image, part]);
}

#[test]
fn single_locations() {
    for text in networks().iter().filter(|text| !text.contains("valid")) {
        let samples = vec![0.5, -0.25, 1.0, 0.5, 0.0, 0.0];
        Case::new(text, [1, 1, 2], samples).check(1e-13);
    }
}

#[test]
fn pooled_vectors_that_are_parallel() {
    let shape = [3, 4, 1];
    let image = pixels(&mut Random::new(12), 12);
    let images = [1.0, 2.0, 1.0].map(|factor| image.iter().map(|x| factor * x).collect::<Vec<_>>());
    for sink in ["flatten", "globalAveragePool", "globalSumPool"] {
        let text = format!(
            r#"{{"type":"serial","layers":[{{"type":"conv","size":[3,3]}},{{"type":"relu"}},
                {{"type":"{sink}"}},{{"type":"dense"}},{{"type":"relu"}},{{"type":"dense"}}]}}"#
        );
        let case = Case::new(&text, shape, images.concat());
        let expected = case.naive(false);
        for executor in case.executors() {
            let kernels = case.fast::<f64>(executor, false);
            case.assert_expected(&kernels, &expected, 1e-13, &format!("{executor:?}"));
        }
    }
}
