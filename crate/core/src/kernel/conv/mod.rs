//! Convolutional networks: the kernels of pairs of images.
//!
//! # The recursion
//! Location p of one image and location q of another have features with variances `q`, `q'` and the
//! covariance `N`. What is carried is not N but the squared distance of the two, `D = q + q' − 2N`: a
//! convolution is its mean over a window, a bias adds nothing to it, and it is exactly zero for equal
//! patches. With S = √q of each image's locations, computed once per image, `2(SS' − N) = D − (S − S')²` gives
//! the angle; where the lengths are so different that this loses digits, `exact` takes it from directions instead.
//! ReLU maps D to `½(D − 2SS'(sin θ − θ cos θ)/π)`, again a squared distance, and the NTK by `1 − θ/π`.
//!
//! # The executors
//! `offsets`: filters move both locations by the same step, so pairs of one offset r = q − p need no others,
//! layer after layer, and fit into the cache; nothing of the H²W² covariances is ever stored. Flatten needs r = 0
//! alone. `covariance`: all pairs, for what mixes offsets: pools over windows, and circular layers
//! after one whose stride does not divide the image. Both finish a row of pairs by the same pass (`settle`).
//!
//! Sources: Arora et al. 2019 and Garriga-Alonso et al. 2019 (convolutional kernels), Novak et al. 2019 (pooling),
//! in the parameterization of neural-tangents.

mod covariance;
mod elementwise;
mod exact;
mod image;
mod offsets;
mod pairs;
mod place;
mod plane;
pub mod program;
mod rectify;
mod settle;
mod slab;
mod way;
pub mod window;

pub use image::Image;
pub use pairs::Pairs;
pub use program::{Executor, Program, Sink};
