//! The executor that holds all pairs of locations, layer by layer: for layers that mix offsets.

mod lengths;
mod pooling;

pub use pooling::pool_taps;

use super::elementwise::{self, Context, Normal};
use super::exact::{At, Features, Place, exact};
use super::image::{Field, Image, Table, biases};
use super::offsets::Totals;
use super::plane::{Plane, Run};
use super::program::{Program, Sink};
use super::settle::{Affinity, Kind, Memory, Pass, Reach, Row, Sums, settle};
use super::window::Window;
use crate::kernel::step::{Map, Spatial, Step, acute_after};
use crate::real::{Lanes, Real};
use lengths::{Lengths, Splat};

/// All pairs of locations of two images: rows are those of the first, in whole vectors.
#[derive(Clone)]
pub struct Covariance<T: Real> {
    grid: At,
    distance: Vec<T::Lanes>,
    opposite: Vec<T::Lanes>,
    gap: Vec<T::Lanes>,
    ntk: Vec<T::Lanes>,
    sides: [Lengths<T>; 2],
    /// The pixels of both images, channel by channel, as long as nothing has been done to them.
    pixels: Option<[Vec<Vec<T>>; 2]>,
    trained: bool,
    scale: f64,
}

impl<T: Real> Covariance<T> {
    /// All pairs of pixels.
    pub fn new(program: &Program, pixels: [&[Plane<T>]; 2], fields: [&Field<T>; 2]) -> Self {
        let sides = fields.map(Lengths::new);
        let flat = pixels.map(|channels| channels.iter().map(Plane::flat).collect::<Vec<_>>());
        let locations = program.grid[0] * program.grid[1];
        let vectors = locations.div_ceil(T::LANES);
        let zeros = || vec![T::Lanes::splat(T::ZERO); locations * vectors];
        let mut pairs = Covariance {
            grid: program.grid,
            distance: zeros(),
            opposite: zeros(),
            gap: zeros(),
            ntk: zeros(),
            sides,
            pixels: None,
            trained: false,
            scale: 1.0,
        };
        for p in 0..locations {
            let splat = Splat::new(&pairs.sides[0], p, vectors);
            let run = p * vectors..(p + 1) * vectors;
            let (distance, opposite) =
                (&mut pairs.distance[run.clone()], &mut pairs.opposite[run.clone()]);
            for (x, y) in flat[0].iter().zip(&flat[1]) {
                let (x, y) = (T::Lanes::splat(x[p]), Run::new(y, vectors));
                for k in 0..vectors {
                    let (minus, plus) = (x - y.at(k), x + y.at(k));
                    distance[k] = distance[k] + minus * minus;
                    opposite[k] = opposite[k] + plus * plus;
                }
            }
            let (one, two) = (splat.side(vectors), pairs.sides[1].side(vectors));
            for (k, gap) in pairs.gap[run].iter_mut().enumerate() {
                let lengths = one.root.at(k) - two.root.at(k);
                *gap = (distance[k] - lengths * lengths).most(T::Lanes::splat(T::ZERO));
            }
        }
        pairs.pixels = Some(flat);
        pairs
    }

    /// The means at the sink of a pair of images; of an image with itself with `own`.
    pub fn run(program: &Program, images: [&Image<T>; 2], own: bool) -> Totals {
        let [one, two] = images;
        let mut pairs =
            Covariance::new(program, [&one.pixels, &two.pixels], [&one.field, &two.field]);
        for (k, step) in program.steps.iter().enumerate() {
            pairs.apply(step, [&one.tables[k], &two.tables[k]], own);
        }
        pairs.totals(program.sink)
    }

    fn vectors(&self) -> usize {
        self.locations().div_ceil(T::LANES)
    }

    fn locations(&self) -> usize {
        self.grid[0] * self.grid[1]
    }

    fn row(&mut self, row: usize) -> Row<'_, T::Lanes> {
        let vectors = self.vectors();
        let run = row * vectors..(row + 1) * vectors;
        Row {
            distance: &mut self.distance[run.clone()],
            opposite: &mut self.opposite[run.clone()],
            gap: &mut self.gap[run.clone()],
            ntk: &mut self.ntk[run],
        }
    }

    fn totals(&self, sink: Sink) -> Totals {
        let (vectors, locations) = (self.vectors(), self.locations());
        let mean = |part: &[T::Lanes]| {
            let rows = part.chunks_exact(vectors).enumerate();
            let sums = rows.map(|(p, row)| {
                let numbers = &bytemuck::cast_slice::<_, T>(row)[..locations];
                match sink {
                    Sink::Flatten => numbers[p].to_f64(),
                    _ => numbers.iter().map(|x| x.to_f64()).sum(),
                }
            });
            let count = if sink == Sink::Flatten { locations } else { locations * locations };
            self.scale * sums.sum::<f64>() / count as f64
        };
        Totals { distance: mean(&self.distance), ntk: mean(&self.ntk) }
    }

    /// Takes all pairs through a step; those of an image with itself with `own`.
    pub fn apply(&mut self, step: &Step<Spatial>, tables: [&Table<T>; 2], own: bool) {
        let wide = !step.acute;
        match &step.map {
            Map::Linear(Spatial::Conv { window, weight, .. }) => {
                self.conv(window, *weight, wide, tables);
            }
            Map::Linear(Spatial::Pool { window, share }) => {
                let taps = [0, 1].map(|axis| pool_taps(&window[axis], *share));
                self.pool(&taps, tables);
            }
            Map::Branches(branches) => self.branches(branches, tables, step.acute, own),
            map => self.elementwise(map, wide, tables, own),
        }
        if let [Some(one), Some(two)] = tables.map(Table::field) {
            self.sides = [one, two].map(Lengths::new);
        }
        self.pixels = None;
    }

    fn elementwise(&mut self, map: &Map<Spatial>, wide: bool, tables: [&Table<T>; 2], own: bool) {
        let vectors = self.vectors();
        let after = match tables.map(Table::field) {
            [Some(one), Some(two)] => [one, two].map(Lengths::new),
            _ => self.sides.clone(),
        };
        let samples = match tables {
            [Table::Erf { sample: one, .. }, Table::Erf { sample: two, .. }] => {
                Some([one, two].map(|planes| planes.each_ref().map(Plane::flat)))
            }
            _ => None,
        };
        let affinity = Affinity::new(self.scale, biases(tables));
        let before = self.sides.clone();
        for p in 0..self.locations() {
            let splats = (Splat::new(&before[0], p, vectors), Splat::new(&after[0], p, vectors));
            let one = samples
                .as_ref()
                .map(|[one, _]| one.each_ref().map(|numbers| vec![numbers[p]; vectors * T::LANES]));
            let context = Context {
                before: [splats.0.side(vectors), before[1].side(vectors)],
                after: [splats.1.side(vectors).root, after[1].side(vectors).root],
                samples: one.as_ref().zip(samples.as_ref()).map(|(one, [_, two])| {
                    [one, two].map(|numbers| numbers.each_ref().map(|n| Run::new(n, vectors)))
                }),
                affinity,
                same: if own { p..p + 1 } else { 0..0 },
            };
            elementwise::pass(map, wide, self.row(p), &context);
        }
        match map {
            Map::Rectifier { gain, .. } => self.scale *= gain,
            _ => self.scale = 1.0,
        }
    }

    fn branches(
        &mut self,
        branches: &[Vec<Step<Spatial>>],
        tables: [&Table<T>; 2],
        acute: bool,
        own: bool,
    ) {
        let [
            Table::Branches { tables: one, shares: u, field: f },
            Table::Branches { tables: two, shares: v, field: g },
        ] = tables
        else {
            unreachable!("a branch has the tables of its branches")
        };
        let ends = branches.iter().enumerate().map(|(k, branch)| {
            let mut end = self.clone();
            for (at, step) in branch.iter().enumerate() {
                end.apply(step, [&one[k][at], &two[k][at]], own);
            }
            end
        });
        let mut ends: Vec<Self> = ends.collect();
        let zero = T::Lanes::splat(T::ZERO);
        let none = Normal { alpha: zero, beta: zero, tau: zero };
        let (vectors, locations) = (ends[0].vectors(), ends[0].locations());
        let wide = branches.iter().map(|branch| !acute_after(branch, acute)).collect::<Vec<_>>();
        let any_wide = wide.contains(&true);
        let shares: Vec<_> = u.iter().zip(v).map(|(u, v)| (u.flat(), v.flat())).collect();
        let after = [f, g].map(Lengths::new);
        let lengths: Vec<_> = ends.iter().map(|end| end.sides.clone()).collect();
        let mut sum = vec![none; vectors];
        let trained = ends.iter().any(|end| end.trained);
        for p in 0..locations {
            sum.fill(none);
            for (k, end) in ends.iter_mut().enumerate() {
                let [one, two] = &lengths[k];
                let splat = Splat::new(one, p, vectors);
                let sides = [splat.side(vectors), two.side(vectors)];
                let own_share = vec![shares[k].0[p]; vectors * T::LANES];
                let shares = [Run::new(&own_share, vectors), Run::new(&shares[k].1, vectors)];
                elementwise::add_branch(&mut sum, wide[k], end.row(p), sides, shares);
            }
            let splat = Splat::new(&after[0], p, vectors);
            let roots = [splat.side(vectors).root, after[1].side(vectors).root];
            elementwise::finish(&sum, any_wide, ends[0].row(p), roots);
        }
        *self = ends.swap_remove(0);
        self.trained = trained;
        self.scale = 1.0;
    }

    fn conv(&mut self, window: &Window, weight: f64, wide: bool, tables: [&Table<T>; 2]) {
        let weight = self.scale * weight / (window[0].size * window[1].size) as f64;
        let biases = biases(tables);
        let [Some(one), Some(two)] = tables.map(Table::field) else { return };
        let after = [one, two].map(Lengths::new);
        let outputs = [window[0].outputs, window[1].outputs];
        let locations = outputs[0] * outputs[1];
        let to = locations.div_ceil(T::LANES);
        let affinity = Affinity::new(weight, biases);
        let zeros = || vec![T::Lanes::splat(T::ZERO); locations * to];
        let mut next = Covariance {
            grid: outputs,
            distance: zeros(),
            opposite: zeros(),
            gap: zeros(),
            ntk: zeros(),
            sides: after.clone(),
            pixels: None,
            trained: true,
            scale: 1.0,
        };
        let mut sums: Sums<T> = [(); 3].map(|()| vec![T::Lanes::splat(T::ZERO); to]);
        let mut memory = Memory::default();
        let kind = Kind { wide, trained: self.trained, ratio: None };
        for p in 0..locations {
            let at = [p / outputs[1], p % outputs[1]];
            let parts = [
                (&self.distance, true, true),
                (&self.opposite, wide, true),
                (&self.ntk, self.trained, false),
            ];
            for (sum, (part, wanted, squares)) in sums.iter_mut().zip(parts) {
                if wanted {
                    self.window_sums(window, at, part, squares, bytemuck::cast_slice_mut(sum));
                }
            }
            let mut of_pair = |_: usize, q: usize| -> Option<(T, T)> {
                (q < locations).then(|| {
                    let other = [q / outputs[1], q % outputs[1]];
                    let lengths = [after[0].root[p], after[1].root[q]].map(T::to_f64);
                    self.exact(&Place { window, weight, biases, at: [at, other], lengths })
                })
            };
            let splat = Splat::new(&after[0], p, to);
            let sides = [
                Reach::new(&splat.root, &splat.inverse, &[0], to),
                Reach::new(&after[1].root, &after[1].inverse, &[0], to),
            ];
            let pass = Pass { sides, affinity, rows: 1, vectors: to, stride: to };
            settle(kind, &pass, &sums, &mut next.row(p), &mut of_pair, &mut memory);
        }
        *self = next;
    }

    /// Sums over the windows of one location of the first image and all of the second.
    fn window_sums(
        &self,
        window: &Window,
        p: At,
        part: &[T::Lanes],
        squares: bool,
        sums: &mut [T],
    ) {
        let [rows, columns] = window;
        let vectors = self.vectors();
        sums.fill(T::ZERO);
        for y in 0..rows.size {
            for x in 0..columns.size {
                let one = rows.input(p[0], y).zip(columns.input(p[1], x));
                let one = one.map(|(row, column)| row * columns.inputs + column);
                let row = one.map(|one| {
                    bytemuck::cast_slice::<_, T>(&part[one * vectors..(one + 1) * vectors])
                });
                let alone = match squares {
                    true => one.map_or(T::ZERO, |one| self.sides[0].square[one]),
                    false => T::ZERO,
                };
                for (to, sums) in sums.chunks_mut(columns.outputs).take(rows.outputs).enumerate() {
                    let Some(from) = rows.input(to, y) else {
                        sums.iter_mut().for_each(|sum| *sum = *sum + alone);
                        continue;
                    };
                    for (column, sum) in sums.iter_mut().enumerate() {
                        let two = columns.input(column, x).map(|at| from * columns.inputs + at);
                        let value = match (row, two) {
                            (Some(row), Some(two)) => row[two],
                            (None, Some(two)) if squares => self.sides[1].square[two],
                            (_, None) => alone,
                            _ => T::ZERO,
                        };
                        *sum = *sum + value;
                    }
                }
            }
        }
    }

    fn exact(&self, place: &Place) -> (T, T) {
        let (gap, opposite) =
            exact(place, &Hidden { pairs: self, columns: place.window[1].inputs });
        (T::from_f64(gap), T::from_f64(opposite))
    }
}

/// What is known of features: pixels at the beginning, lengths and pairs later.
struct Hidden<'a, T: Real> {
    pairs: &'a Covariance<T>,
    columns: usize,
}

impl<T: Real> Hidden<'_, T> {
    fn flat(&self, [row, column]: At) -> usize {
        row * self.columns + column
    }
}

impl<T: Real> Features for Hidden<'_, T> {
    fn numbers(&self) -> usize {
        self.pairs.pixels.as_ref().map_or(1, |pixels| pixels[0].len())
    }

    fn number(&self, side: usize, channel: usize, at: At) -> f64 {
        let numbers = match &self.pairs.pixels {
            Some(pixels) => &pixels[side][channel],
            None => &self.pairs.sides[side].root,
        };
        numbers[self.flat(at)].to_f64()
    }

    fn pair(&self, one: At, two: At) -> Option<(f64, f64)> {
        if self.pairs.pixels.is_some() {
            return None;
        }
        let at = self.flat(one) * self.pairs.vectors() * T::LANES + self.flat(two);
        let number = |part: &[T::Lanes]| bytemuck::cast_slice::<_, T>(part)[at].to_f64();
        let lengths = (self.number(0, 0, one) - self.number(1, 0, two)).powi(2);
        Some((number(&self.pairs.gap), (number(&self.pairs.opposite) - lengths).max(0.0)))
    }
}
