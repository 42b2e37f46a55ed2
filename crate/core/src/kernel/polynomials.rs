//! Near-minimax functions, lowest power first, those of arcs in powers of 1 − z on [0, 1/2]; written by polynomials.mjs.

#![expect(clippy::approx_constant, reason = "2/π is the first number of TURN")]

/// asin(√z)/√z on [0, 1/4], a polynomial in z; relative error 2.2e-16 with rounding.
#[rustfmt::skip]
pub const ARCSINE_F64: [f64; 13] = [
    1.0,
    0.16666666666664942,
    0.07500000000385203,
    0.04464285680599893,
    0.03038195969768531,
    0.02237174973316136,
    0.017359779641377405,
    0.013884842826220427,
    0.012170138593147008,
    0.006529302002967414,
    0.01951346825271282,
    -0.016187392269371836,
    0.03187962139657642,
];

/// t/(π√z), z = sin²(t/2): first + z·others/POLES; relative error 2.2e-16 with rounding.
#[rustfmt::skip]
pub const TURN_F64: [f64; 8] = [
    0.6366197723675814,
    0.8814901874785411,
    24.70318834666618,
    141.02983714630557,
    238.9779559143414,
    128.76315232025652,
    19.483202344663543,
    0.5140550187155429,
];

/// (sin t − t cos t)/(πz√z), in the same way; relative error 2.2e-16 with rounding.
#[rustfmt::skip]
pub const BOW_F64: [f64; 8] = [
    0.8488263631567752,
    0.4104028008008684,
    14.077383515235608,
    96.11939647561954,
    191.53034100684164,
    119.84282206402452,
    20.871344002353556,
    0.6306151578660453,
];

/// The denominator of both.
#[rustfmt::skip]
pub const POLES_F64: [f64; 8] = [
    2.714777317550983,
    98.45871218883723,
    770.2619257811472,
    1943.2216827649431,
    1776.2157481681718,
    576.5323966940102,
    56.24757504726545,
    1.0,
];

/// asin(√z)/√z on [0, 1/4], a polynomial in z; relative error 6.6e-8 with rounding.
#[rustfmt::skip]
pub const ARCSINE_F32: [f32; 6] = [
    1.0,
    0.16666782,
    0.07494697,
    0.045520637,
    0.023993999,
    0.042417374,
];

/// t/(π√z), z = sin²(t/2): first + z·others/POLES; relative error 1.0e-7 with rounding.
#[rustfmt::skip]
pub const TURN_F32: [f32; 4] = [
    0.63661975,
    0.2387176,
    1.0294176,
    0.37719285,
];

/// (sin t − t cos t)/(πz√z), in the same way; relative error 5.7e-8 with rounding.
#[rustfmt::skip]
pub const BOW_F32: [f32; 4] = [
    0.84882635,
    0.124484755,
    0.7872963,
    0.4044812,
];

/// The denominator of both.
#[rustfmt::skip]
pub const POLES_F32: [f32; 4] = [
    0.82272214,
    6.578338,
    7.10579,
    1.0,
];
