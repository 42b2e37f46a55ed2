//! Numbers of twice the digits, as the unevaluated sum of two: angles from their cosine keep 16 digits.

use std::ops::{Add, Div, Mul, Neg, Sub};

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Long {
    high: f64,
    low: f64,
}

impl Long {
    pub const ZERO: Long = Long { high: 0.0, low: 0.0 };
    pub const PI: Long = Long { high: std::f64::consts::PI, low: 1.2246467991473532e-16 };

    pub fn to_f64(self) -> f64 {
        self.high
    }

    /// The sum of two numbers of which the first is the larger.
    fn of(high: f64, low: f64) -> Long {
        let sum = high + low;
        Long { high: sum, low: low - (sum - high) }
    }

    pub fn is_positive(self) -> bool {
        self.high > 0.0
    }

    /// The number; zero where it is negative.
    pub fn part_above_zero(self) -> Long {
        if self.is_positive() { self } else { Long::ZERO }
    }

    pub fn sqrt(self) -> Long {
        if !self.is_positive() {
            return Long::ZERO;
        }
        let root = Long::from(self.high.sqrt());
        root + (self - root * root) / (root + root)
    }

    /// √(1 − x²).
    pub fn beside(self) -> Long {
        let one = Long::from(1.0);
        ((one - self).part_above_zero() * (one + self).part_above_zero()).sqrt()
    }

    /// The angle in [0, π] of a cosine.
    pub fn acos(self) -> Long {
        Long::angle(self.beside(), self)
    }

    pub fn asin(self) -> Long {
        Long::angle(self, self.beside())
    }

    /// The angle of a point on the unit circle.
    fn angle(sine: Long, cosine: Long) -> Long {
        let first = Long::from(sine.high.atan2(cosine.high));
        let [s, c] = first.sine_and_cosine();
        first + sine * c - cosine * s
    }

    /// Taylor's series of a small part of the angle, which is then doubled.
    pub fn sine_and_cosine(self) -> [Long; 2] {
        let x = self / Long::from(64.0);
        let series = |first: Long, start: u32| {
            let (mut term, mut sum) = (first, first);
            for k in 0..8 {
                let n = f64::from(start + 2 * k);
                term = -term * x * x / Long::from(n * (n + 1.0));
                sum = sum + term;
            }
            sum
        };
        let (mut sine, mut cosine) = (series(x, 2), series(Long::from(1.0), 1));
        for _ in 0..6 {
            let product = sine * cosine;
            cosine = cosine * cosine - sine * sine;
            sine = product + product;
        }
        [sine, cosine]
    }
}

impl From<f64> for Long {
    fn from(high: f64) -> Long {
        Long { high, low: 0.0 }
    }
}

impl Neg for Long {
    type Output = Long;

    fn neg(self) -> Long {
        Long { high: -self.high, low: -self.low }
    }
}

impl Add for Long {
    type Output = Long;

    fn add(self, other: Long) -> Long {
        let rest = |a: f64, b: f64| {
            let sum = a + b;
            let part = sum - a;
            (sum, (a - (sum - part)) + (b - part))
        };
        let (high, error) = rest(self.high, other.high);
        let (low, last) = rest(self.low, other.low);
        let sum = Long::of(high, error + low);
        Long::of(sum.high, sum.low + last)
    }
}

impl Sub for Long {
    type Output = Long;

    fn sub(self, other: Long) -> Long {
        self + -other
    }
}

impl Mul for Long {
    type Output = Long;

    fn mul(self, other: Long) -> Long {
        let halves = |x: f64| {
            let scaled = 134_217_729.0 * x;
            let high = scaled - (scaled - x);
            [high, x - high]
        };
        let ([a, b], [c, d]) = (halves(self.high), halves(other.high));
        let product = self.high * other.high;
        let error = ((a * c - product) + a * d + b * c) + b * d;
        Long::of(product, error + (self.high * other.low + self.low * other.high))
    }
}

impl Div for Long {
    type Output = Long;

    fn div(self, other: Long) -> Long {
        let first = self.high / other.high;
        let rest = self - other * Long::from(first);
        let second = rest.high / other.high;
        let rest = rest - other * Long::from(second);
        Long::of(first, second) + Long::from(rest.high / other.high)
    }
}
