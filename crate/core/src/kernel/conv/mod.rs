//! Convolutional networks: the kernels of pairs of images.

mod covariance;
mod elementwise;
mod exact;
mod image;
mod offsets;
mod pairs;
mod plane;
pub mod program;
mod settle;
mod slab;
mod way;
pub mod window;

pub use image::Image;
pub use pairs::Pairs;
pub use program::{Executor, Program, Sink};
