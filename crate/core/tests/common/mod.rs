//! Seeded numbers and comparisons for the tests.

/// Marsaglia's xorshift: the same numbers natively and in wasm.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// Uniform between −1 and 1.
    pub fn next(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    pub fn vector(&mut self, length: usize) -> Vec<f64> {
        (0..length).map(|_| self.next()).collect()
    }
}

/// Asserts `|a − b| ≤ atol + rtol·|b|` for all entries; NaN is never close.
#[track_caller]
pub fn assert_close(actual: &[f64], expected: &[f64], rtol: f64, atol: f64) {
    assert_eq!(actual.len(), expected.len());
    for (k, (a, b)) in actual.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= atol + rtol * b.abs(), "entry {k}: {a} instead of {b}");
    }
}
