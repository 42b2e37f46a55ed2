//! Near-minimax functions: the arc sine by its coefficients, lowest power first, arcs on [0, 1/2] by products with y = 1 − z;
//! written by polynomials.mjs.

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

/// t/(π√z), z = sin²(t/2): lead·(first + z·Π(y + others)/Π(y + POLES)); relative error 3.3e-16 with rounding.
#[rustfmt::skip]
pub const TURN_F64: [f64; 8] = [
    0.5140550187155429,
    1.2384273067857368,
    0.04760316388214792,
    0.21750038898357296,
    0.6254518775089764,
    1.6738048003059838,
    5.259973103953045,
    30.07667265757652,
];

/// (sin t − t cos t)/(2πz√z), in the same way; relative error 2.2e-16 with rounding.
#[rustfmt::skip]
pub const BOW_F64: [f64; 8] = [
    0.3153075789330228,
    1.3460291154896116,
    0.03853041419034461,
    0.1809499347667663,
    0.5330903090370367,
    1.449601527148453,
    4.592427246457493,
    26.302200957690633,
];

/// The denominator of both.
#[rustfmt::skip]
pub const POLES_F64: [f64; 7] = [
    0.03763938731712162,
    0.1665796132092015,
    0.44942172977332456,
    1.0655678122352732,
    2.6091336791546,
    7.866145518413109,
    44.05308730716282,
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

/// t/(π√z), z = sin²(t/2): lead·(first + z·Π(y + others)/Π(y + POLES)); relative error 8.9e-8 with rounding.
#[rustfmt::skip]
pub const TURN_F32: [f32; 4] = [
    0.37719283,
    1.6877834,
    0.25588807,
    2.4732666,
];

/// (sin t − t cos t)/(2πz√z), in the same way; relative error 1.0e-7 with rounding.
#[rustfmt::skip]
pub const BOW_F32: [f32; 4] = [
    0.2022406,
    2.0985558,
    0.17359993,
    1.7728348,
];

/// The denominator of both.
#[rustfmt::skip]
pub const POLES_F32: [f32; 3] = [
    0.14833745,
    0.91840416,
    6.039048,
];
