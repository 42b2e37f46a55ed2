//! Tiles of a Gram: a SIMD product for the cosines of vectors, or the pooled covariances of images, then
//! all layers on one strip of pairs while it is in the L1 cache.

use super::block::{Block, Inputs};
use super::conv::Pairs;
use super::plan::Plan;
use super::strip::{Place, Strip};
use crate::linalg::panels::Panels;
use crate::real::Real;

/// What is wanted of a tile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    pub nngp: bool,
    pub ntk: bool,
    /// Each kernel is followed by its transpose.
    pub transposed: bool,
}

/// Rows that are transposed together: a cache line of doubles, so that each line is written once.
const GROUP: usize = 8;

/// Memory that tiles use one after the other.
pub struct Workspace<T: Real> {
    cosines: Vec<T>,
    pairs: Pairs<T>,
    strip: Strip<T>,
    values: Vec<T>,
}

impl<T: Real> Workspace<T> {
    pub fn new() -> Self {
        let (cosines, values) = (Vec::new(), Vec::new());
        Workspace { cosines, pairs: Pairs::new(), strip: Strip::new(0), values }
    }

    /// The kernels of `rows × columns`, NNGP first, row-major, each followed by its transpose when
    /// wanted; of a block with itself when `columns` is `None`.
    ///
    /// The values do not depend on where a pair stands in a tile. In a symmetric tile each pair is
    /// computed once and mirrored.
    pub fn tile(
        &mut self,
        plan: &Plan,
        rows: &Block<T>,
        columns: Option<&Block<T>>,
        wanted: Wanted,
    ) -> &[T] {
        let symmetric = columns.is_none();
        let columns = columns.unwrap_or(rows);
        let (height, width) = (rows.count, columns.count);
        let copies = if wanted.transposed { 2 } else { 1 };
        let stride = width.next_multiple_of(Panels::<T>::height());
        self.values.resize(wanted.kernels() * copies * height * width, T::ZERO);
        self.strip = Strip::new(stride);
        if let (Inputs::Units(rows), Inputs::Units(columns)) = (&rows.inputs, &columns.inputs) {
            self.cosines.resize(rows.padded_rows() * stride, T::ZERO);
            Panels::multiply(rows, columns, symmetric, &mut self.cosines);
        }
        for top in (0..height).step_by(GROUP) {
            let bottom = (top + GROUP).min(height);
            for row in top..bottom {
                // A whole number of vectors to the left of the diagonal is left out.
                let from = if symmetric { row / T::LANES } else { 0 };
                let skipped = from * T::LANES;
                let place = Place { rows, row, columns, from };
                let start = if symmetric { row } else { 0 };
                let done = match (&rows.inputs, &columns.inputs, &plan.program) {
                    (Inputs::Units(one), Inputs::Units(two), _) => {
                        let run = skipped..width.next_multiple_of(T::LANES);
                        let cosines = &self.cosines[row * stride..][run];
                        self.strip.run(&plan.steps, &place, [one, two], cosines)
                    }
                    (Inputs::Images(one), Inputs::Images(two), Some(program)) => {
                        let pairs = &mut self.pairs;
                        let run = (start, width);
                        self.strip.run_pairs(&plan.steps, &place, run, |column| {
                            let own = symmetric && column == row;
                            pairs.pair(program, [&one[row], &two[column]], own)
                        })
                    }
                    _ => unreachable!("a block has the inputs of its plan"),
                };
                let parts = self.values.chunks_exact_mut(copies * height * width);
                let asked = [(wanted.nngp, done.nngp), (wanted.ntk, done.ntk)];
                for (kernel, (_, values)) in parts.zip(asked.iter().filter(|(asked, _)| *asked)) {
                    kernel[row * width + start..(row + 1) * width]
                        .copy_from_slice(&values[start - skipped..width - skipped]);
                }
            }
            for kernel in self.values.chunks_exact_mut(copies * height * width) {
                if symmetric {
                    mirror(kernel, width, top, bottom);
                }
                if wanted.transposed {
                    let (kernel, transposed) = kernel.split_at_mut(height * width);
                    let rows = &kernel[top * width..bottom * width];
                    transpose(rows, width, &mut transposed[top..], height);
                }
            }
        }
        &self.values
    }

    /// Lays out one kernel of `height` rows under each wanted name.
    pub fn repeat(&mut self, kernel: &[T], height: usize, wanted: Wanted) -> &[T] {
        let width = kernel.len() / height;
        self.values.clear();
        for _ in 0..wanted.kernels() {
            self.values.extend_from_slice(kernel);
            if wanted.transposed {
                let start = self.values.len();
                self.values.resize(start + kernel.len(), T::ZERO);
                for (group, rows) in kernel.chunks(GROUP * width).enumerate() {
                    let place = &mut self.values[start + group * GROUP..];
                    transpose(rows, width, place, height);
                }
            }
        }
        &self.values
    }
}

impl Wanted {
    fn kernels(&self) -> usize {
        usize::from(self.nngp) + usize::from(self.ntk)
    }
}

impl<T: Real> Default for Workspace<T> {
    fn default() -> Self {
        Self::new()
    }
}

/// Both kernels of each sample with itself, NNGP first: the same bits as the diagonal of the Gram.
pub fn diagonal<T: Real>(plan: &Plan, block: &Block<T>) -> Vec<T> {
    let mut strip = Strip::new(T::LANES);
    let mut pairs = Pairs::new();
    let ones = vec![T::ONE; T::LANES];
    let (mut nngp, mut ntk) = (Vec::with_capacity(2 * block.count), Vec::new());
    for row in 0..block.count {
        let place = Place { rows: block, row, columns: block, from: row / T::LANES };
        let done = match (&block.inputs, &plan.program) {
            (Inputs::Images(images), Some(program)) => {
                let own = [&images[row]; 2];
                let pair = |_| pairs.pair(program, own, true);
                strip.run_pairs(&plan.steps, &place, (row, row + 1), pair)
            }
            (Inputs::Units(units), _) => strip.run(&plan.steps, &place, [units; 2], &ones),
            _ => unreachable!("a block has the inputs of its plan"),
        };
        nngp.push(done.nngp[row % T::LANES]);
        ntk.push(done.ntk[row % T::LANES]);
    }
    nngp.extend(ntk);
    nngp
}

/// Writes rows as columns, `stride` apart.
fn transpose<T: Real>(rows: &[T], width: usize, out: &mut [T], stride: usize) {
    let count = rows.len() / width;
    for (column, place) in out.chunks_mut(stride).take(width).enumerate() {
        for (row, entry) in place[..count].iter_mut().enumerate() {
            *entry = rows[row * width + column];
        }
    }
}

/// Copies rows `top…bottom` of a square matrix, from their diagonal on, to its lower half.
fn mirror<T: Real>(matrix: &mut [T], width: usize, top: usize, bottom: usize) {
    for row in top..bottom {
        for column in row + 1..bottom {
            matrix[column * width + row] = matrix[row * width + column];
        }
    }
    let (rows, below) = matrix.split_at_mut(bottom * width);
    for (j, place) in below.chunks_exact_mut(width).enumerate() {
        for (row, entry) in (top..bottom).zip(&mut place[top..bottom]) {
            *entry = rows[row * width + bottom + j];
        }
    }
}
