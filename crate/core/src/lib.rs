//! Neural kernels in plain Rust: network descriptions, the NNGP and NTK recursions, their linear
//! algebra, and image orbits. Only `wasm` knows that JavaScript exists.

#[cfg(all(target_arch = "wasm32", not(any(target_feature = "simd128", without_simd))))]
compile_error!("build with -Ctarget-feature=+simd128, as crate/.cargo/config.toml says");

pub mod classical;
pub mod description;
pub mod error;
pub mod image;
pub mod kernel;
pub mod linalg;
pub mod network;
pub mod real;
pub mod recipe;
pub mod sequence;
pub mod trained;
pub mod units;
#[cfg(all(target_arch = "wasm32", feature = "wasm"))]
mod wasm;
