//! The executor that takes the pairs of one offset after the other: all layers run on them while they are
//! in the L1 cache, and nothing else is ever stored.

use super::elementwise::{self, Context, Normal};
use super::exact::At;
use super::image::{Image, Table, biases};
use super::plane::Plane;
use super::program::{Program, before};
use super::settle::{Affinity, Kind, Memory, Pass, Reach, Row, Sums, settle};
use super::slab::{DISTANCE, Frame, NTK, OPPOSITE, Slab};
use super::way::{Way, hidden, row_starts, side_at, sides, vectors};
use super::window::{Slice, Window};
use crate::kernel::step::{Map, Spatial, Step, acute_after};
use crate::real::{Lanes, Real};

/// Memory that pairs of one program use one after the other.
pub struct Offsets<T: Real> {
    now: Slab<T>,
    next: Slab<T>,
    /// Innermost last.
    forks: Vec<Fork<T>>,
    /// Sums over windows, and along their rows alone.
    sums: Sums<T>,
    lines: Vec<T::Lanes>,
    memory: Memory<T>,
    /// Where rows begin on both sides.
    starts: [Vec<usize>; 2],
}

/// Where branches begin, and the sum of those that are done.
struct Fork<T: Real> {
    slab: Slab<T>,
    sum: Vec<Normal<T::Lanes>>,
}

/// Means over the pairs of locations that were computed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    pub distance: f64,
    pub ntk: f64,
}

impl<T: Real> Offsets<T> {
    pub fn new(program: &Program) -> Self {
        let [now, next] = [(); 2].map(|()| Slab::new(program));
        let (sums, starts) = ([vec![], vec![], vec![]], [vec![], vec![]]);
        Offsets { now, next, forks: vec![], sums, lines: vec![], memory: Memory::default(), starts }
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
            let [distance, ntk] = [DISTANCE, NTK].map(|part| self.now.total(part, &slice));
            totals.distance += weight * way.scale * distance;
            totals.ntk += weight * way.scale * ntk;
            count += weight * (slice[0].count * slice[1].count) as f64;
        }
        Totals { distance: totals.distance / count, ntk: totals.ntk / count }
    }

    /// The pairs of pixels of a slice.
    fn read(&mut self, images: [&Image<T>; 2], slice: Slice, program: &Program) {
        let vectors = vectors::<T>(&slice);
        let zero = T::Lanes::splat(T::ZERO);
        // A convolution needs nothing else: angles of pixels come from the pixels.
        let convolved = matches!(program.steps.first(), Some(Step { map: Map::Linear(_), .. }));
        for y in 0..slice[0].count {
            let at = side_at(&slice, program.grid, y);
            let Row { distance, opposite, gap, ntk } = self.now.row(y, vectors);
            for (channel, (x, y)) in images[0].pixels.iter().zip(&images[1].pixels).enumerate() {
                let x = x.run(at[0][0], at[0][1], vectors);
                let y = y.run(at[1][0], at[1][1], vectors);
                let parts = distance.iter_mut().zip(opposite.iter_mut()).enumerate();
                for (k, (distance, opposite)) in parts {
                    let (minus, plus) = (x.at(k) - y.at(k), x.at(k) + y.at(k));
                    let (minus, plus) = (minus * minus, plus * plus);
                    let first = channel == 0;
                    *distance = if first { minus } else { *distance + minus };
                    *opposite = if first { plus } else { *opposite + plus };
                }
            }
            if convolved {
                continue;
            }
            ntk.fill(zero);
            let [one, two] = sides([&images[0].field, &images[1].field], at, vectors);
            for (k, (gap, &mut distance)) in gap.iter_mut().zip(distance).enumerate() {
                let lengths = one.root.at(k) - two.root.at(k);
                *gap = (distance - lengths * lengths).most(zero);
            }
        }
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
        let affinity = Affinity::new(way.scale, biases(tables));
        let same = way.own && slice.iter().all(|line| line.offset == 0);
        for y in 0..slice[0].count {
            let at = side_at(&slice, grid, y);
            let run = |k: usize, plane: &'a Plane<T>| plane.run(at[k][0], at[k][1], vectors);
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
                affinity,
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
        let slab = self.now.clone();
        self.forks.push(Fork { slab, sum: vec![none; after[0].count * vectors] });
        let end_grid = branches.first().map_or(grid, |branch| end(branch, grid));
        let mut wide = false;
        let mut trained = false;
        for (k, branch) in branches.iter().enumerate() {
            if let Some(fork) = self.forks.last() {
                self.now.clone_from(&fork.slab);
            }
            let mut own = Way { ..*way };
            self.steps(branch, [&one[k], &two[k]], after, grid, &mut own);
            let branch_wide = !acute_after(branch, acute);
            wide |= branch_wide;
            trained |= own.trained;
            let Some(fork) = self.forks.last_mut() else { continue };
            for (y, sum) in fork.sum.chunks_exact_mut(vectors).enumerate() {
                let at = side_at(&after, end_grid, y);
                let before = sides(own.fields, at, vectors);
                let shares =
                    [u[k].run(at[0][0], at[0][1], vectors), v[k].run(at[1][0], at[1][1], vectors)];
                elementwise::add_branch(sum, branch_wide, self.now.row(y, vectors), before, shares);
            }
        }
        if let Some(fork) = self.forks.pop() {
            for (y, sum) in fork.sum.chunks_exact(vectors).enumerate() {
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
        let outputs = [window[0].outputs, window[1].outputs];
        let kind = Kind { wide: !acute, trained: way.trained, ratio };
        let affinity = Affinity::new(weight, biases);
        let frame = Frame::new(window, &inputs, &after);
        let squares = Some(way.fields.map(|field| &field.square));
        let parts =
            [(DISTANCE, true, squares), (OPPOSITE, kind.wide, squares), (NTK, kind.trained, None)];
        let wanted = || parts.iter().enumerate().filter(|(_, (_, wanted, _))| *wanted);
        for (_, &(part, _, squares)) in wanted() {
            self.now.surround(part, &inputs, &frame, squares);
        }
        let Offsets { now, next, sums, lines, starts, memory, .. } = self;
        let (rows, vectors) = (after[0].count, vectors::<T>(&after));
        for sums in sums.iter_mut() {
            sums.resize(rows * vectors, T::Lanes::splat(T::ZERO));
        }
        for (k, &(part, _, _)) in wanted() {
            now.sums(part, &frame, lines, &mut sums[k]);
        }
        row_starts(&after, outputs[0], one.root.stride(), starts);
        let reach = |k: usize| {
            Reach::new(fields[k].root.numbers(), fields[k].inverse.numbers(), &starts[k], vectors)
        };
        let mut of_pair = |row: usize, column: usize| -> Option<(T, T)> {
            (column < after[1].count).then(|| {
                let [p, q] = side_at(&after, outputs, row);
                let at = [[p[0], p[1] + column], [q[0], (q[1] + column) % outputs[1]]];
                hidden(now, window, weight, biases, fields, at, &inputs, way)
            })
        };
        let stride = next.stride();
        let pass = Pass { sides: [reach(0), reach(1)], affinity, rows, vectors, stride };
        settle(kind, &pass, sums, &mut next.rows(), &mut of_pair, memory);
        std::mem::swap(&mut self.now, &mut self.next);
        way.trained = true;
    }
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
