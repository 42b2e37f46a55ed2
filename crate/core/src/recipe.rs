//! How the entries of a Gram are computed: by the plan of a network, or as a classical kernel.

use crate::classical::{self, Kernel};
use crate::description::Description;
use crate::error::Result;
use crate::kernel::conv::Executor;
use crate::kernel::cost::{self, Cost};
use crate::kernel::{self, Plan, Wanted, Workspace};
use crate::real::Real;

/// A checked description, for samples of a known size.
pub enum Recipe {
    Network(Plan),
    Classical { kernel: Kernel, dimension: usize },
}

/// A run of samples, as its recipe needs it.
pub enum Block<T: Real> {
    Network(kernel::Block<T>),
    Classical(classical::Block<T>),
}

impl Recipe {
    /// Plans a description for samples of a shape; networks on images by another executor than the one
    /// that suits them, if one is named.
    ///
    /// Errors: code `network` where the layers of a network do not fit together, or where the executor
    /// can't run it; code `shape` where it needs other samples.
    pub fn new(
        description: Description,
        sample: &[usize],
        executor: Option<&str>,
    ) -> Result<Recipe> {
        let named = |name: &str| Executor::NAMES.iter().find(|(other, _)| *other == name);
        let executor = executor.and_then(named).map(|&(_, executor)| executor);
        let dimension = sample.iter().product();
        Ok(match (description, executor) {
            (Description::Network(network), None) => Recipe::Network(Plan::new(&network, sample)?),
            (Description::Network(network), Some(executor)) => {
                Recipe::Network(Plan::new(&network, sample)?.by(executor)?)
            }
            (Description::Kernel(kernel), _) => Recipe::Classical { kernel, dimension },
        })
    }

    /// Takes `count × dimension` samples (row-major).
    ///
    /// Errors: code `value` with the sample's index in the block when its kernel leaves the range of the
    /// precision.
    pub fn block<T: Real>(&self, samples: &[T]) -> Result<Block<T>> {
        match self {
            Recipe::Network(plan) => kernel::Block::new(plan, samples).map(Block::Network),
            Recipe::Classical { kernel, dimension } => {
                classical::Block::new(kernel, *dimension, samples).map(Block::Classical)
            }
        }
    }

    /// The wanted kernels of `rows × columns`, laid out as `Workspace::tile` does it; of a block with
    /// itself when `columns` is `None`. A classical kernel is the prior and what one regresses with in
    /// one: both its names give it.
    pub fn tile<'a, T: Real>(
        &self,
        workspace: &'a mut Workspace<T>,
        rows: &Block<T>,
        columns: Option<&Block<T>>,
        wanted: Wanted,
    ) -> &'a [T] {
        match (self, rows, columns) {
            (Recipe::Network(plan), Block::Network(rows), None) => {
                workspace.tile(plan, rows, None, wanted)
            }
            (Recipe::Network(plan), Block::Network(rows), Some(Block::Network(columns))) => {
                workspace.tile(plan, rows, Some(columns), wanted)
            }
            (Recipe::Classical { kernel, .. }, Block::Classical(rows), None) => {
                workspace.repeat(&classical::tile(kernel, rows, None), rows.count, wanted)
            }
            (
                Recipe::Classical { kernel, .. },
                Block::Classical(rows),
                Some(Block::Classical(columns)),
            ) => {
                workspace.repeat(&classical::tile(kernel, rows, Some(columns)), rows.count, wanted)
            }
            _ => unreachable!("blocks are made by the recipe that uses them"),
        }
    }

    /// Both kernels of each sample of a block with itself, NNGP first.
    pub fn diagonal<T: Real>(&self, block: &Block<T>) -> Vec<T> {
        match (self, block) {
            (Recipe::Network(plan), Block::Network(block)) => kernel::diagonal(plan, block),
            (Recipe::Classical { .. }, Block::Classical(block)) => block.own.repeat(2),
            _ => unreachable!("blocks are made by the recipe that uses them"),
        }
    }

    /// What an entry costs, numbers of `size` bytes.
    pub fn cost(&self, size: usize) -> Cost {
        match self {
            Recipe::Network(plan) => cost::of_plan(plan, size as f64),
            Recipe::Classical { dimension, .. } => {
                cost::of_vectors("classical", *dimension, 1, size as f64)
            }
        }
    }
}
