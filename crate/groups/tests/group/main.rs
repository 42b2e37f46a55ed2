//! Finite groups: laws, irreps and Fourier transforms against their definitions.

#[path = "../../../core/tests/common/mod.rs"]
mod common;
mod fourier;
mod groups;
mod irreps;
mod laws;
