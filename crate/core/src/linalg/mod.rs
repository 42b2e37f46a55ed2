//! Dense linear algebra on row-major arrays.

pub mod cholesky;
mod distances;
mod extent;
mod factor;
pub mod panels;
pub mod product;
mod substitution;
