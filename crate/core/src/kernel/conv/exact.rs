//! Angles of nearly parallel features of different lengths, from directions instead of distances.

use super::window::Window;

/// A location, row and column.
pub type At = [usize; 2];

/// What a convolution reads.
pub enum Features<'a> {
    /// The numbers of a channel of one side.
    Pixels { channels: usize, value: &'a dyn Fn(usize, usize, At) -> f64 },
    /// The length on one side, and 2(SS' − N) and 2(SS' + N) of a pair of locations.
    Hidden { length: &'a dyn Fn(usize, At) -> f64, pair: &'a dyn Fn(At, At) -> (f64, f64) },
}

/// A convolution, for one pair of its outputs.
pub struct Place<'a> {
    pub window: &'a Window,
    /// The factor of sums over the window.
    pub weight: f64,
    pub biases: [f64; 2],
    /// The output locations, and the lengths of the features there.
    pub at: [At; 2],
    pub lengths: [f64; 2],
}

/// 2(SS' − N) and 2(SS' + N) of a pair after a convolution.
///
/// With u the features of a window in units of S, `2(SS' − N) = SS'|u − u'|²`, where nothing cancels; of
/// features whose lengths alone are known, the lengths give one part and their own angles the other.
pub fn exact(place: &Place, features: &Features) -> (f64, f64) {
    let Place { window, weight, biases, at: [p, q], lengths: [s, t] } = *place;
    let root = weight.sqrt();
    let [b, c] = [biases[0] / s, biases[1] / t];
    let (mut minus, mut plus) = ((b - c).powi(2), (b + c).powi(2));
    let (mut gaps, mut opposites) = (0.0, 0.0);
    let input = |at: At, y: usize, x: usize| -> Option<At> {
        Some([window[0].input(at[0], y)?, window[1].input(at[1], x)?])
    };
    for y in 0..window[0].size {
        for x in 0..window[1].size {
            let (one, two) = (input(p, y, x), input(q, y, x));
            match features {
                Features::Pixels { channels, value } => {
                    for channel in 0..*channels {
                        let u = one.map_or(0.0, |at| value(0, channel, at)) * root / s;
                        let v = two.map_or(0.0, |at| value(1, channel, at)) * root / t;
                        minus += (u - v).powi(2);
                        plus += (u + v).powi(2);
                    }
                }
                Features::Hidden { length, pair } => {
                    let u = one.map_or(0.0, |at| length(0, at)) * root / s;
                    let v = two.map_or(0.0, |at| length(1, at)) * root / t;
                    minus += (u - v).powi(2);
                    if let (Some(one), Some(two)) = (one, two) {
                        let (gap, opposite) = pair(one, two);
                        gaps += gap;
                        opposites += opposite;
                    }
                }
            }
        }
    }
    let product = s * t;
    match features {
        Features::Pixels { .. } => (product * minus, product * plus),
        Features::Hidden { .. } => (
            weight * gaps + product * minus,
            weight * opposites + product * minus + 4.0 * biases[0] * biases[1],
        ),
    }
}
