//! The kernels of convolutional networks from their definitions: all pairs of locations, layer by layer,
//! vectors being images of one location.

use crate::long::Long;
use orbit_kernels_core::network::{Axes, Conv, Layer, Mode, Padding, Pool, PoolKind, Window};

/// Both kernels, row-major.
pub struct Kernels {
    pub nngp: Vec<f64>,
    pub ntk: Vec<f64>,
}

/// Kernels, and what the sink leaves of their digits.
pub struct Expected {
    pub kernels: Kernels,
    pub sinks: Vec<Sink>,
}

/// What a pair of images keeps when it becomes one of vectors.
#[derive(Clone, Copy)]
pub struct Sink {
    /// How much smaller the pooled variances are than those of the locations: means cancel.
    lost: f64,
    /// The sine of the angle of the vectors; 1 for one and the same, whose angle is known.
    sine: f64,
}

impl Sink {
    /// The tolerance that is left: a nonlinearity needs the angle, which is that of a difference of sums.
    pub fn tolerance(self, tolerance: f64, nonlinear: bool) -> f64 {
        let left = tolerance * self.lost;
        if nonlinear { left / self.sine.max(left.sqrt()) } else { left }
    }
}

/// The kernels of images of rows × columns × channels; with `symmetric`, those on the diagonal are of one
/// sample, else of two that are equal.
pub fn kernels(network: &Layer, shape: [usize; 3], samples: &[f64], symmetric: bool) -> Expected {
    let images: Vec<&[f64]> = samples.chunks(shape.iter().product()).collect();
    let count = images.len();
    let mut list: Vec<Pairs> =
        (0..count).map(|i| Pairs::new(shape, [i, i], &images, true)).collect();
    for i in 0..count {
        list.extend((i + 1..count).map(|j| Pairs::new(shape, [i, j], &images, false)));
        if !symmetric {
            list.push(Pairs::new(shape, [i, i], &images, false));
        }
    }
    run(std::slice::from_ref(network), &mut list);
    let zeros = || vec![0.0; count * count];
    let mut kernels = Kernels { nngp: zeros(), ntk: zeros() };
    let mut sinks = vec![Sink { lost: 1.0, sine: 1.0 }; count * count];
    // Those of one sample come first, those of two equal ones replace them.
    for pairs in &list {
        let [i, j] = pairs.of;
        for at in [i * count + j, j * count + i] {
            kernels.nngp[at] = pairs.nngp[0].to_f64();
            kernels.ntk[at] = pairs.ntk[0].to_f64();
            sinks[at] = pairs.sink;
        }
    }
    Expected { kernels, sinks }
}

/// The covariances of all locations of one image with all of another.
#[derive(Clone)]
struct Pairs {
    of: [usize; 2],
    same: bool,
    grid: [usize; 2],
    nngp: Vec<Long>,
    ntk: Vec<Long>,
    sink: Sink,
}

/// Some inputs and their weights, for each output.
type Windows = Vec<Vec<(usize, Long)>>;

impl Pairs {
    fn new(
        [rows, columns, channels]: [usize; 3],
        of: [usize; 2],
        images: &[&[f64]],
        same: bool,
    ) -> Self {
        let [one, two] = of.map(|k| images[k].chunks(channels));
        let mean = |x: &[f64], y: &[f64]| {
            let products = x.iter().zip(y).map(|(&a, &b)| Long::from(a) * Long::from(b));
            products.fold(Long::ZERO, Long::add_to) / Long::from(channels as f64)
        };
        let nngp: Vec<Long> = one.flat_map(|x| two.clone().map(move |y| mean(x, y))).collect();
        let ntk = vec![Long::ZERO; nngp.len()];
        Pairs { of, same, grid: [rows, columns], nngp, ntk, sink: Sink { lost: 1.0, sine: 1.0 } }
    }

    fn locations(&self) -> usize {
        self.grid[0] * self.grid[1]
    }

    /// Changes each pair of locations by its two variances.
    fn map(&mut self, variances: &[Vec<Long>], change: impl Fn(Long, Long, Cell) -> [Long; 2]) {
        let count = self.locations();
        let [one, two] = self.of.map(|k| &variances[k]);
        for (at, (n, t)) in self.nngp.iter_mut().zip(&mut self.ntk).enumerate() {
            let (p, q) = (at / count, at % count);
            let cell = Cell { nngp: *n, ntk: *t, same: self.same && p == q };
            [*n, *t] = change(one[p], two[q], cell);
        }
    }

    /// Sums over the windows of both locations independently.
    fn pool(&mut self, windows: &Windows, grid: [usize; 2]) {
        let count = self.locations();
        for kernel in [&mut self.nngp, &mut self.ntk] {
            let mut sums = Vec::with_capacity(windows.len() * windows.len());
            for one in windows {
                for two in windows {
                    let mut sum = Long::ZERO;
                    for &(p, v) in one {
                        for &(q, w) in two {
                            sum = sum + v * w * kernel[p * count + q];
                        }
                    }
                    sums.push(sum);
                }
            }
            *kernel = sums;
        }
        self.grid = grid;
    }

    /// Means over the windows of both locations together, zeros outside.
    fn average(&mut self, taps: &[Vec<Option<usize>>], grid: [usize; 2]) {
        let count = self.locations();
        for kernel in [&mut self.nngp, &mut self.ntk] {
            let mut means = Vec::with_capacity(taps.len() * taps.len());
            for one in taps {
                for two in taps {
                    let inside = one.iter().zip(two).filter_map(|(p, q)| p.zip(*q));
                    let sum = inside.map(|(p, q)| kernel[p * count + q]);
                    means.push(sum.fold(Long::ZERO, Long::add_to) / Long::from(one.len() as f64));
                }
            }
            *kernel = means;
        }
        self.grid = grid;
    }
}

/// One pair of locations; `same` is one location of one sample.
struct Cell {
    nngp: Long,
    ntk: Long,
    same: bool,
}

impl Long {
    fn add_to(self, other: Long) -> Long {
        self + other
    }
}

/// The inputs under the taps of a window, for each output; nothing where there are zeros.
fn taps(window: &Window, grid: [usize; 2]) -> (Vec<Vec<Option<usize>>>, [usize; 2]) {
    let [rows, columns] = [0, 1].map(|axis| {
        let (n, k, s) = (grid[axis], window.size[axis], window.stride[axis]);
        let (outputs, low) = match window.padding {
            Padding::Valid => ((n - k) / s + 1, 0),
            _ => (n.div_ceil(s), ((n.div_ceil(s) - 1) * s + k).saturating_sub(n) / 2),
        };
        let input = move |output: usize, tap: usize| {
            let place = (output * s + tap) as isize - low as isize;
            match window.padding {
                Padding::Circular => Some(place.rem_euclid(n as isize) as usize),
                _ => (0..n as isize).contains(&place).then_some(place as usize),
            }
        };
        (0..outputs)
            .map(|output| (0..k).map(|tap| input(output, tap)).collect())
            .collect::<Vec<Vec<_>>>()
    });
    let outputs = [rows.len(), columns.len()];
    let mut all = Vec::new();
    for row in &rows {
        for column in &columns {
            let places = row.iter().flat_map(|y| column.iter().map(move |x| y.zip(*x)));
            all.push(places.map(|place| place.map(|(y, x)| y * grid[1] + x)).collect());
        }
    }
    (all, outputs)
}

fn variances(list: &[Pairs]) -> Vec<Vec<Long>> {
    let own = list.iter().filter(|pairs| pairs.same);
    own.map(|pairs| pairs.nngp.iter().step_by(pairs.locations() + 1).copied().collect()).collect()
}

fn run(layers: &[Layer], list: &mut Vec<Pairs>) {
    let mut rest = layers;
    while let [layer, after @ ..] = rest {
        rest = after;
        match layer {
            Layer::Serial(layers) => run(layers, list),
            Layer::FanOut { .. } => {
                let [Layer::Parallel(branches), Layer::FanInSum, after @ ..] = after else {
                    panic!("a fan-out without its fan-in");
                };
                rest = after;
                let ends: Vec<Vec<Pairs>> = branches
                    .iter()
                    .map(|branch| {
                        let mut end = list.clone();
                        run(std::slice::from_ref(branch), &mut end);
                        end
                    })
                    .collect();
                list.clone_from(&ends[0]);
                for (k, sum) in list.iter_mut().enumerate() {
                    for end in &ends[1..] {
                        add(&mut sum.nngp, &end[k].nngp);
                        add(&mut sum.ntk, &end[k].ntk);
                    }
                }
            }
            layer => {
                let before = variances(list);
                list.iter_mut().for_each(|pairs| step(layer, pairs, &before));
                if let Layer::GlobalPool { .. } | Layer::Flatten = layer {
                    sink(layer, list, &before);
                }
            }
        }
    }
}

/// Notes what is left of the digits after a sink.
fn sink(layer: &Layer, list: &mut [Pairs], before: &[Vec<Long>]) {
    let after: Vec<Long> = variances(list).iter().map(|variances| variances[0]).collect();
    let lost = |k: usize| {
        let count = before[k].len() as f64;
        let sum = before[k].iter().map(|q| q.to_f64()).sum::<f64>();
        let scale = match layer {
            Layer::GlobalPool { kind: PoolKind::Sum } => sum * count,
            _ => sum / count,
        };
        if sum > 0.0 { scale / after[k].to_f64() } else { 1.0 }
    };
    for pairs in list {
        let [i, j] = pairs.of;
        let norm = (after[i] * after[j]).sqrt();
        let sine = match pairs.same || !norm.is_positive() {
            true => 1.0,
            false => (pairs.nngp[0] / norm).beside().to_f64(),
        };
        let Sink { lost: already, sine: least } = pairs.sink;
        let lost = already.max((lost(i) * lost(j)).sqrt());
        pairs.sink = Sink { lost, sine: least.min(sine) };
    }
}

fn add(sum: &mut [Long], other: &[Long]) {
    sum.iter_mut().zip(other).for_each(|(a, &b)| *a = *a + b);
}

/// `w²·n + b²`, which the NTK gets as well.
fn affine(pairs: &mut Pairs, weight_std: f64, bias_std: Option<f64>) {
    let [w, b] = [weight_std, bias_std.unwrap_or(0.0)].map(|std| Long::from(std) * Long::from(std));
    for (n, t) in pairs.nngp.iter_mut().zip(&mut pairs.ntk) {
        *n = w * *n + b;
        *t = *n + w * *t;
    }
}

fn step(layer: &Layer, pairs: &mut Pairs, variances: &[Vec<Long>]) {
    let long = |value: f64| Long::from(value);
    match *layer {
        Layer::Conv(Conv { ref window, weight_std, bias_std, .. }) => {
            let (taps, grid) = taps(window, pairs.grid);
            pairs.average(&taps, grid);
            affine(pairs, weight_std, bias_std);
        }
        Layer::Dense { weight_std, bias_std, .. } => affine(pairs, weight_std, bias_std),
        Layer::Pool(Pool { kind, ref window, normalize_edges }) => {
            let (taps, grid) = taps(window, pairs.grid);
            let weighted = |taps: &Vec<Option<usize>>| {
                let inside: Vec<usize> = taps.iter().flatten().copied().collect();
                let weight = match (kind, normalize_edges) {
                    (PoolKind::Sum, _) => long(1.0),
                    (_, true) => long(1.0) / long(inside.len() as f64),
                    (_, false) => long(1.0) / long(taps.len() as f64),
                };
                inside.into_iter().map(|place| (place, weight)).collect()
            };
            pairs.pool(&taps.iter().map(weighted).collect(), grid);
        }
        Layer::GlobalPool { kind } => {
            let count = pairs.locations();
            let share = if kind == PoolKind::Sum { 1.0 } else { count as f64 };
            let all = (0..count).map(|place| (place, long(1.0) / long(share)));
            pairs.pool(&vec![all.collect()], [1, 1]);
        }
        Layer::Flatten => {
            let count = pairs.locations();
            for kernel in [&mut pairs.nngp, &mut pairs.ntk] {
                let own = kernel.iter().step_by(count + 1).copied();
                *kernel = vec![own.fold(Long::ZERO, Long::add_to) / long(count as f64)];
            }
            pairs.grid = [1, 1];
        }
        Layer::AbRelu { a, b, .. } => {
            let [a, b] = [a, b].map(long);
            let (squares, mixed) = (a * a + b * b, long(2.0) * a * b);
            let whole = long(2.0) * Long::PI;
            pairs.map(variances, |p, q, Cell { nngp, ntk, .. }| {
                let norm = (p * q).sqrt();
                if !norm.is_positive() {
                    return [Long::ZERO; 2];
                }
                let cosine = nngp / norm;
                let (sine, angle) = (cosine.beside(), cosine.acos());
                let (near, far) = (sine + (Long::PI - angle) * cosine, sine - angle * cosine);
                let dual = norm / whole * (squares * near - mixed * far);
                [dual, ntk / whole * (squares * (Long::PI - angle) + mixed * angle)]
            });
        }
        Layer::Erf { a, b, c } => {
            let [a, b, c] = [a, b, c].map(|value| long(value) * long(value));
            let (e, one) = (long(2.0) * b, long(1.0));
            let front = long(2.0) * a / Long::PI;
            pairs.map(variances, |p, q, Cell { nngp, ntk, .. }| {
                let product = (one + e * p) * (one + e * q);
                let dual = front * (e * nngp / product.sqrt()).asin() + c;
                let slope = front * e / (product - e * e * nngp * nngp).sqrt();
                [dual, ntk * slope]
            });
        }
        Layer::LayerNorm { ref axis, eps, .. } => {
            let axes = match axis {
                Axes::One(axis) => vec![*axis],
                Axes::List(axes) => axes.clone(),
            };
            let over = [1, 2].map(|axis| axes.contains(&axis) || axes.contains(&(axis - 4)));
            let means: Vec<Vec<Long>> =
                variances.iter().map(|image| averaged(image, pairs.grid, over)).collect();
            pairs.map(&means, |p, q, Cell { nngp, ntk, .. }| {
                let norm = ((p + long(eps)) * (q + long(eps))).sqrt();
                if !norm.is_positive() {
                    return [Long::ZERO; 2];
                }
                [nngp / norm, ntk / norm]
            });
        }
        Layer::Dropout { keep_rate, mode: Mode::Train } => {
            let keep = long(keep_rate);
            pairs.map(variances, |_, _, Cell { nngp, ntk, same }| match same {
                true => [nngp / keep, ntk / keep],
                false => [nngp, ntk],
            });
        }
        _ => {}
    }
}

/// Variances averaged over rows, columns, both or neither.
fn averaged(variances: &[Long], [rows, columns]: [usize; 2], over: [bool; 2]) -> Vec<Long> {
    let inside = |at: usize, other: usize| {
        (over[0] || at / columns == other / columns) && (over[1] || at % columns == other % columns)
    };
    let mean = |at: usize| {
        let others: Vec<Long> =
            (0..rows * columns).filter(|&o| inside(at, o)).map(|o| variances[o]).collect();
        let count = others.len() as f64;
        others.into_iter().fold(Long::ZERO, Long::add_to) / Long::from(count)
    };
    (0..rows * columns).map(mean).collect()
}
