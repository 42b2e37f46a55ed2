//! Finite groups and Fourier analysis on them: irreps, transforms, and regression on orbits block by block. Only `wasm`
//! knows that JavaScript exists.

#[cfg(all(target_arch = "wasm32", not(target_feature = "simd128")))]
compile_error!("build with -Ctarget-feature=+simd128, as crate/.cargo/config.toml says");

pub mod fourier;
pub mod group;
#[cfg(target_arch = "wasm32")]
mod wasm;
