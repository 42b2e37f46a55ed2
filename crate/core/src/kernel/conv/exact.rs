//! Angles of nearly parallel features of different lengths, from directions instead of distances.

use super::window::Window;

/// A location, row and column.
pub type At = [usize; 2];

/// What a convolution reads.
pub trait Features {
    /// Numbers of a location: its pixels, or the length of its features.
    fn numbers(&self) -> usize;
    /// Number `channel` of a location of one side.
    fn number(&self, side: usize, channel: usize, at: At) -> f64;
    /// 2(SS' − N) and 2(SS' + N) of a pair of locations; nothing of pixels, which need no angles.
    fn pair(&self, one: At, two: At) -> Option<(f64, f64)>;
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
pub fn exact(place: &Place, features: &impl Features) -> (f64, f64) {
    let Place { window, weight, biases, at: [p, q], lengths: [s, t] } = *place;
    let root = weight.sqrt();
    // Not a quotient for each number.
    let units = [root / s, root / t];
    let [b, c] = [biases[0] / s, biases[1] / t];
    let (mut minus, mut plus) = ((b - c).powi(2), (b + c).powi(2));
    let (mut gaps, mut opposites, mut angles) = (0.0, 0.0, false);
    for y in 0..window[0].size {
        let rows = [p, q].map(|at| window[0].input(at[0], y));
        for x in 0..window[1].size {
            let [one, two] = [0, 1].map(|side| {
                let column = window[1].input([p, q][side][1], x)?;
                Some([rows[side]?, column])
            });
            for channel in 0..features.numbers() {
                let u = one.map_or(0.0, |at| features.number(0, channel, at)) * units[0];
                let v = two.map_or(0.0, |at| features.number(1, channel, at)) * units[1];
                minus += (u - v).powi(2);
                plus += (u + v).powi(2);
            }
            if let Some((gap, opposite)) = one.zip(two).and_then(|(p, q)| features.pair(p, q)) {
                gaps += gap;
                opposites += opposite;
                angles = true;
            }
        }
    }
    let product = s * t;
    match angles {
        false => (product * minus, product * plus),
        true => (
            weight * gaps + product * minus,
            weight * opposites + product * minus + 4.0 * biases[0] * biases[1],
        ),
    }
}
