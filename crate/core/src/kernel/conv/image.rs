//! What pairs of images need to know of each image, computed once per image.

use super::covariance::{Covariance, pool_taps};
use super::pairs::Pairs;
use super::plane::Plane;
use super::program::{Program, Sink};
use super::window::{Taps, Window};
use crate::kernel::step::{Map, Spatial, Step};
use crate::kernel::variance::{erf, or_one};
use crate::real::Real;

/// An image: its features in a unit of its own, and the tables of all steps.
pub struct Image<T: Real> {
    /// A plane per channel.
    pub pixels: Vec<Plane<T>>,
    /// The lengths of the pixels.
    pub field: Field<T>,
    pub tables: Vec<Table<T>>,
    /// The unit of its features at the sink.
    pub unit: f64,
    /// The mean of variances at the sink, in that unit.
    pub mean: f64,
    /// Half the mean of D over all pairs of the image's own locations at the sink, where it matters.
    pub spread: f64,
}

/// The lengths of the features at each location.
pub struct Field<T: Real> {
    /// S, 1/(2S) (0 where S is) and S².
    pub root: Plane<T>,
    pub inverse: Plane<T>,
    pub square: Plane<T>,
}

/// The numbers of one step for each location; a rectifier needs none.
pub enum Table<T: Real> {
    /// A convolution, or a constant.
    Affine {
        field: Field<T>,
        /// The bias in the image's unit.
        bias: f64,
    },
    Pool {
        field: Field<T>,
        pool: Pool,
    },
    Rectifier,
    /// ω, 1 − ω², √ψ and the gain, see `arcsin`.
    Erf {
        sample: [Plane<T>; 4],
        field: Field<T>,
    },
    /// Other lengths, nothing else.
    Lengths {
        field: Field<T>,
    },
    Branches {
        tables: Vec<Vec<Table<T>>>,
        /// Lengths in each branch, in units of the lengths of the sum.
        shares: Vec<Plane<T>>,
        field: Field<T>,
    },
}

/// What a pool's outputs take from an image: sums of weights, of weighted variances, and half of their own
/// weighted D.
pub struct Pool {
    pub weights: Vec<f64>,
    pub means: Vec<f64>,
    pub spreads: Vec<f64>,
}

impl<T: Real> Field<T> {
    fn new(variances: &[f64], columns: usize) -> Self {
        let map = |numbers: &[f64], map: fn(f64) -> f64| -> Vec<f64> {
            numbers.iter().map(|&number| map(number)).collect()
        };
        let roots = map(variances, f64::sqrt);
        let inverses = map(&roots, |root| if root > 0.0 { 0.5 / root } else { 0.0 });
        let [root, inverse, square] =
            [&roots, &inverses, variances].map(|numbers| Plane::new(numbers, columns));
        Field { root, inverse, square }
    }
}

impl<T: Real> Table<T> {
    /// The lengths after the step, where it changes them.
    pub fn field(&self) -> Option<&Field<T>> {
        match self {
            Table::Rectifier => None,
            Table::Affine { field, .. }
            | Table::Pool { field, .. }
            | Table::Erf { field, .. }
            | Table::Lengths { field }
            | Table::Branches { field, .. } => Some(field),
        }
    }
}

/// Variances of all locations: `unit²·scale·q`.
#[derive(Clone)]
struct Variances {
    q: Vec<f64>,
    grid: [usize; 2],
    unit: f64,
    /// What rectifiers left to the next layer.
    scale: f64,
}

impl Variances {
    fn factor(&self) -> f64 {
        self.unit * self.unit * self.scale
    }

    /// Other variances, in a unit of their own size.
    fn set(&mut self, q: impl Iterator<Item = f64>) {
        self.q = q.collect();
        let mean = self.q.iter().sum::<f64>() / self.q.len() as f64;
        self.unit = or_one(mean.sqrt());
        self.scale = 1.0;
        let square = self.unit * self.unit;
        self.q.iter_mut().for_each(|q| *q /= square);
    }

    fn field<T: Real>(&self) -> Field<T> {
        Field::new(&self.q, self.grid[1])
    }
}

impl<T: Real> Image<T> {
    /// The tables of an image of rows × columns × channels; with `spread`, what comes after the sink needs
    /// the true length of the pooled vector.
    pub fn new(program: &Program, pixels: &[T], spread: bool) -> Image<T> {
        let channels = program.channels;
        let largest = pixels.iter().map(|x| x.to_f64().abs()).fold(0.0, f64::max);
        let part = |x: &T| x.to_f64() / or_one(largest) / (channels as f64).sqrt();
        let square = |location: &[T]| location.iter().map(|x| part(x).powi(2)).sum::<f64>();
        let q: Vec<f64> = pixels.chunks_exact(channels).map(square).collect();
        let unit = first_unit(&program.steps, largest, &q);
        let relative = largest / unit;
        let planes = (0..channels).map(|channel| {
            let channel = pixels[channel..].iter().step_by(channels);
            Plane::new(&channel.map(|x| part(x) * relative).collect::<Vec<_>>(), program.grid[1])
        });
        let q = q.into_iter().map(|q| q * relative * relative).collect();
        let mut variances = Variances { q, grid: program.grid, unit, scale: 1.0 };
        let field = variances.field();
        let pixels: Vec<Plane<T>> = planes.collect();
        let mut own = has_pools(&program.steps)
            .then(|| Covariance::new(program, [&pixels, &pixels], [&field, &field]));
        let tables = tables(&program.steps, &mut variances, &mut own);
        let mean = variances.scale * variances.q.iter().sum::<f64>() / variances.q.len() as f64;
        let factor = match program.sink {
            Sink::Sum => (program.end[0] * program.end[1]) as f64,
            _ => 1.0,
        };
        let unit = variances.unit * factor;
        let mut image = Image { pixels, field, tables, unit, mean, spread: 0.0 };
        if spread && program.sink != Sink::Flatten {
            image.spread = Pairs::new().totals(program, [&image; 2], true).distance / 2.0;
        }
        image
    }

    /// The variance of the vector that the sink gives, in the image's unit.
    pub fn variance_in_unit(&self) -> f64 {
        (self.mean - self.spread).max(0.0)
    }

    /// The variance of the vector that the sink gives.
    pub fn variance(&self) -> f64 {
        self.unit * self.unit * self.variance_in_unit()
    }
}

/// The unit of an image's features. Those of two images go together best where the units make their most
/// frequent lengths the same: constant backgrounds are parallel in all images, and angles between features of
/// equal length lose nothing. Where no length is frequent, or it is a small one, the mean of the first layer is
/// taken, biases included.
fn first_unit(steps: &[Step<Spatial>], largest: f64, q: &[f64]) -> f64 {
    let mean = q.iter().sum::<f64>() / q.len() as f64;
    let first = steps.iter().find_map(|step| match step.map {
        Map::Linear(Spatial::Conv { weight, bias, .. }) => Some((weight, bias)),
        _ => None,
    });
    let (weight, bias) = first.unwrap_or((1.0, 0.0));
    let mut sorted = q.to_vec();
    sorted.sort_by(f64::total_cmp);
    let runs = sorted.chunk_by(|a, b| b - a <= 1e-12 * b);
    let frequent = runs
        .max_by_key(|run| run.len())
        .filter(|run| bias == 0.0 && 20 * run.len() > q.len() && 400.0 * run[0] > mean);
    let q = frequent.map_or(mean, |run| run[run.len() / 2]);
    or_one(if weight > 0.0 { (weight * q).sqrt() * largest } else { largest }.hypot(bias.sqrt()))
}

fn has_pools(steps: &[Step<Spatial>]) -> bool {
    steps.iter().any(|step| match &step.map {
        Map::Linear(Spatial::Pool { .. }) => true,
        Map::Branches(branches) => branches.iter().any(|branch| has_pools(branch)),
        _ => false,
    })
}

/// The tables of some steps; `own` are the covariances of the image's own locations where pools need
/// them, and goes along.
fn tables<T: Real>(
    steps: &[Step<Spatial>],
    variances: &mut Variances,
    own: &mut Option<Covariance<T>>,
) -> Vec<Table<T>> {
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        let table = table(step, variances, own);
        if let Some(own) = own {
            own.apply(step, [&table, &table], true);
        }
        done.push(table);
    }
    done
}

fn table<T: Real>(
    step: &Step<Spatial>,
    variances: &mut Variances,
    own: &Option<Covariance<T>>,
) -> Table<T> {
    let factor = variances.factor();
    match &step.map {
        Map::Linear(Spatial::Conv { window, weight, bias }) => {
            let scale = variances.scale * weight / (window[0].size * window[1].size) as f64;
            let bias = bias.sqrt() / variances.unit;
            let sums = window_sums(&variances.q, window);
            variances.q = sums.into_iter().map(|sum| scale * sum + bias * bias).collect();
            variances.scale = 1.0;
            variances.grid = [window[0].outputs, window[1].outputs];
            Table::Affine { field: variances.field(), bias }
        }
        Map::Linear(Spatial::Pool { window, share }) => {
            let own = own.as_ref().expect("pools have the covariances of each image");
            let taps = [0, 1].map(|axis| pool_taps(&window[axis], *share));
            let outputs =
                || taps[0].iter().flat_map(|row| taps[1].iter().map(move |column| (row, column)));
            let columns = window[1].inputs;
            let weigh = |value: &dyn Fn(usize) -> f64| -> Vec<f64> {
                outputs()
                    .map(|(row, column)| {
                        let terms = row.iter().flat_map(|&(y, v)| {
                            column.iter().map(move |&(x, w)| v * w * value(y * columns + x))
                        });
                        terms.sum()
                    })
                    .collect()
            };
            let weights = weigh(&|_| 1.0);
            let means = weigh(&|at| variances.scale * variances.q[at]);
            let spreads = own.pooled_spreads(&taps);
            let q = weights.iter().zip(&means).zip(&spreads);
            variances.q =
                q.map(|((weight, mean), spread)| (weight * mean - spread).max(0.0)).collect();
            variances.scale = 1.0;
            variances.grid = [window[0].outputs, window[1].outputs];
            Table::Pool { field: variances.field(), pool: Pool { weights, means, spreads } }
        }
        Map::Rectifier { gain, .. } => {
            variances.scale *= gain;
            Table::Rectifier
        }
        Map::Erf { a, b } => {
            let done: Vec<_> = variances.q.iter().map(|q| erf(factor * q, *a, *b)).collect();
            let plane = |k: usize| {
                Plane::new(
                    &done.iter().map(|(sample, _)| sample[k]).collect::<Vec<_>>(),
                    variances.grid[1],
                )
            };
            let sample = [plane(0), plane(1), plane(2), plane(3)];
            variances.set(done.iter().map(|&(_, q)| q));
            Table::Erf { sample, field: variances.field() }
        }
        Map::Constant { square } => {
            let bias = square.sqrt() / variances.unit;
            let scale = std::mem::replace(&mut variances.scale, 1.0);
            variances.q.iter_mut().for_each(|q| *q = scale * *q + bias * bias);
            Table::Affine { field: variances.field(), bias }
        }
        Map::Dropout { keep } => {
            variances.scale /= keep;
            let q: Vec<f64> = variances.q.iter().map(|q| variances.factor() * q).collect();
            variances.set(q.into_iter());
            Table::Lengths { field: variances.field() }
        }
        Map::Normalize { over, eps } => {
            let q: Vec<f64> = variances.q.iter().map(|q| factor * q).collect();
            let means = averaged(&q, variances.grid, *over);
            variances.set(
                q.iter().zip(means).map(|(q, mean)| if *q > 0.0 { q / (mean + eps) } else { 0.0 }),
            );
            Table::Lengths { field: variances.field() }
        }
        Map::Branches(branches) => {
            let mut all = Vec::new();
            let mut ends = Vec::new();
            for branch in branches {
                let (mut end, mut own) = (variances.clone(), own.clone());
                all.push(tables(branch, &mut end, &mut own));
                ends.push(end);
            }
            let grid = ends[0].grid;
            let part = |end: &Variances, at: usize| end.factor() * end.q[at];
            let locations = grid[0] * grid[1];
            let sums: Vec<f64> =
                (0..locations).map(|at| ends.iter().map(|end| part(end, at)).sum()).collect();
            let shares = ends.iter().map(|end| {
                let share = |at: usize| (part(end, at) / or_one(sums[at])).sqrt();
                Plane::new(&(0..locations).map(share).collect::<Vec<_>>(), grid[1])
            });
            let shares = shares.collect();
            variances.grid = grid;
            variances.set(sums.into_iter());
            Table::Branches { tables: all, shares, field: variances.field() }
        }
    }
}

/// Sums over windows, tap by tap in the same order everywhere, so that equal patches have equal sums.
fn window_sums(q: &[f64], window: &Window) -> Vec<f64> {
    let [rows, columns] = window;
    let mut sums = Vec::with_capacity(rows.outputs * columns.outputs);
    let taps = |taps: &Taps, output: usize| -> Vec<usize> {
        (0..taps.size).filter_map(|tap| taps.input(output, tap)).collect()
    };
    let columns_of: Vec<_> = (0..columns.outputs).map(|x| taps(columns, x)).collect();
    for y in 0..rows.outputs {
        let lines = taps(rows, y);
        for places in &columns_of {
            let line = |y: &usize| places.iter().map(|x| q[y * columns.inputs + x]).sum::<f64>();
            sums.push(lines.iter().map(line).sum());
        }
    }
    sums
}

/// Variances averaged over rows, columns, both or neither.
fn averaged(q: &[f64], grid: [usize; 2], over: [bool; 2]) -> Vec<f64> {
    let mut means = q.to_vec();
    let [rows, columns] = grid;
    if over[0] {
        for column in 0..columns {
            let mean =
                (0..rows).map(|row| means[row * columns + column]).sum::<f64>() / rows as f64;
            (0..rows).for_each(|row| means[row * columns + column] = mean);
        }
    }
    if over[1] {
        for row in means.chunks_exact_mut(columns) {
            let mean = row.iter().sum::<f64>() / columns as f64;
            row.fill(mean);
        }
    }
    means
}

/// The biases of a step on both sides; 0 where it has none.
pub fn biases<T: Real>(tables: [&Table<T>; 2]) -> [f64; 2] {
    tables.map(|table| match table {
        Table::Affine { bias, .. } => *bias,
        _ => 0.0,
    })
}
