//! The two precisions and their SIMD lanes, so that each recursion is written once.

use crate::kernel::polynomials;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A vector of `T` as wide as a wasm `v128`.
pub trait Lanes<T>:
    bytemuck::Pod
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
{
    fn splat(value: T) -> Self;
    /// Reads the first `T::LANES` values of a slice.
    fn load(from: &[T]) -> Self;
    fn store(self, to: &mut [T]);
    /// Reads vector `index` of numbers that need not be aligned.
    ///
    /// # Safety
    /// The numbers from `from` on must reach to the end of that vector.
    unsafe fn load_at(from: *const T, index: usize) -> Self;
    fn sqrt(self) -> Self;
    fn abs(self) -> Self;
    /// The smaller and the larger of two numbers, neither of them NaN.
    fn least(self, other: Self) -> Self;
    fn most(self, other: Self) -> Self;
    /// All bits set in the lanes where `self < other`.
    fn less(self, other: Self) -> Self;
    /// `yes` where the mask is set, `no` elsewhere.
    fn select(self, yes: Self, no: Self) -> Self;
    /// Whether a mask is set in all lanes, and in none.
    fn all(self) -> bool;
    fn none(self) -> bool;
}

/// `f32` or `f64`: the arithmetic, the constants of its accuracy and its SIMD lanes.
pub trait Real:
    bytemuck::Pod
    + PartialOrd
    + Default
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + 'static
{
    type Lanes: Lanes<Self>;
    /// Values in one vector.
    const LANES: usize;
    const ZERO: Self;
    const ONE: Self;
    /// `asin(√z)/√z` on [0, 1/4], lowest power first.
    const ARCSINE: &'static [Self];
    /// `t/(π√z)` for `z = sin²(t/2)` in [0, 1/2] is the first number times the sum of the second and of `z` times a
    /// quotient of products: of `1 − z` plus each of the others, and of `1 − z` plus each of `POLES`.
    const TURN: &'static [Self];
    /// `(sin t − t cos t)/(2πz√z)` in the same way.
    const BOW: &'static [Self];
    const POLES: &'static [Self];
    /// Cosines closer to ±1 than this are taken from the difference of the two vectors instead of
    /// their product, whose rounding error would be amplified by 1/(1−|c|).
    const NEARLY_PARALLEL: Self;
    /// The square of a relative difference of two lengths that may be rounding, over 4.
    const SAME_LENGTH: Self;

    fn from_f64(value: f64) -> Self;
    fn to_f64(self) -> f64;
}

macro_rules! precision {
    ($real:ty, $lanes:ty, $count:literal, $mask:literal, $arcsine:ident, $turn:ident, $bow:ident, $poles:ident,
     $near:literal, $same:literal, $least:ident, $most:ident) => {
        impl Lanes<$real> for $lanes {
            #[inline(always)]
            fn splat(value: $real) -> Self {
                <$lanes>::splat(value)
            }
            #[inline(always)]
            fn load(from: &[$real]) -> Self {
                let array: [$real; $count] = from[..$count].try_into().unwrap();
                <$lanes>::new(array)
            }
            #[inline(always)]
            fn store(self, to: &mut [$real]) {
                to[..$count].copy_from_slice(&self.to_array());
            }
            #[inline(always)]
            unsafe fn load_at(from: *const $real, index: usize) -> Self {
                // SAFETY: the caller's promise.
                unsafe { from.add(index * $count).cast::<Self>().read_unaligned() }
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                <$lanes>::sqrt(self)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                <$lanes>::abs(self)
            }
            #[inline(always)]
            fn least(self, other: Self) -> Self {
                lanes::$least(self, other)
            }
            #[inline(always)]
            fn most(self, other: Self) -> Self {
                lanes::$most(self, other)
            }
            #[inline(always)]
            fn less(self, other: Self) -> Self {
                self.simd_lt(other)
            }
            #[inline(always)]
            fn select(self, yes: Self, no: Self) -> Self {
                self.bitselect(yes, no)
            }
            #[inline(always)]
            fn all(self) -> bool {
                self.to_bitmask() == $mask
            }
            #[inline(always)]
            fn none(self) -> bool {
                self.to_bitmask() == 0
            }
        }

        impl Real for $real {
            type Lanes = $lanes;
            const LANES: usize = $count;
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const ARCSINE: &'static [Self] = &polynomials::$arcsine;
            const TURN: &'static [Self] = &polynomials::$turn;
            const BOW: &'static [Self] = &polynomials::$bow;
            const POLES: &'static [Self] = &polynomials::$poles;
            const NEARLY_PARALLEL: Self = $near;
            const SAME_LENGTH: Self = $same;

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as $real
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self.into()
            }
        }
    };
}

precision!(
    f64,
    wide::f64x2,
    2,
    0b11,
    ARCSINE_F64,
    TURN_F64,
    BOW_F64,
    POLES_F64,
    1e-6,
    1e-28,
    least_f64,
    most_f64
);
precision!(
    f32,
    wide::f32x4,
    4,
    0b1111,
    ARCSINE_F32,
    TURN_F32,
    BOW_F32,
    POLES_F32,
    1e-3,
    1e-12,
    least_f32,
    most_f32
);

/// Minimum and maximum as one instruction, which `wide` has none for in wasm.
mod lanes {
    macro_rules! order {
        ($name:ident, $lanes:ty, $wasm:ident, $other:ident) => {
            #[inline(always)]
            pub fn $name(a: $lanes, b: $lanes) -> $lanes {
                #[cfg(target_feature = "simd128")]
                {
                    use core::arch::wasm32::{v128, $wasm};
                    // SAFETY: both types are 128 bits, and every pattern of bits is valid in both.
                    unsafe {
                        let (a, b) = (
                            core::mem::transmute::<$lanes, v128>(a),
                            core::mem::transmute::<$lanes, v128>(b),
                        );
                        core::mem::transmute::<v128, $lanes>($wasm(a, b))
                    }
                }
                #[cfg(not(target_feature = "simd128"))]
                a.$other(b)
            }
        };
    }
    order!(least_f64, wide::f64x2, f64x2_pmin, fast_min);
    order!(most_f64, wide::f64x2, f64x2_pmax, fast_max);
    order!(least_f32, wide::f32x4, f32x4_pmin, fast_min);
    order!(most_f32, wide::f32x4, f32x4_pmax, fast_max);
}

/// A polynomial over lanes of three coefficients or more, lowest power first.
///
/// Four interleaved Horner schemes in z⁴: a single one would wait for each product and sum in turn.
#[inline(always)]
pub fn polynomial<T: Real>(coefficients: &[T], z: T::Lanes) -> T::Lanes {
    let z2 = z * z;
    let z4 = z2 * z2;
    let count = coefficients.len();
    let mut chains = [T::Lanes::splat(T::ZERO); 4];
    for power in (0..count).rev() {
        let coefficient = T::Lanes::splat(coefficients[power]);
        let chain = &mut chains[power % 4];
        *chain = if power + 4 < count { *chain * z4 + coefficient } else { coefficient };
    }
    let high = if count > 3 { chains[2] + chains[3] * z } else { chains[2] };
    (chains[0] + chains[1] * z) + high * z2
}

/// Numbers in whole vectors; those that fill up the last one are zero.
#[derive(Debug, Clone)]
pub struct Column<T: Real>(Vec<T::Lanes>);

impl<T: Real> Column<T> {
    pub fn zeros(count: usize) -> Self {
        Column(vec![T::Lanes::splat(T::ZERO); count.div_ceil(T::LANES)])
    }

    pub fn vectors(&self) -> &[T::Lanes] {
        &self.0
    }

    pub fn vectors_mut(&mut self) -> &mut [T::Lanes] {
        &mut self.0
    }

    /// The numbers, with those that fill up the last vector.
    pub fn values(&self) -> &[T] {
        bytemuck::cast_slice(&self.0)
    }

    pub fn values_mut(&mut self) -> &mut [T] {
        bytemuck::cast_slice_mut(&mut self.0)
    }
}

impl<T: Real> FromIterator<T> for Column<T> {
    fn from_iter<Values: IntoIterator<Item = T>>(values: Values) -> Self {
        let mut vectors = Vec::new();
        let mut values = values.into_iter();
        while let Some(first) = values.next() {
            let mut vector = T::Lanes::splat(T::ZERO);
            let lanes: &mut [T] = bytemuck::cast_slice_mut(std::slice::from_mut(&mut vector));
            lanes[0] = first;
            lanes[1..].iter_mut().zip(&mut values).for_each(|(lane, value)| *lane = value);
            vectors.push(vector);
        }
        Column(vectors)
    }
}
