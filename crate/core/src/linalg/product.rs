//! The general matrix product.

use crate::linalg::panels::Panels;
use crate::real::Real;

/// `A·B` for row-major `A` (`rows × depth`) and `B` (`depth × columns`).
///
/// ```
/// use orbit_kernels_core::linalg::product::multiply;
/// assert_eq!(multiply(&[1.0, 2.0], &[3.0, 4.0], 1, 1), [11.0]);
/// ```
///
/// # Panics
/// When the lengths do not fit together.
pub fn multiply<T: Real>(a: &[T], b: &[T], rows: usize, columns: usize) -> Vec<T> {
    let depth = a.len() / rows;
    assert!(a.len() == rows * depth && b.len() == depth * columns);
    let (left, right) = (Panels::from_rows(a, depth), Panels::from_columns(b, columns));
    let width = right.padded_rows();
    let mut out = vec![T::ZERO; left.padded_rows() * width];
    Panels::multiply(&left, &right, false, &mut out);
    if width > columns {
        for row in 1..rows {
            out.copy_within(row * width..row * width + columns, row * columns);
        }
    }
    out.truncate(rows * columns);
    out
}
