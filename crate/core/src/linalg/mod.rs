//! Dense linear algebra on row-major arrays.

pub mod cholesky;
mod distances;
pub mod panels;
pub mod product;
