//! Layer by layer: what each does to the shape, its parameters, its step.

use super::taken::taken;
use super::{Affine, Attention, Function, Parameter, Parameterization, Plan, Start, Step, Window};
use crate::shape::Shape;
use orbit_kernels_core::error::{Code, Error, Result};
use orbit_kernels_core::kernel::conv::window::Taps;
use orbit_kernels_core::network::{self, Axes, Conv, Layer, Pool, PoolKind};
use orbit_kernels_core::sequence::{Branches, Part, flat, leaves, misfit, parts};
use orbit_kernels_core::trained::Trained;

/// More numbers than fit into the memory of a WebAssembly module.
const LARGEST: usize = 1 << 28;

pub(super) fn build(network: &Layer, sample: &[usize], form: Parameterization) -> Result<Plan> {
    let input = input(network, sample)?;
    let (widest, kept) = (input.size(), input.size());
    let mut builder = Builder { shape: input, widest, kept, parameters: Vec::new(), form };
    let steps = builder.run(network, "")?;
    if builder.parameters.is_empty() {
        let expected = "a layer with weights";
        return Err(misfit("network", "nothing to train", expected));
    }
    let Builder { shape, widest, kept, parameters, .. } = builder;
    if !matches!(shape, Shape::Vector(_)) {
        let layers = flat(network, "");
        let path = layers.last().map_or("", |(_, path)| path);
        let expected =
            "flatten, a global pool or takeToken after the last layer on images or tokens";
        return Err(misfit(path, &format!("the network ends with {shape}"), expected));
    }
    Ok(Plan { input, steps, outputs: shape.size(), widest, kept, parameters })
}

/// Samples as vectors where the first layer that joins numbers is dense, else as images.
fn input(network: &Layer, sample: &[usize]) -> Result<Shape> {
    let layers = leaves(network, "");
    let joins = layers.iter().find(|(layer, _)| {
        use Layer::{AbRelu, Dropout, Erf, FanInSum, FanOut, Identity, LayerNorm};
        let apart = matches!(
            layer,
            AbRelu { .. } | Erf { .. } | Dropout { .. } | FanOut { .. } | FanInSum | Identity
        );
        !apart && !matches!(layer, LayerNorm { .. } | Layer::Trained(Trained::Gelu))
    });
    match (joins, sample) {
        (None | Some((Layer::Dense { .. } | Layer::Flatten, _)), _) => {
            Ok(Shape::Vector(sample.iter().product()))
        }
        (_, &[rows, columns]) => Ok(Shape::Image { rows, columns, channels: 1 }),
        (_, &[rows, columns, channels]) => Ok(Shape::Image { rows, columns, channels }),
        (Some((_, path)), _) => {
            let expected = "samples of rows × columns, or rows × columns × channels";
            let what = format!("a layer on images, but samples are {sample:?}");
            Err(misfit(path, &what, expected))
        }
    }
}

struct Builder {
    shape: Shape,
    widest: usize,
    kept: usize,
    parameters: Vec<Parameter>,
    form: Parameterization,
}

impl Builder {
    fn run(&mut self, network: &Layer, path: &str) -> Result<Vec<Step>> {
        let layers = flat(network, path);
        let mut steps = Vec::new();
        for part in parts(&layers)? {
            match part {
                Part::Leaf(layer, path) => match self.leaf(layer, path)? {
                    Some(Step::TakeToken(token)) => steps = taken(steps, token),
                    step => steps.extend(step),
                },
                Part::Branches(branches) => steps.push(self.branches(&branches)?),
            }
            self.widest = self.widest.max(self.shape.size());
            self.kept += self.shape.size();
        }
        Ok(steps)
    }

    fn branches(&mut self, branches: &Branches) -> Result<Step> {
        let before = self.shape;
        let mut lists = Vec::new();
        let mut ends: Vec<Shape> = Vec::new();
        for (branch, path) in branches.iter() {
            self.shape = before;
            lists.push(self.run(branch, &path)?);
            ends.push(self.shape);
        }
        match ends.iter().find(|&&end| end != ends[0]) {
            None => Ok(Step::Branches(lists)),
            Some(other) => {
                let what = format!("a sum of {} and {other}", ends[0]);
                Err(misfit(branches.sum_path, &what, "branches of the same shape"))
            }
        }
    }

    fn leaf(&mut self, layer: &Layer, path: &str) -> Result<Option<Step>> {
        let unfit =
            |what: String, expected: &str| Err(misfit(path, &what, expected).value(layer.kind()));
        let wrong = |before: Shape, expected: &str| {
            unfit(format!("{} after {before}", layer.kind()), expected)
        };
        Ok(Some(match (layer, self.shape) {
            (Layer::Identity, _) => return Ok(None),
            (Layer::Dense { .. }, Shape::Image { .. }) => {
                return wrong(self.shape, "flatten, a global pool or patches before it");
            }
            (&Layer::Dense { width, weight_std, bias_std }, before) => {
                let width = given(width, path, "width")?;
                let inputs = match before {
                    Shape::Tokens { width, .. } => width,
                    before => before.size(),
                };
                self.shape = match before {
                    Shape::Tokens { count, .. } => Shape::Tokens { count, width },
                    _ => Shape::Vector(width),
                };
                Step::Dense(self.affine(path, "", &[inputs, width], weight_std, bias_std)?)
            }
            (Layer::Conv(conv), Shape::Image { channels, .. }) => {
                let Conv { out_channels, window, weight_std, bias_std } = conv;
                let outputs = given(*out_channels, path, "outChannels")?;
                let [rows, columns] = window.size;
                let window = self.window(window, path)?;
                self.channels(outputs);
                let shape = [rows, columns, channels, outputs];
                let affine = self.affine(path, "", &shape, *weight_std, *bias_std)?;
                Step::Conv { affine, window }
            }
            (Layer::Pool(Pool { kind, window, normalize_edges }), Shape::Image { .. }) => {
                let window = self.window(window, path)?;
                let inside = *normalize_edges && *kind == PoolKind::Average;
                Step::Pool { kind: *kind, window, inside }
            }
            (Layer::Trained(Trained::MaxPool(window)), Shape::Image { .. }) => {
                Step::MaxPool(self.window(window, path)?)
            }
            (Layer::GlobalPool { kind }, Shape::Image { channels, .. }) => {
                self.shape = Shape::Vector(channels);
                Step::GlobalPool(*kind)
            }
            (Layer::Flatten, before) => {
                self.shape = Shape::Vector(before.size());
                Step::Flatten
            }
            (&Layer::AbRelu { a, b, .. }, _) => Step::Function(Function::AbRelu { a, b }),
            (&Layer::Erf { a, b, c }, _) => Step::Function(Function::Erf { a, b, c }),
            (Layer::Trained(Trained::Gelu), _) => Step::Function(Function::Gelu),
            (Layer::LayerNorm { axis, eps, affine }, _) => {
                let axes = self.axes(axis, path)?;
                let affine = match affine {
                    true => Some(self.scale_and_shift(path)?),
                    false => None,
                };
                let channels = if matches!(self.shape, Shape::Image { .. }) { 1 } else { 3 };
                Step::Norm { axes, channels, eps: *eps, affine }
            }
            // Its mode is of kernels: here units are dropped in steps, and never otherwise.
            (&Layer::Dropout { keep_rate, .. }, _) if keep_rate < 1.0 => {
                Step::Dropout { keep: keep_rate, name: name(path, "dropout") }
            }
            (Layer::Dropout { .. }, _) => return Ok(None),
            (
                Layer::Trained(Trained::Patches { size }),
                Shape::Image { rows, columns, channels },
            ) => {
                let [height, width] = *size;
                if rows % height != 0 || columns % width != 0 {
                    let what = format!("patches of {height} × {width} on {}", self.shape);
                    return unfit(what, "a size that divides the rows and columns before it");
                }
                let count = (rows / height) * (columns / width);
                self.shape = Shape::Tokens { count, width: height * width * channels };
                Step::Patches { size: *size }
            }
            (Layer::Trained(Trained::ClassToken), Shape::Tokens { count, width }) => {
                self.shape = Shape::Tokens { count: count + 1, width };
                let token = self.parameter(name(path, "token"), &[width], Start::Embedding)?;
                Step::ClassToken { token }
            }
            (Layer::Trained(Trained::PositionalEmbedding), Shape::Tokens { count, width }) => {
                let shape = [count, width];
                let embedding =
                    self.parameter(name(path, "embedding"), &shape, Start::Embedding)?;
                Step::PositionalEmbedding { embedding }
            }
            (
                &Layer::Trained(Trained::Attention { heads, key_width, bias_std }),
                Shape::Tokens { count, width },
            ) => {
                let heads = heads as usize;
                let key_width = match key_width {
                    Some(key_width) => key_width as usize,
                    None if width % heads == 0 => width / heads,
                    None => {
                        let what = format!("{heads} heads on tokens of {width}");
                        return unfit(what, "heads that divide the width, or a keyWidth");
                    }
                };
                // Queries, keys, values and what is mixed of them; scores before and after the softmax.
                self.kept += count * (4 * heads * key_width + 2 * heads * count);
                let (inner, outer) = ([width, heads * key_width], [heads * key_width, width]);
                let mut affine =
                    |part: &str, shape: &[usize]| self.affine(path, part, shape, 1.0, bias_std);
                Step::Attention(Attention {
                    heads,
                    key_width,
                    asks: None,
                    query: affine("query.", &inner)?,
                    key: affine("key.", &inner)?,
                    value: affine("value.", &inner)?,
                    out: affine("out.", &outer)?,
                })
            }
            (&Layer::Trained(Trained::TakeToken { index }), Shape::Tokens { count, width }) => {
                if index >= count as u64 {
                    let what = format!("token {index} of {count}");
                    return unfit(what, "an index below the number of tokens");
                }
                self.shape = Shape::Vector(width);
                Step::TakeToken(index as usize)
            }
            (
                Layer::Conv(_)
                | Layer::Pool(_)
                | Layer::GlobalPool { .. }
                | Layer::Trained(Trained::MaxPool(_) | Trained::Patches { .. }),
                before,
            ) => return wrong(before, "images before it"),
            (Layer::Trained(_), before) => {
                return wrong(before, "tokens before it, made by patches");
            }
            (Layer::Serial(_) | Layer::FanOut { .. } | Layer::Parallel(_) | Layer::FanInSum, _) => {
                unreachable!("these are parts, not leaves")
            }
        }))
    }

    /// The parameters of a linear map; all but the last axis of the weights are inputs.
    fn affine(
        &mut self,
        path: &str,
        part: &str,
        shape: &[usize],
        std: f64,
        bias_std: Option<f64>,
    ) -> Result<Affine> {
        let (&outputs, inputs) = shape.split_last().expect("weights have axes");
        let fan_in = inputs.iter().product();
        let weight = name(path, &format!("{part}weight"));
        let weight = self.parameter(weight, shape, Start::Weight { fan_in, std })?;
        let bias = match bias_std {
            None => None,
            Some(std) => {
                let bias = name(path, &format!("{part}bias"));
                Some(self.parameter(bias, &[outputs], Start::Bias { fan_in, std })?)
            }
        };
        let (scale, bias_scale) = match self.form {
            Parameterization::Standard => (1.0, 1.0),
            Parameterization::Ntk => (std / (fan_in as f64).sqrt(), bias_std.unwrap_or(0.0)),
        };
        Ok(Affine { weight, bias, scale, bias_scale, outputs })
    }

    fn scale_and_shift(&mut self, path: &str) -> Result<[usize; 2]> {
        let width = match self.shape {
            Shape::Vector(width) | Shape::Tokens { width, .. } => width,
            Shape::Image { channels, .. } => channels,
        };
        let scale = self.parameter(name(path, "scale"), &[width], Start::Constant(1.0))?;
        let shift = self.parameter(name(path, "shift"), &[width], Start::Constant(0.0))?;
        Ok([scale, shift])
    }

    fn parameter(&mut self, name: String, shape: &[usize], start: Start) -> Result<usize> {
        let size = shape.iter().try_fold(1usize, |size, &side| size.checked_mul(side));
        let before: usize = self.parameters.iter().map(Parameter::size).sum();
        if size.is_none_or(|size| size > LARGEST - before) {
            let expected = format!("at most {LARGEST} parameters");
            let message = format!("{name} of shape {shape:?} does not fit: expected {expected}");
            return Err(Error::new(Code::Network, message).at(name).expected(expected));
        }
        self.parameters.push(Parameter { name, shape: shape.to_vec(), start });
        Ok(self.parameters.len() - 1)
    }

    fn window(&mut self, window: &network::Window, path: &str) -> Result<Window> {
        let Shape::Image { rows, columns, channels } = self.shape else {
            unreachable!("windows are on images")
        };
        let taps = [(0, rows), (1, columns)].map(|(axis, inputs)| {
            Taps::new(window.size[axis], window.stride[axis], window.padding, inputs)
        });
        let [Some(first), Some(second)] = taps else {
            let expected = format!("a size of at most the {rows} × {columns} locations before it");
            return Err(misfit(path, "a window larger than the image", &expected));
        };
        self.shape = Shape::Image { rows: first.outputs, columns: second.outputs, channels };
        Ok([first, second])
    }

    fn channels(&mut self, count: usize) {
        if let Shape::Image { channels, .. } = &mut self.shape {
            *channels = count;
        }
    }

    /// The axes of the tensor that a normalization is over.
    fn axes(&self, axis: &Axes, path: &str) -> Result<Vec<usize>> {
        let axes = match axis {
            Axes::One(axis) => std::slice::from_ref(axis),
            Axes::List(axes) => axes,
        };
        // Of what the user sees, samples × … × channels, to the tensor's; see `Shape`.
        let (seen, expected): (&[Option<usize>], _) = match self.shape {
            Shape::Vector(_) => (&[None, Some(3)], "axis −1 for vectors"),
            Shape::Tokens { .. } => (
                &[None, Some(2), Some(3)],
                "axes of samples × tokens × width: width (−1), and tokens (1) if any",
            ),
            Shape::Image { .. } => (
                &[None, Some(2), Some(3), Some(1)],
                "axes of samples × rows × columns × channels: channels (−1), and rows (1) or columns (2) if any",
            ),
        };
        let rank = seen.len() as i64;
        let found: Option<Vec<usize>> = axes
            .iter()
            .map(|&axis| {
                let axis = if axis < 0 { axis + rank } else { axis };
                usize::try_from(axis).ok().and_then(|axis| *seen.get(axis)?)
            })
            .collect();
        match found {
            Some(mut found) if found.contains(&seen[seen.len() - 1].unwrap_or(0)) => {
                found.sort_unstable();
                found.dedup();
                Ok(found)
            }
            _ => Err(misfit(&format!("{path}.axis"), &format!("axes {axes:?}"), expected)),
        }
    }
}

/// A width, which training needs.
fn given(width: Option<u64>, path: &str, field: &str) -> Result<usize> {
    width.map(|width| width as usize).ok_or_else(|| {
        let path = if path.is_empty() { field.to_string() } else { format!("{path}.{field}") };
        let message = format!("{path}: missing: training needs a positive integer");
        Error::new(Code::Network, message).at(path).expected("a positive integer, to train")
    })
}

/// The name of a parameter of the layer at a path: `layers[0]` has `layers.0.weight`.
fn name(path: &str, part: &str) -> String {
    let path = path.replace('[', ".").replace(']', "");
    if path.is_empty() { part.to_string() } else { format!("{path}.{part}") }
}
