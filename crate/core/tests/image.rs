//! The recursive spline filter and the closed-form weights of `image.rs` against a slow twin that
//! solves the interpolation equations as a dense linear system and evaluates the B-spline by its
//! definition; and the symmetries that a rotation must have.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use orbit_kernels_core::image::{ImageError, Spline, center_unit};

const TOLERANCE: f64 = 1e-12;

#[test]
fn rotation_agrees_with_the_definition() {
    for (rows, cols) in [(1, 1), (1, 5), (2, 2), (3, 2), (8, 8), (9, 9), (8, 12), (17, 5)] {
        let image = noise(rows, cols, 1);
        let spline = Spline::from_image(&image, rows, cols).unwrap();
        let naive = NaiveSpline::new(&image, rows, cols);
        for degrees in [0.0, 7.5, 45.0, 61.0, 90.0, 123.4, 180.0, 270.0, 359.0, -33.0, 1000.0] {
            let mut fast = vec![f64::NAN; rows * cols];
            spline.rotate_into(degrees, &mut fast).unwrap();
            assert_close(&fast, &naive.rotate(degrees), TOLERANCE);
        }
    }
}

#[test]
fn resize_agrees_with_the_definition() {
    for (from, to) in [
        ((8, 8), (28, 28)),
        ((8, 8), (26, 26)),
        ((28, 28), (14, 14)),
        ((5, 9), (9, 5)),
        ((2, 3), (7, 1)),
        ((1, 4), (3, 4)),
    ] {
        let image = noise(from.0, from.1, 2);
        let fast = resize(&image, from, to);
        let naive = NaiveSpline::new(&image, from.0, from.1).resize(to.0, to.1);
        assert_close(&fast, &naive, TOLERANCE);
    }
}

#[test]
fn resize_keeps_size_corners_and_constants() {
    let image = noise(8, 6, 3);
    assert_close(&resize(&image, (8, 6), (8, 6)), &image, 1e-15);
    let large = resize(&image, (8, 6), (26, 42));
    for (corner, pixel) in [(0, 0), (41, 5), (25 * 42, 7 * 6), (25 * 42 + 41, 47)] {
        assert_close(&large[corner..=corner], &image[pixel..=pixel], 1e-15);
    }
    assert_close(&resize(&[0.3; 64], (8, 8), (26, 26)), &[0.3; 676], 1e-15);
}

#[test]
fn a_turn_by_nothing_gives_the_pixels() {
    for (rows, cols) in [(1, 1), (2, 2), (9, 5), (28, 28)] {
        let image = noise(rows, cols, 4);
        assert_close(&rotate(&image, rows, cols, 0.0), &image, 16.0 * f64::EPSILON);
    }
}

#[test]
fn quarter_turns_permute_the_pixels_of_any_turn() {
    for side in [1, 2, 9, 28] {
        let image = noise(side, side, 5);
        for degrees in [0.0, 5.625, 11.25, 33.0, 45.0, 89.5] {
            let mut expected = rotate(&image, side, side, degrees);
            for quarter in 0..=8 {
                for whole in [0.0, 360.0, 3600.0] {
                    let turn = degrees + 90.0 * f64::from(quarter);
                    assert_eq!(bits(&rotate(&image, side, side, turn + whole)), bits(&expected));
                    assert_eq!(bits(&rotate(&image, side, side, turn - whole)), bits(&expected));
                }
                expected = rot90(&expected, side);
            }
        }
    }
}

#[test]
fn half_turns_reverse_the_pixels_of_any_turn() {
    let (rows, cols) = (8, 12);
    let image = noise(rows, cols, 5);
    for degrees in [0.0, 5.625, 45.0, 90.0, 123.5] {
        let mut reversed = rotate(&image, rows, cols, degrees);
        reversed.reverse();
        assert_eq!(bits(&rotate(&image, rows, cols, degrees + 180.0)), bits(&reversed));
        assert_eq!(bits(&rotate(&image, rows, cols, degrees - 180.0)), bits(&reversed));
    }
}

#[test]
fn an_angle_just_below_a_whole_turn_is_that_turn() {
    let image = noise(5, 5, 5);
    assert_close(&rotate(&image, 5, 5, -1e-17), &image, 16.0 * f64::EPSILON);
}

#[test]
fn rotation_is_linear() {
    let (rows, cols) = (8, 12);
    let (a, b) = (noise(rows, cols, 6), noise(rows, cols, 7));
    let mix = |a: &[f64], b: &[f64]| -> Vec<f64> {
        a.iter().zip(b).map(|(a, b)| 3.0 * a - 0.5 * b).collect()
    };
    let of_mix = rotate(&mix(&a, &b), rows, cols, 17.0);
    let of_parts = mix(&rotate(&a, rows, cols, 17.0), &rotate(&b, rows, cols, 17.0));
    assert_close(&of_mix, &of_parts, TOLERANCE);
}

#[test]
fn positions_outside_read_zero() {
    let turned = rotate(&[1.0; 25], 5, 5, 45.0);
    for corner in [0, 4, 20, 24] {
        assert_eq!(turned[corner], 0.0);
    }
    assert!((turned[12] - 1.0).abs() < 1e-15);
}

#[test]
fn centering_gives_zero_mean_and_unit_norm() {
    let mut image: Vec<f64> = noise(28, 28, 8).iter().map(|x| 1.0 + x).collect();
    let mut scaled: Vec<f64> = image.iter().map(|x| 1e9 * x - 7.0).collect();
    center_unit(&mut image).unwrap();
    center_unit(&mut scaled).unwrap();
    assert!(image.iter().sum::<f64>().abs() < TOLERANCE);
    assert!((image.iter().map(|x| x * x).sum::<f64>() - 1.0).abs() < TOLERANCE);
    assert_close(&image, &scaled, TOLERANCE);
}

#[test]
fn constant_images_have_no_direction() {
    for value in [0.0, 0.1, -255.0, 1e-100] {
        let error = center_unit(&mut [value; 784]).unwrap_err();
        let ImageError::Constant { value: reported } = error else { panic!("{error}") };
        assert!((reported - value).abs() <= 1e-12 * value.abs());
    }
}

#[test]
fn impossible_requests_are_named() {
    let spline = Spline::from_image(&[1.0; 6], 2, 3).unwrap();
    let shape = |rows, cols, len| Some(ImageError::Shape { rows, cols, len });
    assert_eq!(Spline::from_image(&[1.0; 6], 2, 2).err(), shape(2, 2, 6));
    assert_eq!(Spline::from_image(&[], 0, 3).err(), shape(0, 3, 0));
    assert_eq!(spline.rotate_into(0.0, &mut [0.0; 5]).err(), shape(2, 3, 5));
    assert_eq!(spline.resize_into(0, 4, &mut []).err(), shape(0, 4, 0));
    assert_eq!(center_unit(&mut []).err(), shape(1, 0, 0));
    let mut out = [0.0; 6];
    for degrees in [f64::NAN, f64::INFINITY] {
        let error = spline.rotate_into(degrees, &mut out).unwrap_err();
        assert!(matches!(error, ImageError::Angle { .. }), "{error}");
    }
}

fn rotate(image: &[f64], rows: usize, cols: usize, degrees: f64) -> Vec<f64> {
    let mut out = vec![f64::NAN; image.len()];
    let spline = Spline::from_image(image, rows, cols).unwrap();
    spline.rotate_into(degrees, &mut out).unwrap();
    out
}

fn resize(image: &[f64], from: (usize, usize), to: (usize, usize)) -> Vec<f64> {
    let mut out = vec![f64::NAN; to.0 * to.1];
    let spline = Spline::from_image(image, from.0, from.1).unwrap();
    spline.resize_into(to.0, to.1, &mut out).unwrap();
    out
}

/// `np.rot90` of a square image.
fn rot90(image: &[f64], side: usize) -> Vec<f64> {
    (0..side * side).map(|i| image[(i % side) * side + side - 1 - i / side]).collect()
}

/// The spline by its definition: Σ c_kl β(y − k) β(x − l), with the c that make it pass through the pixels.
struct NaiveSpline {
    rows: usize,
    cols: usize,
    coefficients: Vec<Vec<f64>>,
}

impl NaiveSpline {
    fn new(image: &[f64], rows: usize, cols: usize) -> Self {
        let columns_solved =
            solve(interpolation(rows), image.chunks(cols).map(Vec::from).collect());
        let coefficients = transpose(&solve(interpolation(cols), transpose(&columns_solved)));
        Self { rows, cols, coefficients }
    }

    fn at(&self, y: f64, x: f64) -> f64 {
        let inside = |position: f64, n: usize| (0.0..=(n - 1) as f64).contains(&position);
        if !inside(y, self.rows) || !inside(x, self.cols) {
            return 0.0;
        }
        let mut value = 0.0;
        for k in -2..self.rows as i32 + 2 {
            for l in -2..self.cols as i32 + 2 {
                let coefficient = self.coefficients[mirror(k, self.rows)][mirror(l, self.cols)];
                value += coefficient * b_spline(y - f64::from(k)) * b_spline(x - f64::from(l));
            }
        }
        value
    }

    fn rotate(&self, degrees: f64) -> Vec<f64> {
        let (sin, cos) = match degrees.rem_euclid(360.0) {
            90.0 => (1.0, 0.0),
            180.0 => (0.0, -1.0),
            270.0 => (-1.0, 0.0),
            reduced => reduced.to_radians().sin_cos(),
        };
        let (middle_y, middle_x) = ((self.rows - 1) as f64 / 2.0, (self.cols - 1) as f64 / 2.0);
        self.map(self.rows, self.cols, |r, c| {
            let (y, x) = (r - middle_y, c - middle_x);
            (cos * y + sin * x + middle_y, cos * x - sin * y + middle_x)
        })
    }

    fn resize(&self, rows: usize, cols: usize) -> Vec<f64> {
        let position = |i: f64, from: usize, to: usize| match to {
            1 => 0.0,
            _ => i * (from - 1) as f64 / (to - 1) as f64,
        };
        self.map(rows, cols, |r, c| (position(r, self.rows, rows), position(c, self.cols, cols)))
    }

    fn map(&self, rows: usize, cols: usize, source: impl Fn(f64, f64) -> (f64, f64)) -> Vec<f64> {
        (0..rows * cols)
            .map(|i| {
                let (y, x) = source((i / cols) as f64, (i % cols) as f64);
                self.at(y, x)
            })
            .collect()
    }
}

/// The centred cubic B-spline.
fn b_spline(x: f64) -> f64 {
    match x.abs() {
        x if x < 1.0 => 2.0 / 3.0 - x * x + x * x * x / 2.0,
        x if x < 2.0 => (2.0 - x).powi(3) / 6.0,
        _ => 0.0,
    }
}

/// The index that an axis of n samples shows when it is reflected about its outermost samples.
fn mirror(mut index: i32, n: usize) -> usize {
    let last = n as i32 - 1;
    while last > 0 && !(0..=last).contains(&index) {
        index = if index < 0 { -index } else { 2 * last - index };
    }
    if last == 0 { 0 } else { index as usize }
}

/// Row i: the weights of the coefficients in the spline's value at pixel i.
fn interpolation(n: usize) -> Vec<Vec<f64>> {
    let mut matrix = vec![vec![0.0; n]; n];
    for (i, row) in matrix.iter_mut().enumerate() {
        for k in i as i32 - 1..=i as i32 + 1 {
            row[mirror(k, n)] += b_spline(f64::from(i as i32 - k));
        }
    }
    matrix
}

/// Gauss–Jordan elimination without pivoting: the matrix is strictly diagonally dominant.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    for pivot in 0..matrix.len() {
        let scale = 1.0 / matrix[pivot][pivot];
        for value in matrix[pivot].iter_mut().chain(&mut right[pivot]) {
            *value *= scale;
        }
        for i in (0..matrix.len()).filter(|&i| i != pivot) {
            let factor = matrix[i][pivot];
            for rows in [&mut matrix, &mut right] {
                let source = rows[pivot].clone();
                for (value, pivot_value) in rows[i].iter_mut().zip(source) {
                    *value -= factor * pivot_value;
                }
            }
        }
    }
    right
}

fn transpose(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    (0..rows[0].len()).map(|c| rows.iter().map(|row| row[c]).collect()).collect()
}

/// Reproducible pixels in [−1, 1).
fn noise(rows: usize, cols: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    (0..rows * cols)
        .map(|_| {
            // Knuth's 64-bit linear congruential generator; its high bits are good enough for test data.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
        })
        .collect()
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

fn assert_close(actual: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(actual.len(), expected.len());
    for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
        assert!((a - e).abs() <= tolerance, "[{i}]: {a} is not {e}");
    }
}
