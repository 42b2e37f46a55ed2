//! What an entry of a Gram costs, before anything is computed.
//!
//! Operations are those of the inner loops, counted by hand: they tell how long a tile takes, not how
//! many digits are right.

use super::conv::program::{Executor, Program, Sink, Symmetry, before};
use super::conv::window::Slice;
use super::plan::Plan;
use super::step::{Map, Spatial, Step};
use serde::Serialize;

/// The cost of one entry, and of what is kept of one sample.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    pub executor: &'static str,
    pub pair_flops: f64,
    /// Memory that an entry needs while it is computed.
    pub pair_bytes: f64,
    pub sample_flops: f64,
    pub sample_bytes: f64,
    /// What the entries of images do not change under, where they are worth comparing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symmetry: Option<Symmetry>,
    pub steps: Vec<StepCost>,
}

/// The part of one layer in an entry.
#[derive(Debug, Clone, Serialize)]
pub struct StepCost {
    /// Where the layer stands in the network.
    pub layer: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Pairs of locations after the layer; 1 for vectors.
    pub locations: f64,
    pub flops: f64,
    /// Memory that is read and written.
    pub bytes: f64,
}

/// Operations of the elementwise steps.
const RECTIFIER: f64 = 50.0;
const ERF: f64 = 120.0;
const OTHER: f64 = 12.0;
/// Operations of a convolution apart from its window.
const SETTLE: f64 = 14.0;
/// Numbers held for a pair of locations: D, P, 2(SS' − N) and the NTK.
const PARTS: f64 = 4.0;

/// What a vector step or a kernel of vectors costs.
pub fn of_vectors(executor: &'static str, dimension: usize, steps: usize, size: f64) -> Cost {
    Cost {
        executor,
        pair_flops: 2.0 * dimension as f64 + RECTIFIER * steps as f64,
        pair_bytes: 4.0 * size,
        sample_flops: 3.0 * dimension as f64,
        sample_bytes: (dimension + 4 * steps) as f64 * size,
        symmetry: None,
        steps: Vec::new(),
    }
}

/// The cost of an entry of a plan, numbers of `size` bytes.
pub fn of_plan(plan: &Plan, size: f64) -> Cost {
    let tail = plan.steps.len();
    let Some(program) = &plan.program else {
        let kinds = plan.steps.iter().map(|step| StepCost {
            layer: step.path.clone(),
            kind: kind(&step.map, |_| "dense"),
            locations: 1.0,
            flops: elementwise(&step.map),
            bytes: 6.0 * size,
        });
        let steps = kinds.collect();
        return Cost { steps, ..of_vectors("dense", plan.dimension, tail, size) };
    };
    let mut walk = Walk { program, size, steps: Vec::new(), planes: 0.0 };
    let slices = program.slices(false).into_iter().map(|(slice, _)| slice).collect::<Vec<_>>();
    walk.steps(&program.steps, &slices, program.grid, false);
    let flops: f64 = walk.steps.iter().map(|step| step.flops).sum();
    let grid = (program.grid[0] * program.grid[1]) as f64;
    let largest = walk.steps.iter().map(|step| step.locations).fold(grid, f64::max);
    let pair_bytes = match program.executor {
        Executor::Covariance => 2.0 * PARTS * size * largest.max(grid * grid),
        _ => (2.0 * PARTS + 6.0) * size * grid,
    };
    let own = match (program.executor, program.sink) {
        (Executor::Covariance, _) => flops,
        (_, Sink::Flatten) => 0.0,
        _ if plan.is_nonlinear() => flops / 2.0,
        _ => 0.0,
    };
    // Planes hold each column twice.
    let planes = walk.planes + (program.channels + 3) as f64 * 2.0 * grid;
    Cost {
        executor: program.executor.name(),
        pair_flops: flops + RECTIFIER * tail as f64,
        pair_bytes,
        sample_flops: 20.0 * planes + own,
        sample_bytes: planes * size,
        symmetry: (program.executor == Executor::Offsets).then(|| program.symmetry()),
        steps: walk.steps,
    }
}

fn kind<Linear>(map: &Map<Linear>, linear: impl Fn(&Linear) -> &'static str) -> &'static str {
    match map {
        Map::Linear(layer) => linear(layer),
        Map::Rectifier { .. } => "rectifier",
        Map::Erf { .. } => "erf",
        Map::Constant { .. } => "constant",
        Map::Normalize { .. } => "layerNorm",
        Map::Dropout { .. } => "dropout",
        Map::Branches(_) => "fanInSum",
    }
}

fn elementwise<Linear>(map: &Map<Linear>) -> f64 {
    match map {
        Map::Rectifier { .. } => RECTIFIER,
        Map::Erf { .. } => ERF,
        _ => OTHER,
    }
}

struct Walk<'a> {
    program: &'a Program,
    size: f64,
    steps: Vec<StepCost>,
    /// Numbers kept per sample.
    planes: f64,
}

impl Walk<'_> {
    /// Adds steps that end in some slices; gives the grid after them and whether there is an NTK.
    fn steps(
        &mut self,
        steps: &[Step<Spatial>],
        after: &[Slice],
        grid: [usize; 2],
        trained: bool,
    ) -> ([usize; 2], bool) {
        let (mut grid, mut trained) = (grid, trained);
        let covariance = self.program.executor == Executor::Covariance;
        for (k, step) in steps.iter().enumerate() {
            let inputs = (grid[0] * grid[1]) as f64;
            let mut flops = elementwise(&step.map);
            let mut planes = 0.0;
            let slices = |after: &[Slice]| -> Vec<Slice> {
                after.iter().map(|&slice| before(&steps[k + 1..], slice)).collect()
            };
            match &step.map {
                Map::Linear(Spatial::Conv { window, .. }) => {
                    let parts = 1.0 + f64::from(!step.acute) + f64::from(trained);
                    let [rows, columns] = window.map(|taps| taps.size as f64);
                    let sums = if covariance { rows * columns } else { rows + columns - 2.0 };
                    flops = parts * (sums + 1.0) + SETTLE;
                    grid = [window[0].outputs, window[1].outputs];
                    (trained, planes) = (true, 3.0);
                }
                Map::Linear(Spatial::Pool { window, .. }) => {
                    let terms = (window[0].size * window[1].size) as f64;
                    grid = [window[0].outputs, window[1].outputs];
                    let outputs = (grid[0] * grid[1]) as f64;
                    flops = 4.0 * terms * (inputs / outputs + 1.0);
                    planes = 3.0;
                }
                Map::Rectifier { .. } => {}
                Map::Erf { .. } => planes = 7.0,
                Map::Branches(branches) => {
                    let mut end = (grid, trained);
                    for branch in branches {
                        end = self.steps(branch, &slices(after), grid, trained);
                    }
                    (grid, trained) = end;
                    flops *= branches.len() as f64;
                    planes = 3.0 + branches.len() as f64;
                }
                _ => planes = 3.0,
            }
            let outputs = (grid[0] * grid[1]) as f64;
            let locations = match covariance {
                true => outputs * outputs,
                false => slices(after).iter().map(|[y, x]| (y.count * x.count) as f64).sum(),
            };
            self.planes += planes * 2.0 * outputs;
            self.steps.push(StepCost {
                layer: step.path.clone(),
                kind: kind(&step.map, |linear| match linear {
                    Spatial::Conv { .. } => "conv",
                    Spatial::Pool { .. } => "pool",
                }),
                locations,
                flops: flops * locations,
                bytes: 2.0 * PARTS * self.size * locations,
            });
        }
        (grid, trained)
    }
}
