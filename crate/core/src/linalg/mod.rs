//! Dense linear algebra on row-major arrays.

pub mod cholesky;
pub mod panels;
pub mod product;
