//! Empirical kernels against explicit Jacobians, and against reference numbers.

mod common;

use burn_tensor::Tensor;
use common::{LAYERS, assert_near, data, flat, numbers, read, set_flat, size, training};
use orbit_kernels_training::empirical::{Outputs, nngp, ntk};
use orbit_kernels_training::training::Training;
use serde_json::Value;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn tensor(training: &Training, samples: &[f64]) -> Tensor<2> {
    training.samples(data(samples)).unwrap()
}

/// The derivatives of all outputs of all samples, a row for each parameter, by central differences.
fn jacobian(training: &mut Training, samples: &[f64]) -> Vec<Vec<f64>> {
    const STEP: f64 = 1e-5;
    let start = flat(training);
    let rows = (0..start.len()).map(|index| {
        let mut at = |step: f64| {
            let mut moved = start.clone();
            moved[index] += step;
            set_flat(training, &moved);
            read(&training.predict(data(samples)).unwrap())
        };
        let (above, below) = (at(STEP), at(-STEP));
        above.iter().zip(&below).map(|(a, b)| (a - b) / (2.0 * STEP)).collect()
    });
    let rows = rows.collect();
    set_flat(training, &start);
    rows
}

#[test]
fn tangent_kernel_of_each_layer() {
    for form in ["standard", "ntk"] {
        for (name, layers, shape) in LAYERS {
            let mut training = training(layers, shape, &format!(r#","parameterization":"{form}""#));
            let (n, m) = (3, 2);
            let outputs = training.model.plan.outputs;
            let samples = numbers(name, (n + m) * size(shape));
            let (rows, columns) = samples.split_at(n * size(shape));
            let jacobian = jacobian(&mut training, &samples);
            let product =
                |a: usize, b: usize| -> f64 { jacobian.iter().map(|row| row[a] * row[b]).sum() };
            let full: Vec<f64> = (0..n * m * outputs * outputs)
                .map(|at| {
                    let (pair, a, b) =
                        (at / (outputs * outputs), at / outputs % outputs, at % outputs);
                    product(pair / m * outputs + a, (n + pair % m) * outputs + b)
                })
                .collect();
            let mean: Vec<f64> = full
                .chunks(outputs * outputs)
                .map(|block| {
                    (0..outputs).map(|a| block[a * outputs + a]).sum::<f64>() / outputs as f64
                })
                .collect();
            let model = &training.model;
            let pair = || (tensor(&training, rows), Some(tensor(&training, columns)));
            let kernel = |outputs| {
                let (rows, columns) = pair();
                read(&ntk(model, rows, columns, outputs).into_data())
            };
            println!("{name}, {form}");
            assert_near(&kernel(Outputs::All), &full, 1e-7);
            assert_near(&kernel(Outputs::Mean), &mean, 1e-7);
            let own = read(&ntk(model, pair().0, None, Outputs::Mean).into_data());
            let same = read(&ntk(model, pair().0, Some(pair().0), Outputs::Mean).into_data());
            assert_near(&own, &same, 1e-14);
        }
    }
}

/// The four finite networks of the reference numbers, with their weights.
#[test]
fn reference_networks() {
    let manifest: Value =
        serde_json::from_str(include_str!("../../../tests/fixtures/predict.json")).unwrap();
    let cases = manifest["cases"].as_array().unwrap();
    let mut count = 0;
    for case in cases.iter().filter(|case| case["kind"] == "empirical") {
        let (inputs, expected) = (&case["inputs"], &case["expected"]);
        let settings = serde_json::json!({
            "network": case["network"], "shape": [case["layerDims"][0]], "parameterization": "ntk",
            "precision": "f64",
        });
        let mut training = Training::new(&settings.to_string()).unwrap();
        let mut weights = Vec::new();
        for layer in 0.. {
            let Some(weight) = inputs.get(format!("W{layer}")) else { break };
            weights.extend(array(weight));
            weights.extend(inputs.get(format!("b{layer}")).map(array).unwrap_or_default());
        }
        set_flat(&mut training, &weights);
        let [rows, columns] = ["x1", "x2"].map(|name| array(&inputs[name]));
        let outputs = |x: &[f64]| read(&training.predict(data(x)).unwrap());
        let [rows_of, columns_of] = [&rows, &columns].map(|x| tensor(&training, x));
        let model = &training.model;
        let kernel = |outputs| {
            let kernel = ntk(model, rows_of.clone(), Some(columns_of.clone()), outputs);
            read(&kernel.into_data())
        };
        let mean = nngp(model, rows_of.clone(), columns_of.clone());
        for (actual, name) in [
            (outputs(&rows), "outputs1"),
            (outputs(&columns), "outputs2"),
            (kernel(Outputs::All), "ntkFull"),
            (kernel(Outputs::Mean), "ntkTrace"),
            (read(&mean.into_data()), "nngp"),
        ] {
            let expected = array(&expected[name]);
            assert_eq!(actual.len(), expected.len());
            for (a, b) in actual.iter().zip(&expected) {
                let tolerance = 1e-12 + 1e-10 * b.abs();
                assert!((a - b).abs() <= tolerance, "{} {name}: {a} not {b}", case["name"]);
            }
        }
        count += 1;
    }
    assert_eq!(count, 4);
}

/// The numbers of a reference array, inline or in a file of numpy.
fn array(value: &Value) -> Vec<f64> {
    macro_rules! files {
        ($($name:literal),*) => {
            [$(($name, &include_bytes!(concat!("../../../tests/fixtures/", $name))[..])),*]
        };
    }
    let files = files![
        "predict/empirical-gelu-6-9-4.W0.npy",
        "predict/empirical-gelu-6-9-4.ntkFull.npy",
        "predict/empirical-relu-5-7-3.ntkFull.npy",
        "predict/empirical-relu-nobias-3-8-8-1.W1.npy"
    ];
    if let Some(numbers) = value["data"].as_array() {
        return numbers.iter().map(|number| number.as_f64().unwrap()).collect();
    }
    let (_, bytes) = files.iter().find(|(name, _)| value["file"] == *name).unwrap();
    let header = u16::from_le_bytes([bytes[8], bytes[9]]) as usize;
    let numbers = bytes[10 + header..].chunks_exact(8);
    numbers.map(|number| f64::from_le_bytes(number.try_into().unwrap())).collect()
}
