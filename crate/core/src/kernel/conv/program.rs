//! What is done with the images of a pair, and by which executor.

use super::window::{Line, Slice, Window};
use crate::error::{Code, Error, Result};
use crate::kernel::step::{Map, Spatial, Step};
use crate::network::Padding;
use serde::Serialize;

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

/// What a kernel that pools over all locations does not change under: shifts of one image; turns and mirror
/// images of both together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Symmetry {
    pub shifts: bool,
    pub turns: bool,
    pub flips: bool,
}

impl Symmetry {
    const NONE: Symmetry = Symmetry { shifts: false, turns: false, flips: false };
    const ALL: Symmetry = Symmetry { shifts: true, turns: true, flips: true };

    fn and(self, other: Symmetry) -> Symmetry {
        Symmetry {
            shifts: self.shifts && other.shifts,
            turns: self.turns && other.turns,
            flips: self.flips && other.flips,
        }
    }

    /// What some steps leave of it.
    fn of(steps: &[Step<Spatial>]) -> Symmetry {
        steps.iter().fold(Symmetry::ALL, |all, step| {
            all.and(match &step.map {
                Map::Linear(Spatial::Conv { window, .. } | Spatial::Pool { window, .. }) => {
                    Symmetry::of_window(window)
                }
                Map::Normalize { over, .. } => {
                    Symmetry { turns: over[0] == over[1], ..Symmetry::ALL }
                }
                Map::Branches(branches) => branches
                    .iter()
                    .map(|branch| Symmetry::of(branch))
                    .fold(Symmetry::ALL, Symmetry::and),
                _ => Symmetry::ALL,
            })
        })
    }

    /// A filter that sees its surroundings from all sides alike; on a ring, what it sees is only shifted.
    fn of_window(window: &Window) -> Symmetry {
        if window.iter().any(|taps| taps.stride > 1) {
            return Symmetry::NONE;
        }
        let [rows, columns] = window;
        let circular = rows.padding == Padding::Circular;
        let even = window.iter().any(|taps| taps.size.is_multiple_of(2));
        Symmetry {
            shifts: circular,
            turns: rows.size == columns.size,
            flips: rows.padding != Padding::Same || !even,
        }
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
        let rings = [0, 1]
            .map(|axis| [true, false].into_iter().find(|&ring| start(&steps, axis, ring).is_ok()));
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
            let mixing = [0, 1].into_iter().find_map(|axis| start(&self.steps, axis, false).err());
            let name = executor.name();
            let what = match mixing {
                Some(path) => {
                    format!("{path}: executor {name} can't run a layer that mixes offsets")
                }
                None => format!("options.executor: {name} can't pool over pairs of locations"),
            };
            let expected = format!("executor {}", self.executor.name());
            let error = Error::new(Code::Network, format!("{what}: expected {expected}"));
            return Err(error
                .at(mixing.unwrap_or("options.executor"))
                .value(name)
                .expected(expected));
        }
        Ok(Program { executor, ..self })
    }

    /// What the kernel does not change under, if it pools over all locations.
    pub fn symmetry(&self) -> Symmetry {
        match self.sink {
            Sink::Flatten => Symmetry::NONE,
            _ => {
                let Symmetry { shifts, turns, flips } = Symmetry::of(&self.steps);
                Symmetry { shifts, turns: turns && flips, flips }
            }
        }
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

/// Whether offsets along an axis wrap around before some steps, by whether they do after them; the path of
/// the layer that mixes offsets where one does: a pool, a layer that makes a ring of what is none, or branches that
/// would need both.
fn start(steps: &[Step<Spatial>], axis: usize, ring: bool) -> std::result::Result<bool, &str> {
    steps.iter().rev().try_fold(ring, |ring, step| match &step.map {
        Map::Linear(Spatial::Pool { .. }) => Err(&step.path[..]),
        Map::Linear(Spatial::Conv { window, .. }) => {
            let taps = &window[axis];
            if ring && !taps.keeps_rings() {
                return Err(&step.path[..]);
            }
            Ok(taps.padding == Padding::Circular)
        }
        Map::Branches(branches) => {
            let starts = branches.iter().map(|branch| start(branch, axis, ring));
            let starts = starts.collect::<std::result::Result<Vec<_>, _>>()?;
            let same = starts.iter().all(|other| *other == starts[0]);
            same.then_some(starts[0]).ok_or(&step.path[..])
        }
        _ => Ok(ring),
    })
}
