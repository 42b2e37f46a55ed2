//! From a network to the steps that each pair of inputs goes through.

use super::conv::window::Taps;
use super::conv::{Executor, Program, Sink};
use super::step::{Affine, Map, Share, Spatial, Step};
use crate::error::{Code, Error, Result};
use crate::network::{Axes, Conv, Layer, Mode, Pool, PoolKind, Window};
use crate::sequence::{Branches, Part, Placed, flat, leaves, misfit, parts};

/// The steps of a network for samples of a given shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What is done with images before they are vectors.
    pub program: Option<Program>,
    pub steps: Vec<Step<Affine>>,
    /// Numbers per sample.
    pub dimension: usize,
}

impl Plan {
    /// Plans a network for samples of a shape: images are rows × columns, or rows × columns × channels;
    /// networks that begin with a dense layer read samples of any shape as vectors.
    ///
    /// Errors: code `network` with the layer's path where a layer does not fit what comes before it: a
    /// nonlinearity after what is not Gaussian (the recursion would not hold), images and vectors
    /// confused, a filter larger than what it has to stay inside, a fan-in without its fan-out.
    pub fn new(network: &Layer, sample: &[usize]) -> Result<Plan> {
        let dimension = sample.iter().product();
        refuse_trained(network)?;
        if !reads_images(network) {
            let mut tail = Builder::new(Vectors);
            tail.add(network, "")?;
            return Ok(Plan { program: None, steps: tail.steps, dimension });
        }
        let layers = flat(network, "");
        let (grid, channels) = match *sample {
            [rows, columns] => ([rows, columns], 1),
            [rows, columns, channels] => ([rows, columns], channels),
            _ => {
                let expected = "samples of rows × columns, or rows × columns × channels";
                let first = layers.iter().find(|(layer, _)| reads_images(layer));
                let path = first.map_or("", |(_, path)| path);
                let what = format!("a layer on images, but samples are {sample:?}");
                return Err(misfit(path, &what, expected));
            }
        };
        let end = layers.iter().position(|(layer, _)| sink_of(layer).is_some());
        let mut head = Builder::new(Images { grid });
        head.add_all(&layers[..end.unwrap_or(layers.len())])?;
        let Some((end, sink)) = end.and_then(|end| Some((end, sink_of(layers[end].0)?))) else {
            let expected = "flatten, or a global pool, after the last layer on images";
            let path = layers.last().map_or("", |(_, path)| path);
            return Err(misfit(path, "the network ends with images", expected));
        };
        let mut tail = Builder::new(Vectors);
        (tail.gaussian, tail.acute) = (head.gaussian, head.acute);
        tail.add_all(&layers[end + 1..])?;
        let program = Program::new(grid, channels, head.steps, head.place.grid, sink);
        Ok(Plan { program: Some(program), steps: tail.steps, dimension })
    }

    /// The same, images by another executor.
    ///
    /// Errors: code `network` where it can't run the network, or where there are no images.
    pub fn by(self, executor: Executor) -> Result<Plan> {
        let Some(program) = self.program else {
            let expected = "a network that reads images";
            let message =
                format!("executor {} is for images: expected {expected}", executor.name());
            let error = Error::new(Code::Network, message).at("options.executor");
            return Err(error.value(executor.name()).expected(expected));
        };
        Ok(Plan { program: Some(program.by(executor)?), ..self })
    }

    /// Whether what is done with vectors depends on their lengths.
    pub fn is_nonlinear(&self) -> bool {
        self.steps.iter().any(|step| !matches!(step.map, Map::Linear(_)))
    }
}

/// Refuses layers that have no kernel.
fn refuse_trained(network: &Layer) -> Result<()> {
    let layers = leaves(network, "");
    match layers.iter().find(|(layer, _)| matches!(layer, Layer::Trained(_))) {
        None => Ok(()),
        Some((layer, path)) => {
            let kind = layer.kind();
            let what = format!("{kind} has no infinite-width kernel here; it can be trained");
            Err(misfit(path, &what, "layers with a kernel").value(kind))
        }
    }
}

/// Whether the first layer that joins numbers joins neighbours.
fn reads_images(network: &Layer) -> bool {
    fn first(layer: &Layer) -> Option<bool> {
        match layer {
            Layer::Serial(layers) | Layer::Parallel(layers) => layers.iter().find_map(first),
            Layer::Conv(_) | Layer::Pool(_) | Layer::GlobalPool { .. } => Some(true),
            Layer::Dense { .. } | Layer::Flatten => Some(false),
            _ => None,
        }
    }
    first(network).unwrap_or(false)
}

fn sink_of(layer: &Layer) -> Option<Sink> {
    match layer {
        Layer::Flatten => Some(Sink::Flatten),
        Layer::GlobalPool { kind: PoolKind::Average } => Some(Sink::Average),
        Layer::GlobalPool { kind: PoolKind::Sum } => Some(Sink::Sum),
        _ => None,
    }
}

/// What a layer stands on: vectors, or images of some size.
trait Place: Clone {
    type Linear: PartialEq;

    /// The step of a layer that joins numbers, if it does anything here, or what was expected in its place.
    fn linear(&mut self, layer: &Layer) -> std::result::Result<Option<Self::Linear>, String>;
    /// Which spatial axes a normalization averages over; the axes that it may have otherwise.
    fn normalized(&self, axes: &[i64]) -> std::result::Result<[bool; 2], &'static str>;
    fn same_as(&self, other: &Self) -> bool;
}

#[derive(Clone)]
struct Vectors;

#[derive(Clone)]
struct Images {
    grid: [usize; 2],
}

impl Place for Vectors {
    type Linear = Affine;

    fn linear(&mut self, layer: &Layer) -> std::result::Result<Option<Affine>, String> {
        match *layer {
            Layer::Dense { weight_std, bias_std, .. } => Ok(Some(Affine {
                weight: weight_std * weight_std,
                bias: bias_std.unwrap_or(0.0).powi(2),
            })),
            Layer::Flatten => Ok(None),
            _ => {
                Err("images before it: they have been flattened, pooled or read as vectors".into())
            }
        }
    }

    fn normalized(&self, axes: &[i64]) -> std::result::Result<[bool; 2], &'static str> {
        match axes {
            [-1] | [1] => Ok([false; 2]),
            _ => Err("axis −1 for vectors"),
        }
    }

    fn same_as(&self, _: &Self) -> bool {
        true
    }
}

impl Images {
    fn window(&mut self, window: &Window) -> std::result::Result<[Taps; 2], String> {
        let taps = [0, 1].map(|axis| {
            let (size, stride) = (window.size[axis], window.stride[axis]);
            Taps::new(size, stride, window.padding, self.grid[axis])
        });
        let [Some(rows), Some(columns)] = taps else {
            let [rows, columns] = self.grid;
            return Err(format!("a size of at most the {rows} × {columns} locations before it"));
        };
        self.grid = [rows.outputs, columns.outputs];
        Ok([rows, columns])
    }
}

impl Place for Images {
    type Linear = Spatial;

    fn linear(&mut self, layer: &Layer) -> std::result::Result<Option<Spatial>, String> {
        match layer {
            Layer::Conv(Conv { window, weight_std, bias_std, .. }) => Ok(Some(Spatial::Conv {
                window: self.window(window)?,
                weight: weight_std * weight_std,
                bias: bias_std.unwrap_or(0.0).powi(2),
            })),
            Layer::Pool(Pool { kind, window, normalize_edges }) => {
                let share = match (kind, normalize_edges) {
                    (PoolKind::Sum, _) => Share::One,
                    (PoolKind::Average, false) => Share::OfWindow,
                    (PoolKind::Average, true) => Share::OfInside,
                };
                Ok(Some(Spatial::Pool { window: self.window(window)?, share }))
            }
            _ => Err("flatten, or a global pool, between images and it".into()),
        }
    }

    fn normalized(&self, axes: &[i64]) -> std::result::Result<[bool; 2], &'static str> {
        let axes: Vec<i64> =
            axes.iter().map(|&axis| if axis < 0 { axis + 4 } else { axis }).collect();
        if !axes.contains(&3) || axes.iter().any(|axis| !(1..4).contains(axis)) {
            return Err(
                "axes of samples × rows × columns × channels: channels (−1), and rows (1) or columns (2) if any",
            );
        }
        Ok([axes.contains(&1), axes.contains(&2)])
    }

    fn same_as(&self, other: &Self) -> bool {
        self.grid == other.grid
    }
}

#[derive(Clone)]
struct Builder<P: Place> {
    steps: Vec<Step<P::Linear>>,
    place: P,
    gaussian: bool,
    acute: bool,
}

impl<P: Place> Builder<P>
where
    P::Linear: Clone,
{
    fn new(place: P) -> Self {
        Builder { steps: Vec::new(), place, gaussian: false, acute: false }
    }

    fn add(&mut self, layer: &Layer, path: &str) -> Result<()> {
        self.add_all(&flat(layer, path))
    }

    fn add_all(&mut self, layers: &[Placed]) -> Result<()> {
        for part in parts(layers)? {
            match part {
                Part::Leaf(layer, path) => self.add_leaf(layer, path)?,
                Part::Branches(branches) => self.branch(&branches)?,
            }
        }
        Ok(())
    }

    fn branch(&mut self, branches: &Branches) -> Result<()> {
        let mut lists = Vec::new();
        let mut ends: Vec<Self> = Vec::new();
        for (branch, path) in branches.iter() {
            let mut builder = Builder { steps: Vec::new(), ..self.clone() };
            builder.add(branch, &path)?;
            if ends.first().is_some_and(|first| !first.place.same_as(&builder.place)) {
                let expected = "branches whose images have the same size, to be added";
                let what = "a sum of images of different sizes";
                return Err(misfit(branches.sum_path, what, expected));
            }
            lists.push(builder.steps.clone());
            ends.push(builder);
        }
        self.push(Map::Branches(lists), branches.path);
        self.place = ends[0].place.clone();
        self.gaussian = ends.iter().all(|end| end.gaussian);
        self.acute = ends.iter().all(|end| end.acute);
        Ok(())
    }

    fn add_leaf(&mut self, layer: &Layer, path: &str) -> Result<()> {
        let named = |error: Error| error.value(layer.kind());
        match *layer {
            Layer::AbRelu { a, b, .. } => {
                self.nonlinearity(path).map_err(named)?;
                let gain = (a * a + b * b) / 2.0;
                let ratio = if gain > 0.0 { (b - a).powi(2) / (a * a + b * b) } else { 1.0 };
                self.push(Map::Rectifier { ratio, gain }, path);
                self.acute |= ratio >= 1.0;
            }
            Layer::Erf { a, b, c } => {
                self.nonlinearity(path).map_err(named)?;
                self.push(Map::Erf { a, b }, path);
                if c != 0.0 {
                    self.push(Map::Constant { square: c * c }, path);
                }
            }
            Layer::LayerNorm { ref axis, eps, .. } => {
                let axes = match axis {
                    Axes::One(axis) => std::slice::from_ref(axis),
                    Axes::List(axes) => axes,
                };
                let over = self.place.normalized(axes).map_err(|expected| {
                    misfit(&format!("{path}.axis"), &format!("axes {axes:?}"), expected)
                })?;
                self.push(Map::Normalize { over, eps }, path);
            }
            Layer::Dropout { keep_rate, mode } => {
                if mode == Mode::Train && keep_rate < 1.0 {
                    self.push(Map::Dropout { keep: keep_rate }, path);
                }
            }
            Layer::Identity => {}
            ref layer => {
                let linear = self.place.linear(layer).map_err(|expected| {
                    named(misfit(path, "a layer in the wrong place", &expected))
                })?;
                if let Some(linear) = linear {
                    self.push(Map::Linear(linear), path);
                }
                self.gaussian |= matches!(layer, Layer::Dense { .. } | Layer::Conv(_));
            }
        }
        Ok(())
    }

    fn push(&mut self, map: Map<P::Linear>, path: &str) {
        self.steps.push(Step { map, acute: self.acute, path: path.to_string() });
    }

    fn nonlinearity(&mut self, path: &str) -> Result<()> {
        if !self.gaussian {
            let expected = "a dense layer or a convolution between the input, or another nonlinearity, and this one";
            return Err(misfit(path, "a nonlinearity needs a Gaussian input", expected));
        }
        self.gaussian = false;
        Ok(())
    }
}
