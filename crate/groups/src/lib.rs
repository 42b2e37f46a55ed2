//! Finite groups and Fourier analysis on them: irreps, transforms, and regression on orbits block by block. Only `wasm`
//! knows that JavaScript exists.

pub mod fourier;
pub mod group;
#[cfg(target_arch = "wasm32")]
mod wasm;
