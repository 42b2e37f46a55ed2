//! Infinite-width kernels: the NNGP and the NTK, exact for all angles.
//!
//! # The recursion
//! A pair of inputs has variances `q`, `q'` and the covariance `N` (the NNGP). Angles near 0 and π
//! lose half their digits when they are taken from the cosine `N/√(qq')`. So what is carried is
//! `α = 1 − N/√(qq')` and, as long as a pair can still be obtuse, `β = 1 + N/√(qq')`, together
//! with the normalized NTK `τ = T/√(qq')`. All layers are then maps of (α, β, τ) whose
//! coefficients are products of per-sample numbers (`Block`), without cancellation:
//!
//! - affine, `Q = w²q + b²`, `(w√q, b) = √Q (cos φ, sin φ)`:
//!   `α ← cos φ cos φ' α + 2 sin²((φ−φ')/2)`, `β ← cos φ cos φ' β + 2 sin²((φ+φ')/2)`,
//!   `τ ← cos φ cos φ' τ + (1 − α)`;
//! - ReLU, `α = 1 − cos θ`: `α ← α − (sin θ − θ cos θ)/π`, `τ ← τ (1 − θ/π)`;
//! - erf: the arc-sine kernel, see `arcsin`.
//!
//! Sources: Cho & Saul 2009 (arc-cosine), Williams 1997 (arc-sine), Jacot et al. 2018 (NTK), in the
//! parameterization of neural-tangents.

pub mod arccos;
mod arcsin;
mod block;
pub mod conv;
pub mod cost;
mod plan;
pub mod polynomials;
pub mod step;
mod strip;
mod tile;
mod variance;

pub use block::Block;
pub use plan::Plan;
pub use tile::{Wanted, Workspace, diagonal};
