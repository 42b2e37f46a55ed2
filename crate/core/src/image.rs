//! Images as cubic splines: rotation and resizing with the numbers of `scipy.ndimage`, and the mean
//! removal and normalization that precede a kernel.
//!
//! Source: M. Unser, "Splines: a perfect fit for signal and image processing", IEEE Signal Processing
//! Magazine 16(6), 1999. The boundary is that of scipy's mode "constant": the spline is mirrored about
//! the outermost samples, and positions beyond them read 0.

use wide::f64x2;

/// The pole of the recursive filter that turns samples into cubic B-spline coefficients, √3 − 2.
const POLE: f64 = -0.267_949_192_431_122_7;

/// The filter's gain, (1 − POLE)(1 − 1/POLE).
const GAIN: f64 = 6.0;

/// Mirrored coefficients kept before and after each axis, so that no sample needs a boundary case:
/// position x reads the four coefficients ⌊x⌋ − 1 … ⌊x⌋ + 2.
const BEFORE: usize = 1;
const AFTER: usize = 2;

/// Why an image can't be rotated, resized or normalized.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ImageError {
    /// A side is zero, or a buffer does not hold rows × cols values.
    #[error("an image of {rows} × {cols} pixels does not fit a buffer of {len} values")]
    Shape { rows: usize, cols: usize, len: usize },
    /// The angle is NaN or infinite.
    #[error("a rotation needs a finite angle in degrees, not {degrees}")]
    Angle { degrees: f64 },
    /// Nothing but rounding is left of the image without its mean: it has no direction to normalize.
    #[error("the image is constant (every pixel is {value}): it can't be scaled to unit norm")]
    Constant { value: f64 },
}

/// The cubic spline through the pixels of one image: filtered once, sampled at any number of angles
/// and sizes.
///
/// ```
/// use orbit_kernels_core::image::Spline;
/// let spline = Spline::from_image(&[1.0, 2.0, 3.0, 4.0], 2, 2)?;
/// let mut turned = [0.0; 4];
/// spline.rotate_into(90.0, &mut turned)?;
/// assert!(turned.iter().zip([2.0, 4.0, 1.0, 3.0]).all(|(a, b)| (a - b).abs() < 1e-14));
/// # Ok::<(), orbit_kernels_core::image::ImageError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Spline {
    rows: usize,
    cols: usize,
    /// (rows + 3) × (cols + 3) B-spline coefficients, the border mirrored.
    coefficients: Vec<f64>,
}

impl Spline {
    /// Interpolates a row-major image of `rows` × `cols` finite pixels; [`Spline`] has an example.
    ///
    /// # Errors
    /// [`ImageError::Shape`] when a side is zero or `image` does not hold `rows * cols` values.
    pub fn from_image(image: &[f64], rows: usize, cols: usize) -> Result<Self, ImageError> {
        check_shape(image, rows, cols)?;
        let mut by_rows = image.to_vec();
        filter_columns(&mut by_rows, cols);
        let mut by_cols: Vec<f64> =
            (0..image.len()).map(|i| by_rows[i % rows * cols + i / rows]).collect();
        filter_columns(&mut by_cols, rows);
        let coefficients = (0..rows + BEFORE + AFTER)
            .flat_map(|r| {
                let column = &by_cols[mirror(r, rows)..];
                (0..cols + BEFORE + AFTER).map(move |c| column[mirror(c, cols) * rows])
            })
            .collect();
        Ok(Self { rows, cols, coefficients })
    }

    /// Writes the image turned by `degrees` counterclockwise about its centre into `out` (row-major,
    /// same size): `scipy.ndimage.rotate(image, degrees, reshape=False)` with its defaults, order 3 and
    /// zeros outside.
    ///
    /// Quarter turns only move pixels, bit for bit: of a square image the result is `np.rot90` of its turn
    /// by the rest, an angle from 0° to 90°; of another the same holds of half turns. A turn by 0° is the
    /// image up to the rounding of the spline through its pixels, less than 16 ε (4·10⁻¹⁵) of the largest
    /// one.
    ///
    /// # Errors
    /// [`ImageError::Angle`] for an infinite or undefined angle, [`ImageError::Shape`] when `out` has
    /// not the image's size.
    pub fn rotate_into(&self, degrees: f64, out: &mut [f64]) -> Result<(), ImageError> {
        check_shape(out, self.rows, self.cols)?;
        if !degrees.is_finite() {
            return Err(ImageError::Angle { degrees });
        }
        // A pose turned further must be the same numbers elsewhere, or kernels of orbits would be
        // invariant to rounding only; the spline alone does not see to it, being filtered from one side.
        let (quarters, rest) = whole_turns(degrees, self.rows == self.cols);
        let (cos, sin) = cos_sin(rest);
        let (last_row, last_col) = ((self.rows - 1) as f64, (self.cols - 1) as f64);
        let (centre_row, centre_col) = (last_row / 2.0, last_col / 2.0);
        // The operations are scipy's, one by one and fused where its matrix product fuses them: whether
        // a position lies on the border or beyond it can hang on the last bit.
        let row_offset = centre_row - cos.mul_add(centre_row, sin * centre_col);
        let col_offset = centre_col - (-sin).mul_add(centre_row, cos * centre_col);
        for r in 0..self.rows {
            let (row_start, col_start) = (r as f64 * cos, r as f64 * -sin);
            for c in 0..self.cols {
                let row = row_start + c as f64 * sin + row_offset;
                let col = col_start + c as f64 * cos + col_offset;
                let inside = row >= 0.0 && row <= last_row && col >= 0.0 && col <= last_col;
                out[self.turned(r, c, quarters)] =
                    if inside { self.sample(&Tap::at(row), &Tap::at(col)) } else { 0.0 };
            }
        }
        Ok(())
    }

    /// Where pixel (r, c) goes in quarter turns counterclockwise, odd ones of square images only.
    #[inline(always)]
    fn turned(&self, r: usize, c: usize, quarters: u8) -> usize {
        let (up, left) = (self.rows - 1 - r, self.cols - 1 - c);
        let (row, col) = match quarters {
            0 => (r, c),
            1 => (left, r),
            2 => (up, left),
            _ => (c, up),
        };
        row * self.cols + col
    }

    /// Writes the image resampled to `rows` × `cols` pixels into `out` (row-major), corner pixels on
    /// corner pixels: `scipy.ndimage.zoom(image, (rows / H, cols / W))` with its defaults, order 3.
    ///
    /// An axis of one pixel, before or after, reads the first sample. Where scipy's own rounding puts
    /// the last position outside the image, its last row or column is zero (8 → 26, 28 → 14); here it
    /// is always the last sample.
    ///
    /// ```
    /// use orbit_kernels_core::image::Spline;
    /// let mut large = [0.0; 9];
    /// Spline::from_image(&[0.0, 1.0, 2.0, 3.0], 2, 2)?.resize_into(3, 3, &mut large)?;
    /// assert!((large[4] - 1.5).abs() < 1e-14);
    /// # Ok::<(), orbit_kernels_core::image::ImageError>(())
    /// ```
    ///
    /// # Errors
    /// [`ImageError::Shape`] when a side is zero or `out` does not hold `rows * cols` values.
    pub fn resize_into(&self, rows: usize, cols: usize, out: &mut [f64]) -> Result<(), ImageError> {
        check_shape(out, rows, cols)?;
        let col_taps: Vec<Tap> = aligned_taps(self.cols, cols).collect();
        for (line, row_tap) in out.chunks_exact_mut(cols).zip(aligned_taps(self.rows, rows)) {
            for (pixel, col_tap) in line.iter_mut().zip(&col_taps) {
                *pixel = self.sample(&row_tap, col_tap);
            }
        }
        Ok(())
    }

    /// The spline's value where the two taps cross: 4 × 4 weighted coefficients, a row of four in two
    /// SIMD registers.
    #[inline(always)]
    fn sample(&self, row: &Tap, col: &Tap) -> f64 {
        let stride = self.cols + BEFORE + AFTER;
        let window = &self.coefficients[row.first * stride + col.first..][..3 * stride + 4];
        let [mut left, mut right] = [f64x2::ZERO; 2];
        for (i, &weight) in row.weights.iter().enumerate() {
            let four = &window[i * stride..][..4];
            left += f64x2::splat(weight) * f64x2::new([four[0], four[1]]);
            right += f64x2::splat(weight) * f64x2::new([four[2], four[3]]);
        }
        let [a, b, c, d] = col.weights;
        (left * f64x2::new([a, b]) + right * f64x2::new([c, d])).reduce_add()
    }
}

/// Subtracts the mean of an image and scales it to unit Euclidean norm, in place; pixels are finite
/// and their squares neither overflow nor vanish (magnitudes from 1e-150 to 1e150).
///
/// ```
/// let mut image = [1.0, 1.0, 3.0, 3.0];
/// orbit_kernels_core::image::center_unit(&mut image)?;
/// assert_eq!(image, [-0.5, -0.5, 0.5, 0.5]);
/// # Ok::<(), orbit_kernels_core::image::ImageError>(())
/// ```
///
/// # Errors
/// [`ImageError::Constant`] when all pixels are equal up to rounding, [`ImageError::Shape`] when there
/// are none. A failed call leaves the image unspecified.
pub fn center_unit(image: &mut [f64]) -> Result<(), ImageError> {
    check_shape(image, 1, image.len())?;
    let count = image.len() as f64;
    let mean = image.iter().sum::<f64>() / count;
    let norm_before = norm(image);
    image.iter_mut().for_each(|pixel| *pixel -= mean);
    let norm = norm(image);
    // The mean of n pixels carries up to n roundings: what is smaller than that is no contrast.
    if norm <= count * f64::EPSILON * norm_before {
        return Err(ImageError::Constant { value: mean });
    }
    image.iter_mut().for_each(|pixel| *pixel /= norm);
    Ok(())
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|v| v * v).sum::<f64>().sqrt()
}

fn check_shape(buffer: &[f64], rows: usize, cols: usize) -> Result<(), ImageError> {
    let len = buffer.len();
    if len == 0 || rows.checked_mul(cols) != Some(len) {
        return Err(ImageError::Shape { rows, cols, len });
    }
    Ok(())
}

/// Four consecutive coefficients of an axis, the first at `first` in padded numbering, with the cubic
/// B-spline's weights.
struct Tap {
    first: usize,
    weights: [f64; 4],
}

impl Tap {
    /// The tap at a position 0 ≤ x ≤ n − 1 in pixels.
    #[inline(always)]
    fn at(position: f64) -> Self {
        let first = position as usize;
        let x = position - first as f64;
        let z = 1.0 - x;
        let weights = [
            z * z * z * (1.0 / 6.0),
            2.0 / 3.0 - x * x * (1.0 - 0.5 * x),
            1.0 / 6.0 + 0.5 * x * (1.0 + x - x * x),
            x * x * x * (1.0 / 6.0),
        ];
        Self { first, weights }
    }
}

/// The taps of `to` positions spread evenly over an axis of `from` pixels, first on first, last on last.
fn aligned_taps(from: usize, to: usize) -> impl Iterator<Item = Tap> {
    let intervals = (to - 1).max(1) as f64;
    (0..to).map(move |i| Tap::at((i * (from - 1)) as f64 / intervals))
}

/// The pixel that a padded index of an axis shows: the axis without padding, reflected about its ends.
fn mirror(padded: usize, n: usize) -> usize {
    let period = (2 * (n - 1)).max(1);
    let index = (padded + period - BEFORE % period) % period;
    index.min(period - index) % n
}

/// The quarter turns (0 … 3) in an angle in degrees, only even ones unless `odd`, and the rest of it,
/// which is exact for angles ≥ 0.
fn whole_turns(degrees: f64, odd: bool) -> (u8, f64) {
    let step = if odd { 90.0 } else { 180.0 };
    let angle = degrees.rem_euclid(360.0);
    let steps = (angle / step).floor();
    (((steps * step / 90.0) as u8) % 4, angle - step * steps)
}

/// (cos, sin) of an angle in degrees, exact at quarter turns.
fn cos_sin(degrees: f64) -> (f64, f64) {
    let quarters = (degrees / 90.0).round();
    let (sin, cos) = (degrees - 90.0 * quarters).to_radians().sin_cos();
    match quarters.rem_euclid(4.0) as u8 {
        0 => (cos, sin),
        1 => (-sin, cos),
        2 => (-cos, -sin),
        _ => (sin, -cos),
    }
}

/// Turns each column of samples, `cols` of them side by side, into B-spline coefficients: one causal
/// and one anticausal first-order recursion, whole rows at a time so that they compile to SIMD.
fn filter_columns(samples: &mut [f64], cols: usize) {
    let last = samples.len() / cols - 1;
    if last == 0 {
        return;
    }
    let mut mix = |to: usize, keep: f64, from: usize, weight: f64| {
        let row = |i: usize| i * cols..(i + 1) * cols;
        let [target, source] = samples.get_disjoint_mut([row(to), row(from)]).expect("two rows");
        for (target, source) in target.iter_mut().zip(source) {
            *target = keep * *target + weight * *source;
        }
    };
    // The causal recursion starts from Σ POLE^k over the endlessly mirrored samples, whose period is
    // 2·last: sample i returns at k = i and 2·last − i, the two ends once.
    let power = |k: usize| POLE.powi(k as i32);
    let series = 1.0 / (1.0 - power(2 * last));
    mix(0, series, last, series * power(last));
    for i in 1..last {
        mix(0, 1.0, i, series * (power(i) + power(2 * last - i)));
    }
    for i in 1..=last {
        mix(i, 1.0, i - 1, POLE);
    }
    let end = GAIN * POLE / (POLE * POLE - 1.0);
    mix(last, end, last - 1, end * POLE);
    for i in (0..last).rev() {
        mix(i, -GAIN * POLE, i + 1, POLE);
    }
}
