//! The general matrix product.

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
    let mut out = vec![T::ZERO; rows * columns];
    multiply_into(a, b, false, rows, columns, &mut out);
    out
}

/// Writes `A·B` into `out` (`rows × columns`), `A·Bᵀ` for `B` (`columns × depth`) when `transposed`.
///
/// # Panics
/// When the lengths do not fit together.
pub fn multiply_into<T: Real>(
    a: &[T],
    b: &[T],
    transposed: bool,
    rows: usize,
    columns: usize,
    out: &mut [T],
) {
    let depth = a.len() / rows;
    assert!(a.len() == rows * depth && b.len() == depth * columns && out.len() == rows * columns);
    let (down, right) = if transposed { (1, depth as isize) } else { (columns as isize, 1) };
    // SAFETY: the lengths are those of dense matrices of these shapes, and `out` is not read.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            depth,
            out.as_mut_ptr(),
            1,
            columns as isize,
            false,
            a.as_ptr(),
            1,
            depth as isize,
            b.as_ptr(),
            right,
            down,
            T::ZERO,
            T::ONE,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}
