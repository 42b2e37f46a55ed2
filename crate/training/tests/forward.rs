//! The forward pass of each layer against its definition, number by number.

mod common;

use common::{LAYERS, assert_near, data, numbers, read, size, training};
use orbit_kernels_core::network::{Axes, Layer, Padding, PoolKind, Window};
use orbit_kernels_core::trained::Trained;
use orbit_kernels_training::training::Training;
use std::collections::HashMap;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// One sample: rows × columns × channels, tokens × width, or a width.
#[derive(Clone)]
struct Sample {
    dims: Vec<usize>,
    numbers: Vec<f64>,
    tokens: bool,
}

/// Parameters by their names.
struct Naive {
    parameters: HashMap<String, Vec<f64>>,
    ntk: bool,
}

impl Naive {
    fn new(training: &Training) -> Naive {
        let named = training.model.plan.parameters.iter().zip(&training.model.parameters);
        let parameters = named
            .map(|(parameter, numbers)| (parameter.name.clone(), read(&numbers.to_data())))
            .collect();
        Naive { parameters, ntk: training.settings.to_json()["parameterization"] == "ntk" }
    }

    fn get(&self, path: &str, part: &str) -> &[f64] {
        &self.parameters[&format!("{path}{part}")]
    }

    /// `W x + b` in the parameterization.
    fn affine(
        &self,
        path: &str,
        part: &str,
        x: &[f64],
        width: usize,
        stds: (f64, Option<f64>),
    ) -> Vec<f64> {
        let weight = self.get(path, &format!("{part}weight"));
        let fan_in = x.len() as f64;
        let (scale, bias_scale) =
            if self.ntk { (stds.0 / fan_in.sqrt(), stds.1.unwrap_or(0.0)) } else { (1.0, 1.0) };
        (0..width)
            .map(|k| {
                let sum: f64 = x.iter().enumerate().map(|(i, x)| x * weight[i * width + k]).sum();
                let bias = stds.1.map_or(0.0, |_| self.get(path, &format!("{part}bias"))[k]);
                scale * sum + bias_scale * bias
            })
            .collect()
    }

    fn run(&self, layer: &Layer, path: &str, x: Sample) -> Sample {
        let each = |x: Sample, function: &dyn Fn(f64) -> f64| Sample {
            numbers: x.numbers.into_iter().map(function).collect(),
            ..x
        };
        match layer {
            Layer::Serial(layers) => {
                let mut x = x;
                let mut branches: Vec<Sample> = Vec::new();
                for (k, layer) in layers.iter().enumerate() {
                    let path = format!("{path}layers.{k}.");
                    match layer {
                        Layer::FanOut { .. } => {}
                        Layer::Parallel(all) => {
                            let all = all.iter().enumerate();
                            let run = |(j, branch)| {
                                self.run(branch, &format!("{path}layers.{j}."), x.clone())
                            };
                            branches = all.map(run).collect();
                        }
                        Layer::FanInSum => {
                            let sum = |k| branches.iter().map(|branch| branch.numbers[k]).sum();
                            x = Sample {
                                dims: branches[0].dims.clone(),
                                numbers: (0..branches[0].numbers.len()).map(sum).collect(),
                                ..x
                            };
                        }
                        layer => x = self.run(layer, &path, x),
                    }
                }
                x
            }
            Layer::Dense { width, weight_std, bias_std } => {
                let width = width.unwrap() as usize;
                let inputs = if x.tokens { x.dims[1] } else { x.numbers.len() };
                let stds = (*weight_std, *bias_std);
                let rows = x.numbers.chunks(inputs);
                let numbers =
                    rows.flat_map(|row| self.affine(path, "", row, width, stds)).collect();
                let dims = if x.tokens { vec![x.dims[0], width] } else { vec![width] };
                Sample { dims, numbers, ..x }
            }
            Layer::Conv(conv) => {
                let width = conv.out_channels.unwrap() as usize;
                let stds = (conv.weight_std, conv.bias_std);
                windows(&conv.window, image(x), |window| {
                    let x: Vec<f64> =
                        window.iter().flat_map(|(row, _)| row.iter().copied()).collect();
                    self.affine(path, "", &x, width, stds)
                })
            }
            Layer::AbRelu { a, b, .. } => each(x, &|x| a * x.min(0.0) + b * x.max(0.0)),
            Layer::Erf { a, b, c } => each(x, &|x| a * libm::erf(b * x) + c),
            Layer::Trained(Trained::Gelu) => {
                each(x, &|x| x * 0.5 * (1.0 + libm::erf(x / 2.0_f64.sqrt())))
            }
            Layer::Pool(pool) => windows(&pool.window, image(x), |window| {
                let inside = window.iter().filter(|(_, inside)| *inside).count();
                let count = match (pool.kind, pool.normalize_edges) {
                    (PoolKind::Sum, _) => 1,
                    (_, true) => inside,
                    (_, false) => window.len(),
                };
                let sum = |k: usize| window.iter().map(|(row, _)| row[k]).sum::<f64>();
                (0..window[0].0.len()).map(|k| sum(k) / count as f64).collect()
            }),
            Layer::Trained(Trained::MaxPool(window)) => windows(window, image(x), |window| {
                let inside = || window.iter().filter(|(_, inside)| *inside);
                let most = |k: usize| inside().fold(f64::MIN, |most, (row, _)| most.max(row[k]));
                (0..window[0].0.len()).map(most).collect()
            }),
            Layer::GlobalPool { kind } => {
                let channels = x.dims[2];
                let places = x.numbers.len() / channels;
                let count = if *kind == PoolKind::Sum { 1 } else { places };
                let sum = |k| (0..places).map(|p| x.numbers[p * channels + k]).sum::<f64>();
                let numbers = (0..channels).map(|k| sum(k) / count as f64).collect();
                Sample { dims: vec![channels], numbers, tokens: false }
            }
            Layer::Flatten => Sample { dims: vec![x.numbers.len()], tokens: false, ..x },
            Layer::LayerNorm { axis, eps, affine } => {
                let axes = match axis {
                    Axes::One(axis) => vec![*axis],
                    Axes::List(axes) => axes.clone(),
                };
                let rank = x.dims.len() as i64;
                // Of the sample: without the axis of samples.
                let over: Vec<usize> = axes
                    .iter()
                    .map(|&axis| if axis < 0 { axis + rank } else { axis - 1 } as usize)
                    .collect();
                let place = |mut index: usize| {
                    let mut place = vec![0; x.dims.len()];
                    for axis in (0..x.dims.len()).rev() {
                        place[axis] = index % x.dims[axis];
                        index /= x.dims[axis];
                    }
                    place
                };
                let group = |index| {
                    let mut place = place(index);
                    over.iter().for_each(|&axis| place[axis] = 0);
                    place
                };
                let width = x.dims[x.dims.len() - 1];
                let numbers = (0..x.numbers.len())
                    .map(|index| {
                        let same: Vec<f64> = (0..x.numbers.len())
                            .filter(|&other| group(other) == group(index))
                            .map(|other| x.numbers[other])
                            .collect();
                        let count = same.len() as f64;
                        let mean = same.iter().sum::<f64>() / count;
                        let variance = same.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / count;
                        let normal = (x.numbers[index] - mean) / (variance + eps).sqrt();
                        match affine {
                            true => {
                                normal * self.get(path, "scale")[index % width]
                                    + self.get(path, "shift")[index % width]
                            }
                            false => normal,
                        }
                    })
                    .collect();
                Sample { numbers, ..x.clone() }
            }
            Layer::Trained(Trained::Patches { size: [height, width] }) => {
                let x = image(x);
                let [rows, columns, channels] = x.dims[..] else { unreachable!() };
                let mut numbers = Vec::new();
                for token in 0..(rows / height) * (columns / width) {
                    let across = columns / width;
                    let (top, left) = (token / across * height, token % across * width);
                    for place in 0..height * width {
                        let (row, column) = (top + place / width, left + place % width);
                        let first = (row * columns + column) * channels;
                        numbers.extend(&x.numbers[first..first + channels]);
                    }
                }
                let token = height * width * channels;
                Sample { dims: vec![numbers.len() / token, token], numbers, tokens: true }
            }
            Layer::Trained(Trained::ClassToken) => {
                let numbers = [self.get(path, "token"), &x.numbers].concat();
                Sample { dims: vec![x.dims[0] + 1, x.dims[1]], numbers, ..x }
            }
            Layer::Trained(Trained::PositionalEmbedding) => {
                let embedding = self.get(path, "embedding");
                let numbers = x.numbers.iter().zip(embedding).map(|(x, e)| x + e).collect();
                Sample { numbers, ..x }
            }
            Layer::Trained(Trained::TakeToken { index }) => {
                let width = x.dims[1];
                let first = *index as usize * width;
                let numbers = x.numbers[first..first + width].to_vec();
                Sample { dims: vec![width], numbers, tokens: false }
            }
            &Layer::Trained(Trained::Attention { heads, key_width, bias_std }) => {
                let [tokens, width] = x.dims[..] else { unreachable!() };
                let heads = heads as usize;
                let key_width = key_width.map_or(width / heads, |width| width as usize);
                let each_token = |part: &str, rows: &[f64], inputs: usize, outputs: usize| {
                    let rows = rows.chunks(inputs);
                    rows.flat_map(|row| self.affine(path, part, row, outputs, (1.0, bias_std)))
                        .collect::<Vec<f64>>()
                };
                let inner = heads * key_width;
                let query = each_token("query.", &x.numbers, width, inner);
                let key = each_token("key.", &x.numbers, width, inner);
                let value = each_token("value.", &x.numbers, width, inner);
                let mut mixed = vec![0.0; tokens * inner];
                for (token, head) in (0..tokens).flat_map(|t| (0..heads).map(move |h| (t, h))) {
                    let part = |all: &[f64], token: usize| {
                        let first = token * inner + head * key_width;
                        all[first..first + key_width].to_vec()
                    };
                    let score = |other: usize| {
                        let (query, key) = (part(&query, token), part(&key, other));
                        let product: f64 = query.iter().zip(&key).map(|(q, k)| q * k).sum();
                        (product / (key_width as f64).sqrt()).exp()
                    };
                    let total: f64 = (0..tokens).map(score).sum();
                    for other in 0..tokens {
                        let share = score(other) / total;
                        for (k, value) in part(&value, other).iter().enumerate() {
                            mixed[token * inner + head * key_width + k] += share * value;
                        }
                    }
                }
                Sample { numbers: each_token("out.", &mixed, inner, width), ..x }
            }
            Layer::Identity | Layer::Dropout { .. } => x,
            Layer::FanOut { .. } | Layer::Parallel(_) | Layer::FanInSum => unreachable!(),
        }
    }
}

fn image(x: Sample) -> Sample {
    let mut dims = x.dims;
    if dims.len() == 2 {
        dims.push(1);
    }
    Sample { dims, ..x }
}

/// The channels of a location, and whether it is inside.
type Tap = (Vec<f64>, bool);

/// What a function makes of each window.
fn windows(window: &Window, x: Sample, function: impl Fn(&[Tap]) -> Vec<f64>) -> Sample {
    let [rows, columns, channels] = x.dims[..] else { unreachable!() };
    let sides = [rows, columns];
    let outputs = [0, 1].map(|axis| match window.padding {
        Padding::Valid => (sides[axis] - window.size[axis]) / window.stride[axis] + 1,
        _ => sides[axis].div_ceil(window.stride[axis]),
    });
    let low = [0, 1].map(|axis| match window.padding {
        Padding::Valid => 0,
        _ => {
            let reach = (outputs[axis] - 1) * window.stride[axis] + window.size[axis];
            reach.saturating_sub(sides[axis]) / 2
        }
    });
    let mut numbers = Vec::new();
    for (row, column) in (0..outputs[0]).flat_map(|r| (0..outputs[1]).map(move |c| (r, c))) {
        let [height, width] = window.size;
        let taps: Vec<Tap> = (0..height * width)
            .map(|tap| {
                let place =
                    [row * window.stride[0] + tap / width, column * window.stride[1] + tap % width];
                let place = [0, 1].map(|axis| place[axis] as i64 - low[axis] as i64);
                let inside = (0..2).all(|axis| (0..sides[axis] as i64).contains(&place[axis]));
                let place = [0, 1].map(|axis| place[axis].rem_euclid(sides[axis] as i64) as usize);
                let first = (place[0] * columns + place[1]) * channels;
                let circular = window.padding == Padding::Circular;
                match inside || circular {
                    true => (x.numbers[first..first + channels].to_vec(), true),
                    false => (vec![0.0; channels], false),
                }
            })
            .collect();
        numbers.extend(function(&taps));
    }
    let channels = numbers.len() / (outputs[0] * outputs[1]);
    Sample { dims: vec![outputs[0], outputs[1], channels], numbers, tokens: false }
}

#[test]
fn forward_pass_of_each_layer() {
    for form in ["standard", "ntk"] {
        for (name, layers, shape) in LAYERS {
            let training = training(layers, shape, &format!(r#","parameterization":"{form}""#));
            let samples = numbers(name, 3 * size(shape));
            let actual = read(&training.predict(data(&samples)).unwrap());
            let naive = Naive::new(&training);
            let dims: Vec<usize> = training.settings.shape.clone();
            let expected: Vec<f64> = samples
                .chunks(size(shape))
                .flat_map(|sample| {
                    let numbers = sample.to_vec();
                    let sample = Sample { dims: dims.clone(), numbers, tokens: false };
                    naive.run(&training.settings.network, "", sample).numbers
                })
                .collect();
            println!("{name}, {form}");
            assert_near(&actual, &expected, 1e-12);
        }
    }
}
