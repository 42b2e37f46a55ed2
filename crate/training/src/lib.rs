//! Finite networks of the same descriptions as kernels: trained, with their empirical kernels and their
//! linearizations. Tensors and gradients are burn's; only `wasm` knows that JavaScript exists.

#[cfg(all(target_arch = "wasm32", not(target_feature = "simd128")))]
compile_error!("build with -Ctarget-feature=+simd128, as crate/.cargo/config.toml says");

pub mod checkpoint;
pub mod dual;
pub mod empirical;
pub mod forward;
pub mod loss;
pub mod model;
pub mod optimizer;
pub mod plan;
pub mod random;
pub mod settings;
pub mod shape;
pub mod trace;
pub mod training;
#[cfg(target_arch = "wasm32")]
mod wasm;
