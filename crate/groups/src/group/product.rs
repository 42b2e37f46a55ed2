//! Products with the matrix of all irreps.

/// Writes `A·B` into `out` (`rows × columns`), `A·Bᵀ` for `B` (`columns × depth`) when `transposed`.
///
/// # Panics
/// When the lengths do not fit together.
pub(super) fn multiply_into(
    a: &[f64],
    b: &[f64],
    transposed: bool,
    rows: usize,
    columns: usize,
    out: &mut [f64],
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
            0.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}
