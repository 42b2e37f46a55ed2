//! All filters, strides and paddings, and random networks.

use crate::Case;
use crate::common::Random;
use crate::random::network;
use orbit_kernels_core::kernel::conv::Executor;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Numbers that are the same in single precision.
pub fn pixels(random: &mut Random, count: usize) -> Vec<f64> {
    random.vector(count).into_iter().map(|x| f64::from(x as f32)).collect()
}

fn has_pools(text: &str) -> bool {
    text.contains("avgPool") || text.contains("sumPool")
}

#[test]
fn filters_strides_and_paddings() {
    let mut random = Random::new(1);
    for padding in ["circular", "same", "valid"] {
        for size in [[1, 1], [2, 2], [3, 1], [3, 3], [5, 5]] {
            for stride in [[1, 1], [2, 2], [1, 3]] {
                for sink in ["flatten", "globalAveragePool", "globalSumPool"] {
                    let shape = random.pick(&[[5, 6, 1], [6, 5, 3]]);
                    let bias = random.pick(&["null", "0.3"]);
                    let text = format!(
                        r#"{{"type":"serial","layers":[
                            {{"type":"conv","size":{size:?},"stride":{stride:?},"padding":"{padding}","biasStd":{bias}}},
                            {{"type":"relu"}},
                            {{"type":"conv","size":[2,2],"padding":"same"}},
                            {{"type":"{sink}"}},{{"type":"dense","weightStd":1.2,"biasStd":0.1}}]}}"#
                    );
                    let samples = pixels(&mut random, 2 * shape.iter().product::<usize>());
                    Case::new(&text, shape, samples).check(1e-13);
                }
            }
        }
    }
}

#[test]
fn pools() {
    let mut random = Random::new(13);
    for padding in ["circular", "same", "valid"] {
        for (size, stride) in [([2, 2], [2, 2]), ([3, 2], [1, 2]), ([1, 3], [1, 1])] {
            for kind in ["avgPool", "sumPool"] {
                let edges = if kind == "avgPool" { random.pick(&[false, true]) } else { false };
                let sink = random.pick(&["flatten", "globalAveragePool"]);
                let nonlinearity = random.pick(&["relu", "erf", "abs"]);
                let pool = format!(
                    r#"{{"type":"{kind}","size":{size:?},"stride":{stride:?},"padding":"{padding}","normalizeEdges":{edges}}}"#
                );
                let text = format!(
                    r#"{{"type":"serial","layers":[
                        {{"type":"conv","size":[2,2]}},{{"type":"{nonlinearity}"}},{pool},
                        {{"type":"conv","size":[2,2],"biasStd":0.3}},{pool},{{"type":"{nonlinearity}"}},
                        {{"type":"{sink}"}},{{"type":"dense"}}]}}"#
                );
                let case = Case::new(&text, [5, 6, 3], pixels(&mut random, 180));
                case.check(1e-12);
            }
        }
    }
}

#[test]
fn random_networks() {
    let mut random = Random::new(2);
    let mut counts = [0; 3];
    for _ in 0..120 {
        let sides = [1, 2, 3, 4, 4, 5];
        let shape = [random.pick(&sides), random.pick(&sides), random.pick(&[1, 1, 3])];
        let text = network(&mut random, [shape[0], shape[1]]);
        let samples = pixels(&mut random, 3 * shape.iter().product::<usize>());
        let case = Case::new(&text, shape, samples);
        // After pools, angles of parallel features are those of differences of sums.
        match has_pools(&text) {
            true => case.check_by(1e-7, 3e-3),
            false => case.check(1e-12),
        }
        counts[3 - case.executors().len()] += 1;
    }
    assert!(counts.iter().all(|&count| count >= 15), "networks per executor: {counts:?}");
}

#[test]
fn executors_are_equal() {
    let mut random = Random::new(3);
    for _ in 0..60 {
        let sides = [5, 6, 7, 8];
        let shape = [random.pick(&sides), random.pick(&sides), random.pick(&[1, 2])];
        let text = network(&mut random, [shape[0], shape[1]]);
        let samples = pixels(&mut random, 3 * shape.iter().product::<usize>());
        let case = Case::new(&text, shape, samples);
        if case.plan().is_nonlinear() {
            continue;
        }
        for symmetric in [true, false] {
            let whole = case.fast::<f64>(Executor::Covariance, symmetric);
            for executor in case.executors() {
                let part = case.fast::<f64>(executor, symmetric);
                case.assert_equal(&part, &whole, 1e-12, &format!("{executor:?}"));
            }
        }
    }
}

#[test]
fn stride_two_on_an_odd_ring_mixes_offsets() {
    let conv = r#"{"type":"conv","size":[3,3],"stride":[2,2]},{"type":"relu"}"#;
    let text =
        format!(r#"{{"type":"serial","layers":[{conv},{conv},{{"type":"globalAveragePool"}}]}}"#);
    let case = Case::new(&text, [7, 7, 1], pixels(&mut Random::new(4), 98));
    assert_eq!(case.executors(), [Executor::Covariance]);
    case.check(1e-13);
}
