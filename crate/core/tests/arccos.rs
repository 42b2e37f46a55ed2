//! The functions of the ReLU step against their power series in fixed point.

use orbit_kernels_core::kernel::arccos::Angle;
use orbit_kernels_core::real::{Lanes, Real};
use std::f64::consts::FRAC_1_PI;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const BITS: u32 = 62;
const ONE: i128 = 1 << BITS;
/// π with `BITS` binary digits.
const PI: i128 = 14_488_038_916_154_245_685;
/// At z = 1/2 the rest of the series is below the last digit.
const TERMS: i128 = 64;

/// A number as a sum of two: the second has the digits that are lost in the first.
#[derive(Clone, Copy)]
struct Twofold(f64, f64);

impl Twofold {
    fn from_fixed(value: i128) -> Self {
        let high = value as f64;
        let scale = (ONE as f64).recip();
        Twofold(high * scale, (value - high as i128) as f64 * scale)
    }

    fn root(value: f64) -> Self {
        let root = value.sqrt();
        Twofold(root, root.mul_add(-root, value) / (root + root))
    }

    fn times(self, other: Self) -> Self {
        let high = self.0 * other.0;
        let rest = self.0.mul_add(other.0, -high);
        Twofold(high, rest + self.0 * other.1 + self.1 * other.0)
    }

    fn relative_error(self, actual: f64) -> f64 {
        ((actual - self.0 - self.1) / self.0).abs()
    }
}

/// `(sin θ − θ cos θ)/π` and `θ/π` for `z = sin²(θ/2)`.
fn exact(z: f64) -> [Twofold; 2] {
    let fixed = (z * ONE as f64) as i128;
    let (mut power, mut central) = (ONE, ONE);
    let (mut arcsine, mut difference) = (0, 0);
    for k in 0..TERMS {
        // central = binomial(2k, k)/4ᵏ: asin s = Σ central s²ᵏ⁺¹/(2k+1), √(1−s²) = −Σ central s²ᵏ/(2k−1)
        let next = central * (2 * k + 1) / (2 * k + 2);
        arcsine += (central / (2 * k + 1) * power) >> BITS;
        let term = 2 * central / (2 * k + 1) - next / (2 * k + 1) - next / (2 * k + 3);
        difference += (term * power) >> BITS;
        power = (power * fixed) >> BITS;
        central = next;
    }
    let per_half_turn = |even: i128| Twofold::from_fixed(((2 * even) << BITS) / PI);
    let root = Twofold::root(z);
    let cube = Twofold(z, 0.0).times(root);
    [cube.times(per_half_turn(difference)), root.times(per_half_turn(arcsine))]
}

fn actual<T: Real>(z: f64) -> [f64; 2] {
    let z = T::Lanes::splat(T::from_f64(z));
    let (share, turn) = Angle::new::<T>(z).shares::<T>(T::Lanes::splat(T::ONE));
    [(z + z) * share, turn].map(|lanes| {
        let mut values = vec![T::ZERO; T::LANES];
        lanes.store(&mut values);
        values[0].to_f64()
    })
}

fn worst_errors<T: Real>(smallest: f64) -> [f64; 2] {
    let mut points: Vec<f64> = (1..=20_000).map(|k| f64::from(k) / 40_000.0).collect();
    points.extend((0..).map(|k| 0.4 * 0.7_f64.powi(k)).take_while(|&z| z > smallest));
    points.push(0.500_000_1);
    let mut worst = [0.0_f64; 2];
    for z in points {
        let z = T::from_f64(z).to_f64();
        let values = exact(z).into_iter().zip(actual::<T>(z));
        for (worst, (exact, actual)) in worst.iter_mut().zip(values) {
            let error = exact.relative_error(actual);
            assert!(error.is_finite(), "{actual} at {z}");
            *worst = worst.max(error);
        }
    }
    worst
}

#[test]
fn both_functions_keep_all_digits() {
    let worst = worst_errors::<f64>(1e-180);
    assert!(worst.iter().all(|&error| error < 4.5e-16), "{worst:?}");
    let worst = worst_errors::<f32>(1e-23);
    assert!(worst.iter().all(|&error| error < 2.4e-7), "{worst:?}");
}

#[test]
fn the_ends_are_zero_and_a_right_angle() {
    assert_eq!(actual::<f64>(0.0), [0.0; 2]);
    assert_eq!(actual::<f32>(0.0), [0.0; 2]);
    let [bow, turn] = actual::<f64>(0.5);
    assert!((bow - FRAC_1_PI).abs() < 2e-16 && (turn - 0.5).abs() < 2e-16, "{bow} {turn}");
}
