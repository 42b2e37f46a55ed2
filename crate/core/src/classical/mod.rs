//! Classical kernels: closed functions of two samples, peers of the kernels of networks.
//!
//! Each is a function of at most four numbers of a pair, which come from blocked SIMD products: the squared
//! distance, from differences, so that nearly equal samples keep all digits and equal ones have exactly 0;
//! the product; and for the angle the squared distances of the unit vectors and of one and the other's
//! opposite. The functions themselves are evaluated in f64 in either precision.
//!
//! Sources: Rasmussen & Williams 2006, chapter 4 (squared exponential, Matérn, polynomial, sums and
//! products); MacKay 1998 (periodic); Cho & Saul 2009 (arc-cosine).

mod arc_cosine;
mod block;
mod kernel;
mod pair;
mod tile;

pub use block::Block;
pub use kernel::{Kernel, Order};
pub use tile::tile;
