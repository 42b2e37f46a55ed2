//! What is done with the images of a pair, and by which executor.

use super::window::{Line, Slice};
use crate::error::{Code, Error, Result};
use crate::kernel::step::{Map, Spatial, Step};

/// How images become vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sink {
    /// Each location by itself: a mean over equal locations.
    Flatten,
    /// The mean over all pairs of locations.
    Average,
    /// The sum over all pairs of locations.
    Sum,
}

/// Which pairs of locations are computed, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Executor {
    /// Equal locations only.
    Location,
    /// The pairs of one offset after the other, all layers on them in the cache.
    Offsets,
    /// All pairs of locations, layer by layer.
    Covariance,
}

impl Executor {
    pub const NAMES: [(&'static str, Executor); 3] = [
        ("location", Executor::Location),
        ("offsets", Executor::Offsets),
        ("covariance", Executor::Covariance),
    ];

    pub fn name(self) -> &'static str {
        Executor::NAMES.iter().find(|(_, other)| *other == self).map_or("", |&(name, _)| name)
    }
}

/// The steps on images of a given size up to their sink.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// Rows and columns of the inputs.
    pub grid: [usize; 2],
    pub channels: usize,
    pub steps: Vec<Step<Spatial>>,
    /// Rows and columns at the sink.
    pub end: [usize; 2],
    pub sink: Sink,
    pub executor: Executor,
    /// Along which axes the offsets at the sink wrap around.
    rings: [bool; 2],
}

impl Program {
    /// Chooses the executor: equal locations where the sink needs no others, all pairs at once where a layer
    /// mixes offsets, offset by offset otherwise.
    pub fn new(
        grid: [usize; 2],
        channels: usize,
        steps: Vec<Step<Spatial>>,
        end: [usize; 2],
        sink: Sink,
    ) -> Program {
        let rings = [0, 1].map(|axis| {
            [true, false].into_iter().find(|&ring| start(&steps, axis, ring).is_some())
        });
        let executor = match (rings, sink) {
            ([Some(_), Some(_)], Sink::Flatten) => Executor::Location,
            ([Some(_), Some(_)], _) => Executor::Offsets,
            _ => Executor::Covariance,
        };
        let rings = rings.map(|ring| ring.unwrap_or(false));
        Program { grid, channels, steps, end, sink, executor, rings }
    }

    /// The same by another executor.
    ///
    /// Errors: code `network` where that one can't run it.
    pub fn by(self, executor: Executor) -> Result<Program> {
        let possible = match self.executor {
            Executor::Location => true,
            Executor::Offsets => executor != Executor::Location,
            Executor::Covariance => executor == Executor::Covariance,
        };
        if !possible {
            let (name, own) = (executor.name(), self.executor.name());
            let expected = format!("{own}, or one that computes more");
            let message = format!("executor {name} can't run this network: expected {expected}");
            let error = Error::new(Code::Network, message).at("options.executor");
            return Err(error.value(name).expected(expected));
        }
        Ok(Program { executor, ..self })
    }

    /// The slices at the sink, each with how often it counts; of an image with itself those of r and −r
    /// are mirror images.
    pub fn slices(&self, own: bool) -> Vec<(Slice, f64)> {
        if self.sink == Sink::Flatten {
            let line = |axis: usize| match self.rings[axis] {
                true => Line::ring(self.end[axis], 0),
                false => Line::segment(self.end[axis], 0),
            };
            return vec![([line(0), line(1)], 1.0)];
        }
        let [rows, columns] = [0, 1].map(|axis| Line::all(self.end[axis], self.rings[axis]));
        let mut slices = Vec::with_capacity(rows.len() * columns.len());
        for &row in &rows {
            for &column in &columns {
                let mirror = [row.mirrored(self.end[0]), column.mirrored(self.end[1])];
                let key = |[row, column]: Slice| (row.offset, column.offset);
                let (this, other) = (key([row, column]), key(mirror));
                if !own || this == other {
                    slices.push(([row, column], 1.0));
                } else if this < other {
                    slices.push(([row, column], 2.0));
                }
            }
        }
        slices
    }
}

/// The slice before some steps, by the slice after them.
pub fn before(steps: &[Step<Spatial>], slice: Slice) -> Slice {
    steps.iter().rev().fold(slice, |slice, step| match &step.map {
        Map::Linear(Spatial::Conv { window, .. }) => {
            [window[0].before(&slice[0]), window[1].before(&slice[1])]
        }
        Map::Branches(branches) => before(&branches[0], slice),
        _ => slice,
    })
}

/// Whether offsets along an axis wrap around before some steps, by whether they do after them; nothing
/// where offsets are mixed: by pools, by a layer that makes a ring of what is none, and where branches
/// would need both.
fn start(steps: &[Step<Spatial>], axis: usize, ring: bool) -> Option<bool> {
    steps.iter().rev().try_fold(ring, |ring, step| match &step.map {
        Map::Linear(Spatial::Pool { .. }) => None,
        Map::Linear(Spatial::Conv { window, .. }) => {
            let taps = &window[axis];
            let circular = taps.padding == crate::network::Padding::Circular;
            (!ring || taps.keeps_rings()).then_some(circular)
        }
        Map::Branches(branches) => {
            let mut starts = branches.iter().map(|branch| start(branch, axis, ring));
            let first = starts.next()??;
            starts.all(|other| other == Some(first)).then_some(first)
        }
        _ => Some(ring),
    })
}
