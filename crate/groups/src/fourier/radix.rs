//! Transforms of two to five numbers, `X_p = Σ_c x_c exp(2πi cp/R)`, which the long ones are made of.

use super::ends::V;
use std::array;
use std::f64::consts::FRAC_1_SQRT_2;

/// A transform of R numbers.
pub(super) trait Radix<const R: usize> {
    /// Of real numbers, packed: `X_0`, real and imaginary parts of the frequencies below R/2, and `X_{R/2}`
    /// where there is one.
    fn real(x: [V; R]) -> [V; R];

    /// Of real numbers with half a frequency more, `Σ_c x_c exp(2πi c(p + ½)/R)`: real and imaginary parts of
    /// those with p < R/2. For even R.
    fn half_way(x: [V; R]) -> [V; R];

    /// Of complex numbers: real and imaginary parts, conjugate for p ≥ R/2.
    #[inline(always)]
    fn complex(re: [V; R], im: [V; R]) -> [[V; 2]; R] {
        let (a, b) = (Self::real(re), Self::real(im));
        array::from_fn(|p| {
            let low = p.min(R - p);
            match (2 * low).checked_sub(1) {
                None => [a[0], b[0]],
                Some(at) if 2 * low == R => [a[at], -b[at]],
                Some(at) if p == low => [a[at] - b[at + 1], a[at + 1] + b[at]],
                Some(at) => [a[at] + b[at + 1], a[at + 1] - b[at]],
            }
        })
    }
}

pub(super) struct Two;

impl Radix<2> for Two {
    #[inline(always)]
    fn real([a, b]: [V; 2]) -> [V; 2] {
        [a + b, a - b]
    }

    #[inline(always)]
    fn half_way(x: [V; 2]) -> [V; 2] {
        x
    }
}

pub(super) struct Four;

impl Radix<4> for Four {
    #[inline(always)]
    fn real([a, b, c, d]: [V; 4]) -> [V; 4] {
        let (even, odd) = (a + c, b + d);
        [even + odd, a - c, b - d, even - odd]
    }

    #[inline(always)]
    fn half_way([a, b, c, d]: [V; 4]) -> [V; 4] {
        let eighth = V::splat(FRAC_1_SQRT_2);
        let (re, im) = ((b - d) * eighth, (b + d) * eighth);
        [a + re, im + c, a - re, im - c]
    }
}

pub(super) struct Three;

impl Radix<3> for Three {
    #[inline(always)]
    fn real([a, b, c]: [V; 3]) -> [V; 3] {
        let sin = V::splat(0.866_025_403_784_438_6);
        let sum = b + c;
        [a + sum, a - V::splat(0.5) * sum, sin * (b - c)]
    }

    #[inline(always)]
    fn half_way(_: [V; 3]) -> [V; 3] {
        unreachable!("odd radices come first")
    }
}

pub(super) struct Five;

impl Radix<5> for Five {
    #[inline(always)]
    fn real([a, b, c, d, e]: [V; 5]) -> [V; 5] {
        let [cos1, sin1] = [0.309_016_994_374_947_45, 0.951_056_516_295_153_5].map(V::splat);
        let [cos2, sin2] = [-0.809_016_994_374_947_5, 0.587_785_252_292_473_1].map(V::splat);
        let (near, far) = (b + e, c + d);
        let (across, over) = (b - e, c - d);
        [
            a + near + far,
            a + (cos1 * near + cos2 * far),
            sin1 * across + sin2 * over,
            a + (cos2 * near + cos1 * far),
            sin2 * across - sin1 * over,
        ]
    }

    #[inline(always)]
    fn half_way(_: [V; 5]) -> [V; 5] {
        unreachable!("odd radices come first")
    }
}
