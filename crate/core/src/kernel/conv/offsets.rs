//! The executor that takes the pairs of one offset after the other: all layers run on them while they are
//! in the L1 cache, and nothing else is ever stored.

use super::elementwise::{self, Context, Normal};
use super::exact::{At, Features, Place, exact};
use super::image::{Field, Image, Table};
use super::plane::Run;
use super::program::{Program, before};
use super::settle::{Affinity, Row, Side, Sums, settle};
use super::window::{Line, Slice, Window};
use crate::kernel::step::{Map, Spatial, Step, acute_after};
use crate::real::{Lanes, Real};

/// The pairs of one offset: D, P, 2(SS' − N) and the NTK, rows of whole vectors.
#[derive(Clone)]
struct State<T: Real> {
    distance: Vec<T::Lanes>,
    opposite: Vec<T::Lanes>,
    gap: Vec<T::Lanes>,
    ntk: Vec<T::Lanes>,
}

impl<T: Real> State<T> {
    fn new() -> Self {
        State { distance: vec![], opposite: vec![], gap: vec![], ntk: vec![] }
    }

    fn resize(&mut self, vectors: usize) {
        for part in [&mut self.distance, &mut self.opposite, &mut self.gap, &mut self.ntk] {
            if part.len() < vectors {
                part.resize(vectors, T::Lanes::splat(T::ZERO));
            }
        }
    }

    fn row(&mut self, row: usize, vectors: usize) -> Row<'_, T::Lanes> {
        let run = row * vectors..(row + 1) * vectors;
        Row {
            distance: &mut self.distance[run.clone()],
            opposite: &mut self.opposite[run.clone()],
            gap: &mut self.gap[run.clone()],
            ntk: &mut self.ntk[run],
        }
    }
}

/// Memory that pairs use one after the other.
pub struct Offsets<T: Real> {
    now: State<T>,
    next: State<T>,
    /// States at forks, innermost last, and the sums of their branches.
    forks: Vec<(State<T>, Vec<Normal<T::Lanes>>)>,
    /// Sums over the rows of a window, with what is left and right of a row, and then over its columns.
    lines: [Vec<T::Lanes>; 3],
    sums: [Vec<T::Lanes>; 3],
}

/// Where a pair is on its way through the steps.
struct Way<'a, T: Real> {
    images: [&'a Image<T>; 2],
    fields: [&'a Field<T>; 2],
    /// An image with itself.
    own: bool,
    /// Nothing has been done but to read the pixels.
    raw: bool,
    trained: bool,
    scale: f64,
}

/// Means over the pairs of locations that were computed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    pub distance: f64,
    pub ntk: f64,
}

/// A row of pairs of one offset: where it begins on both sides.
fn side_at(slice: &Slice, grid: At, row: usize) -> [At; 2] {
    let [rows, columns] = slice;
    let p = [rows.first + row, columns.first];
    [p, [partner(rows, p[0], grid[0]), (p[1] as isize + columns.offset) as usize]]
}

/// The other location of a pair along one axis.
fn partner(line: &Line, place: usize, locations: usize) -> usize {
    let other = place as isize + line.offset;
    if line.ring { other as usize % locations } else { other as usize }
}

fn sides<'a, T: Real>(fields: [&'a Field<T>; 2], at: [At; 2], vectors: usize) -> [Side<'a, T>; 2] {
    [0, 1].map(|k| {
        let ([row, column], field) = (at[k], fields[k]);
        let run = |plane: &'a super::plane::Plane<T>| plane.run(row, column, vectors);
        Side { root: run(&field.root), inverse: run(&field.inverse) }
    })
}

fn vectors<T: Real>(slice: &Slice) -> usize {
    slice[1].count.div_ceil(T::LANES)
}

/// A row under a tap of a filter: in the slice, or on one side only, where there are zeros on the other.
#[derive(Clone, Copy)]
struct Tap {
    inside: Option<usize>,
    rows: [Option<usize>; 2],
}

/// The lines of a slice under the taps of an output.
fn taps(window: &super::window::Taps, line: &Line, output: usize) -> impl Iterator<Item = Tap> {
    let locations = window.inputs as isize;
    (0..window.size).map(move |tap| {
        let p = (output * window.stride + tap) as isize - window.low as isize;
        let p = if line.ring { p.rem_euclid(locations) } else { p };
        let q = p + line.offset;
        let q = if line.ring { q % locations } else { q };
        let within = |place: isize| (0..locations).contains(&place).then_some(place as usize);
        let rows = [within(p), within(q)];
        let inside = rows[0].zip(rows[1]).map(|(p, _)| p - line.first);
        Tap { inside, rows }
    })
}

impl<T: Real> Offsets<T> {
    pub fn new() -> Self {
        let none = || [vec![], vec![], vec![]];
        Offsets {
            now: State::new(),
            next: State::new(),
            forks: vec![],
            lines: none(),
            sums: none(),
        }
    }

    /// The means at the sink of a pair of images over some slices, each counted as often as it says; of an
    /// image with itself with `own`.
    pub fn run(
        &mut self,
        program: &Program,
        images: [&Image<T>; 2],
        own: bool,
        slices: &[(Slice, f64)],
    ) -> Totals {
        let (mut totals, mut count) = (Totals::default(), 0.0);
        for &(slice, weight) in slices {
            let first = before(&program.steps, slice);
            self.read(images, first, program);
            let [one, two] = images;
            let mut way = Way {
                images,
                fields: [&one.field, &two.field],
                own,
                raw: true,
                trained: false,
                scale: 1.0,
            };
            self.steps(&program.steps, [&one.tables, &two.tables], slice, program.grid, &mut way);
            let (distance, ntk) = self.sum(&slice);
            totals.distance += weight * way.scale * distance;
            totals.ntk += weight * way.scale * ntk;
            count += weight * (slice[0].count * slice[1].count) as f64;
        }
        Totals { distance: totals.distance / count, ntk: totals.ntk / count }
    }

    /// The pairs of pixels of a slice.
    fn read(&mut self, images: [&Image<T>; 2], slice: Slice, program: &Program) {
        let vectors = vectors::<T>(&slice);
        self.now.resize(slice[0].count * vectors);
        let zero = T::Lanes::splat(T::ZERO);
        for y in 0..slice[0].count {
            let at = side_at(&slice, program.grid, y);
            let [one, two] = sides([&images[0].field, &images[1].field], at, vectors);
            let Row { distance, opposite, gap, ntk } = self.now.row(y, vectors);
            distance.fill(zero);
            opposite.fill(zero);
            ntk.fill(zero);
            for (x, y) in images[0].pixels.iter().zip(&images[1].pixels) {
                let x = x.run(at[0][0], at[0][1], vectors);
                let y = y.run(at[1][0], at[1][1], vectors);
                for k in 0..vectors {
                    let (minus, plus) = (x.at(k) - y.at(k), x.at(k) + y.at(k));
                    distance[k] = distance[k] + minus * minus;
                    opposite[k] = opposite[k] + plus * plus;
                }
            }
            for k in 0..vectors {
                let lengths = one.root.at(k) - two.root.at(k);
                gap[k] = (distance[k] - lengths * lengths).most(zero);
            }
        }
    }

    /// Sums of D and the NTK over a slice.
    fn sum(&self, slice: &Slice) -> (f64, f64) {
        let (vectors, count) = (vectors::<T>(slice), slice[1].count);
        let whole = count / T::LANES;
        let total = |values: &[T::Lanes]| -> f64 {
            let mut total = 0.0;
            for row in values[..slice[0].count * vectors].chunks_exact(vectors) {
                let mut sum = T::Lanes::splat(T::ZERO);
                for &vector in &row[..whole] {
                    sum = sum + vector;
                }
                let lanes: &[T] = bytemuck::cast_slice(std::slice::from_ref(&sum));
                total += lanes.iter().map(|x| x.to_f64()).sum::<f64>();
                let rest: &[T] = bytemuck::cast_slice(&row[whole..]);
                total += rest[..count - whole * T::LANES].iter().map(|x| x.to_f64()).sum::<f64>();
            }
            total
        };
        (total(&self.now.distance), total(&self.now.ntk))
    }

    /// Takes the pairs before some steps to the slice after them; `grid` is that before them.
    fn steps<'a>(
        &mut self,
        steps: &[Step<Spatial>],
        tables: [&'a [Table<T>]; 2],
        after: Slice,
        grid: At,
        way: &mut Way<'a, T>,
    ) {
        let Some(last) = steps.last() else { return };
        // A rectifier goes along with the convolution before it.
        let ratio = match (&last.map, steps.iter().rev().nth(1)) {
            (Map::Rectifier { ratio, gain }, Some(Step { map: Map::Linear(_), .. })) => {
                Some((*ratio, *gain))
            }
            _ => None,
        };
        let first = steps.len() - if ratio.is_some() { 2 } else { 1 };
        let inputs = before(&steps[first..], after);
        self.steps(&steps[..first], tables.map(|tables| &tables[..first]), inputs, grid, way);
        let here = tables.map(|tables| &tables[first]);
        match &steps[first].map {
            Map::Linear(Spatial::Conv { window, weight, .. }) => {
                let ratio_alone = ratio.map(|(ratio, _)| ratio);
                self.conv(
                    window,
                    *weight,
                    steps[first].acute,
                    ratio_alone,
                    here,
                    inputs,
                    after,
                    way,
                );
                way.scale = ratio.map_or(1.0, |(_, gain)| gain);
            }
            Map::Linear(Spatial::Pool { .. }) => unreachable!("pools mix offsets"),
            Map::Branches(branches) => {
                self.branches(
                    branches,
                    here,
                    after,
                    end(&steps[..first], grid),
                    steps[first].acute,
                    way,
                );
            }
            map => {
                let grid = end(&steps[..first], grid);
                self.elementwise(map, !steps[first].acute, here, after, grid, way);
            }
        }
        if let [Some(one), Some(two)] = here.map(Table::field) {
            way.fields = [one, two];
        }
        way.raw = false;
    }

    fn elementwise<'a>(
        &mut self,
        map: &Map<Spatial>,
        wide: bool,
        tables: [&'a Table<T>; 2],
        slice: Slice,
        grid: At,
        way: &mut Way<'a, T>,
    ) {
        let vectors = vectors::<T>(&slice);
        let after = [0, 1].map(|k| tables[k].field().unwrap_or(way.fields[k]));
        let [b, c] = biases(tables);
        let same = way.own && slice.iter().all(|line| line.offset == 0);
        for y in 0..slice[0].count {
            let at = side_at(&slice, grid, y);
            let run = |k: usize, plane: &'a super::plane::Plane<T>| {
                plane.run(at[k][0], at[k][1], vectors)
            };
            let samples = match tables {
                [Table::Erf { sample: one, .. }, Table::Erf { sample: two, .. }] => Some([
                    one.each_ref().map(|plane| run(0, plane)),
                    two.each_ref().map(|plane| run(1, plane)),
                ]),
                _ => None,
            };
            let context = Context {
                before: sides(way.fields, at, vectors),
                after: [0, 1].map(|k| run(k, &after[k].root)),
                samples,
                scale: T::from_f64(way.scale),
                constants: [(b - c).powi(2), (b + c).powi(2)].map(T::from_f64),
                same: if same { 0..slice[1].count } else { 0..0 },
            };
            elementwise::pass(map, wide, self.now.row(y, vectors), &context);
        }
        match map {
            Map::Rectifier { gain, .. } => way.scale *= gain,
            _ => way.scale = 1.0,
        }
    }

    fn branches<'a>(
        &mut self,
        branches: &[Vec<Step<Spatial>>],
        tables: [&'a Table<T>; 2],
        after: Slice,
        grid: At,
        acute: bool,
        way: &mut Way<'a, T>,
    ) {
        let [
            Table::Branches { tables: one, shares: u, field: f },
            Table::Branches { tables: two, shares: v, field: g },
        ] = tables
        else {
            unreachable!("a branch has the tables of its branches")
        };
        let vectors = vectors::<T>(&after);
        let zero = T::Lanes::splat(T::ZERO);
        let none = Normal { alpha: zero, beta: zero, tau: zero };
        let fork = self.now.clone();
        self.forks.push((fork, vec![none; after[0].count * vectors]));
        let ends = branches.iter().map(|branch| end(branch, grid));
        let end_grid = ends.last().unwrap_or(grid);
        let mut wide = false;
        let mut trained = false;
        for (k, branch) in branches.iter().enumerate() {
            if let Some((fork, _)) = self.forks.last() {
                self.now.clone_from(fork);
            }
            let mut own = Way { ..*way };
            self.steps(branch, [&one[k], &two[k]], after, grid, &mut own);
            let branch_wide = !acute_after(branch, acute);
            wide |= branch_wide;
            trained |= own.trained;
            let Some((_, sums)) = self.forks.last_mut() else { continue };
            for (y, sum) in sums.chunks_exact_mut(vectors).enumerate() {
                let at = side_at(&after, end_grid, y);
                let before = sides(own.fields, at, vectors);
                let shares =
                    [u[k].run(at[0][0], at[0][1], vectors), v[k].run(at[1][0], at[1][1], vectors)];
                elementwise::add_branch(sum, branch_wide, self.now.row(y, vectors), before, shares);
            }
        }
        if let Some((_, sums)) = self.forks.pop() {
            self.now.resize(after[0].count * vectors);
            for (y, sum) in sums.chunks_exact(vectors).enumerate() {
                let at = side_at(&after, end_grid, y);
                let roots = [f, g].map(|field| &field.root);
                let after = [0, 1].map(|k| roots[k].run(at[k][0], at[k][1], vectors));
                elementwise::finish(sum, wide, self.now.row(y, vectors), after);
            }
        }
        way.trained = trained;
        way.scale = 1.0;
    }

    #[allow(clippy::too_many_arguments)]
    fn conv<'a>(
        &mut self,
        window: &Window,
        weight: f64,
        acute: bool,
        ratio: Option<f64>,
        tables: [&'a Table<T>; 2],
        inputs: Slice,
        after: Slice,
        way: &mut Way<'a, T>,
    ) {
        let weight = way.scale * weight / (window[0].size * window[1].size) as f64;
        let biases = biases(tables);
        let [Some(one), Some(two)] = tables.map(Table::field) else { return };
        let fields = [one, two];
        let (from, to) = (vectors::<T>(&inputs), vectors::<T>(&after));
        let outputs = [window[0].outputs, window[1].outputs];
        self.next.resize(after[0].count * to);
        let (wide, trained) = (!acute, way.trained);
        let affinity = Affinity {
            weight: T::from_f64(weight),
            apart: T::from_f64((biases[0] - biases[1]).powi(2)),
            along: T::from_f64((biases[0] + biases[1]).powi(2)),
        };
        let columns = Columns::new::<T>(&window[1], &inputs[1], &after[1]);
        let Offsets { now, next, lines, sums, .. } = self;
        for part in lines.iter_mut() {
            part.resize(columns.length, T::Lanes::splat(T::ZERO));
        }
        for part in sums.iter_mut() {
            part.resize(to, T::Lanes::splat(T::ZERO));
        }
        let mut taps_of_row = Vec::with_capacity(window[0].size);
        for y in 0..after[0].count {
            taps_of_row.clear();
            taps_of_row.extend(taps(&window[0], &inputs[0], after[0].first + y));
            let parts = [
                (&now.distance, true, true),
                (&now.opposite, wide, true),
                (&now.ntk, trained, false),
            ];
            for (k, (part, wanted, squares)) in parts.into_iter().enumerate() {
                if wanted {
                    let squares = squares.then(|| way.fields.map(|field| &field.square));
                    columns.fill::<T>(part, from, &taps_of_row, squares, &mut lines[k]);
                    columns.gather::<T>(&lines[k], &mut sums[k]);
                }
            }
            let at = side_at(&after, outputs, y);
            let mut of_pair = |column: usize| -> Option<(T, T)> {
                (column < after[1].count).then(|| {
                    let p = [at[0][0], at[0][1] + column];
                    let q = [at[1][0], (at[1][1] + column) % outputs[1]];
                    now.exact(window, weight, biases, fields, [p, q], &inputs, from, way)
                })
            };
            let sums = Sums { distance: &sums[0], opposite: &sums[1], ntk: &sums[2] };
            let sides = sides(fields, at, to);
            settle(wide, trained, ratio, sums, next.row(y, to), sides, affinity, &mut of_pair);
        }
        std::mem::swap(&mut self.now, &mut self.next);
        way.trained = true;
    }
}

impl<T: Real> State<T> {
    /// A pair after a convolution on these, see `exact`.
    #[allow(clippy::too_many_arguments)]
    fn exact(
        &self,
        window: &Window,
        weight: f64,
        biases: [f64; 2],
        fields: [&Field<T>; 2],
        at: [At; 2],
        inputs: &Slice,
        vectors: usize,
        way: &Way<T>,
    ) -> (T, T) {
        let lengths = [0, 1].map(|k| fields[k].root.get(at[k][0], at[k][1]).to_f64());
        let place = Place { window, weight, biases, at, lengths };
        let value = |side: usize, channel: usize, [row, column]: At| {
            way.images[side].pixels[channel].get(row, column).to_f64()
        };
        let length =
            |side: usize, [row, column]: At| way.fields[side].root.get(row, column).to_f64();
        let pair = |one: At, two: At| {
            let place = (one[0] - inputs[0].first) * vectors * T::LANES + one[1] - inputs[1].first;
            let number = |part: &[T::Lanes]| bytemuck::cast_slice::<_, T>(part)[place].to_f64();
            let lengths = (length(0, one) - length(1, two)).powi(2);
            (number(&self.gap), (number(&self.opposite) - lengths).max(0.0))
        };
        let channels = way.images[0].pixels.len();
        let features = match way.raw {
            true => Features::Pixels { channels, value: &value },
            false => Features::Hidden { length: &length, pair: &pair },
        };
        let (gap, opposite) = exact(&place, &features);
        (T::from_f64(gap), T::from_f64(opposite))
    }
}

fn biases<T: Real>(tables: [&Table<T>; 2]) -> [f64; 2] {
    tables.map(|table| match table {
        Table::Affine { bias, .. } => *bias,
        _ => 0.0,
    })
}

/// The grid after some steps.
fn end(steps: &[Step<Spatial>], grid: At) -> At {
    steps.iter().fold(grid, |grid, step| match &step.map {
        Map::Linear(Spatial::Conv { window, .. } | Spatial::Pool { window, .. }) => {
            [window[0].outputs, window[1].outputs]
        }
        Map::Branches(branches) => end(&branches[0], grid),
        _ => grid,
    })
}

/// How the columns of a filter lie on a row.
struct Columns<'a> {
    window: &'a super::window::Taps,
    line: &'a Line,
    /// Numbers kept free to the left of the row, whole vectors, and how many of them are used.
    margin: usize,
    left: usize,
    right: usize,
    /// Where the first output's first tap is, from the margin's start on.
    start: usize,
    outputs: usize,
    /// Vectors of a line.
    length: usize,
}

impl<'a> Columns<'a> {
    fn new<T: Real>(window: &'a super::window::Taps, line: &'a Line, after: &Line) -> Self {
        let start =
            (after.first * window.stride) as isize - window.low as isize - line.first as isize;
        let end = start + ((after.count - 1) * window.stride + window.size) as isize;
        let left = (-start).max(0) as usize;
        let margin = left.next_multiple_of(T::LANES);
        let right = (end - line.count as isize).max(0) as usize;
        let numbers = margin + line.count + right + 2 * T::LANES;
        // Whole vectors of outputs are read, and the last of them may reach beyond the taps.
        let reach = (margin as isize + start) as usize
            + after.count.next_multiple_of(T::LANES) * window.stride
            + window.size;
        Columns {
            window,
            line,
            margin,
            left,
            right,
            start: (margin as isize + start) as usize,
            outputs: after.count,
            length: numbers.max(reach).div_ceil(T::LANES),
        }
    }

    /// Sums the rows under the taps, with what is left and right of them: the row again on a ring, zeros
    /// otherwise; of D, where a location is outside on one side only, the variance of the other.
    fn fill<T: Real>(
        &self,
        part: &[T::Lanes],
        vectors: usize,
        taps: &[Tap],
        squares: Option<[&super::plane::Plane<T>; 2]>,
        out: &mut [T::Lanes],
    ) {
        let row = |tap: &Tap| tap.inside.map(|row| &part[row * vectors..(row + 1) * vectors]);
        let margin = self.margin / T::LANES;
        sum_rows::<T>(taps.iter().filter_map(row), &mut out[margin..margin + vectors]);
        let numbers: &mut [T] = bytemuck::cast_slice_mut(out);
        let count = self.line.count;
        if let Some(planes) = squares {
            for tap in taps.iter().filter(|tap| tap.inside.is_none()) {
                let starts =
                    [self.line.first, (self.line.first as isize + self.line.offset) as usize];
                for ((row, plane), start) in tap.rows.iter().zip(planes).zip(starts) {
                    let Some(row) = *row else { continue };
                    let run: Run<T> = plane.run(row, start, vectors);
                    let place = &mut numbers[self.margin..];
                    for (k, place) in place.chunks_exact_mut(T::LANES).take(vectors).enumerate() {
                        (T::Lanes::load(place) + run.at(k)).store(place);
                    }
                }
            }
        }
        let margins = (1..=self.left).map(|k| -(k as isize));
        for place in margins.chain((count..count + self.right).map(|k| k as isize)) {
            let to = (self.margin as isize + place) as usize;
            numbers[to] = if self.line.ring {
                numbers[self.margin + place.rem_euclid(count as isize) as usize]
            } else {
                squares.map_or(T::ZERO, |planes| self.edge(taps, planes, place))
            };
        }
    }

    /// The sum over taps of D where a column is outside on one side or on both.
    fn edge<T: Real>(&self, taps: &[Tap], planes: [&super::plane::Plane<T>; 2], place: isize) -> T {
        let p = self.line.first as isize + place;
        let columns = [p, p + self.line.offset];
        let mut sum = T::ZERO;
        for tap in taps {
            for side in 0..2 {
                let column = columns[side];
                let within = (0..self.window.inputs as isize).contains(&column);
                if let (Some(row), true) = (tap.rows[side], within) {
                    sum = sum + planes[side].get(row, column as usize);
                }
            }
        }
        sum
    }

    /// Sums over the taps along a line, in whole vectors; numbers beyond the last output are large, as if
    /// their pairs were far apart.
    fn gather<T: Real>(&self, line: &[T::Lanes], out: &mut [T::Lanes]) {
        let numbers: &[T] = bytemuck::cast_slice(line);
        let (start, size) = (self.start, self.window.size);
        if self.window.stride == 1 {
            let run = |tap: usize| Run::<T>::new(&numbers[start + tap..], out.len());
            match size {
                1 => {
                    let a = run(0);
                    out.iter_mut().enumerate().for_each(|(k, out)| *out = a.at(k));
                }
                3 => {
                    let (a, b, c) = (run(0), run(1), run(2));
                    for (k, out) in out.iter_mut().enumerate() {
                        *out = a.at(k) + b.at(k) + c.at(k);
                    }
                }
                _ => {
                    let runs: Vec<_> = (0..size).map(run).collect();
                    for (k, out) in out.iter_mut().enumerate() {
                        let first = runs[0].at(k);
                        *out = runs[1..].iter().fold(first, |sum, run| sum + run.at(k));
                    }
                }
            }
        } else {
            let sums: &mut [T] = bytemuck::cast_slice_mut(out);
            for (k, sum) in sums[..self.outputs].iter_mut().enumerate() {
                let taps = &numbers[start + k * self.window.stride..][..size];
                *sum = taps.iter().fold(T::ZERO, |sum, &number| sum + number);
            }
        }
        let sums: &mut [T] = bytemuck::cast_slice_mut(out);
        sums[self.outputs..].fill(T::from_f64(FAR));
    }
}

/// A distance that no pair has.
const FAR: f64 = 1e6;

/// The sum of some rows, always in the same order.
fn sum_rows<'a, T: Real>(mut rows: impl Iterator<Item = &'a [T::Lanes]>, out: &mut [T::Lanes]) {
    match (rows.next(), rows.next(), rows.next()) {
        (None, _, _) => out.fill(T::Lanes::splat(T::ZERO)),
        (Some(a), None, _) => out.copy_from_slice(a),
        (Some(a), Some(b), None) => {
            for ((out, &a), &b) in out.iter_mut().zip(a).zip(b) {
                *out = a + b;
            }
        }
        (Some(a), Some(b), Some(c)) => {
            for (((out, &a), &b), &c) in out.iter_mut().zip(a).zip(b).zip(c) {
                *out = a + b + c;
            }
        }
    }
    for row in rows {
        for (out, &row) in out.iter_mut().zip(row) {
            *out = *out + row;
        }
    }
}
