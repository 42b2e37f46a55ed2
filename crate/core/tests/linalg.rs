//! Products, Cholesky and regression against their definitions.

mod common;

use common::{Random, assert_close};
use orbit_kernels_core::error::Code;
use orbit_kernels_core::linalg::cholesky::{Cholesky, Ridge};
use orbit_kernels_core::linalg::panels::Panels;
use orbit_kernels_core::linalg::product::multiply;
use orbit_kernels_core::real::Real;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn naive_multiply(a: &[f64], b: &[f64], rows: usize, columns: usize) -> Vec<f64> {
    let depth = a.len() / rows;
    let entry =
        |i: usize, j: usize| (0..depth).map(|k| a[i * depth + k] * b[k * columns + j]).sum();
    (0..rows * columns).map(|at| entry(at / columns, at % columns)).collect()
}

fn transpose(a: &[f64], rows: usize) -> Vec<f64> {
    let columns = a.len() / rows;
    (0..a.len()).map(|at| a[at % rows * columns + at / rows]).collect()
}

/// A·Aᵀ + I/10.
fn positive(size: usize, seed: u64) -> Vec<f64> {
    let a = Random::new(seed).vector(size * size);
    let mut gram = naive_multiply(&a, &transpose(&a, size), size, size);
    (0..size).for_each(|i| gram[i * size + i] += 0.1);
    gram
}

/// Rows and columns of a square matrix.
fn part(matrix: &[f64], size: usize, rows: &[usize], columns: &[usize]) -> Vec<f64> {
    rows.iter().flat_map(|i| columns.iter().map(move |j| matrix[i * size + j])).collect()
}

#[test]
fn products_are_sums_of_products() {
    let mut random = Random::new(1);
    for (rows, depth, columns) in [(1, 1, 1), (3, 5, 2), (17, 33, 9), (64, 20, 65), (5, 300, 7)] {
        let (a, b) = (random.vector(rows * depth), random.vector(depth * columns));
        let expected = naive_multiply(&a, &b, rows, columns);
        assert_close(&multiply(&a, &b, rows, columns), &expected, 0.0, 1e-13);
    }
}

/// Rows with rows, in whole panels.
/// A sum over the entries of rows and rows.
type Product<T> = fn(&Panels<T>, &Panels<T>, bool, &mut [T]);
/// What a pair of entries adds to it.
type Term = fn(f64, f64) -> f64;

fn check_panels<T: Real>(rows: usize, columns: usize, depth: usize, tolerance: f64) {
    let mut random = Random::new((rows * columns * depth) as u64);
    let (a, b) = (random.vector(rows * depth), random.vector(columns * depth));
    let pack = |values: &[f64], rows: usize| {
        let mut panels = Panels::<T>::zeros(rows, depth);
        for (i, row) in values.chunks(depth).enumerate() {
            panels.set_row(i, row.iter().map(|&x| T::from_f64(x)));
            assert!(panels.row(i).zip(row).all(|(x, &y)| x == T::from_f64(y)));
        }
        panels
    };
    let (left, right) = (pack(&a, rows), pack(&b, columns));
    let width = right.padded_rows();
    let sums: [(Product<T>, Term); 3] = [
        (Panels::multiply, |x, y| x * y),
        (Panels::square_distances, |x, y| (x - y) * (x - y)),
        (Panels::square_sums, |x, y| (x + y) * (x + y)),
    ];
    for (product, term) in sums {
        let mut out = vec![T::from_f64(f64::NAN); left.padded_rows() * width];
        product(&left, &right, false, &mut out);
        for (i, x) in a.chunks(depth).enumerate() {
            let row: Vec<f64> = out[i * width..][..columns].iter().map(|x| x.to_f64()).collect();
            let sum = |y: &[f64]| x.iter().zip(y).map(|(&x, &y)| term(x, y)).sum();
            let expected: Vec<f64> = b.chunks(depth).map(sum).collect();
            assert_close(&row, &expected, 0.0, tolerance);
        }
        let mut upper = vec![T::from_f64(f64::NAN); left.padded_rows() * left.padded_rows()];
        let mut whole = upper.clone();
        product(&left, &left, true, &mut upper);
        product(&left, &left, false, &mut whole);
        for i in 0..rows {
            for j in i..rows {
                let at = i * left.padded_rows() + j;
                assert!(upper[at] == whole[at], "the upper half has the same bits");
                let mirrored = whole[j * left.padded_rows() + i];
                assert!(whole[at] == mirrored, "the order of a pair does not matter");
            }
        }
    }
}

#[test]
fn panels_combine_rows_with_rows() {
    // Rows and columns with all remainders, depths of one and of several runs.
    for (rows, columns, depth) in [(1, 1, 1), (2, 9, 3), (5, 4, 127), (8, 17, 129), (31, 12, 784)] {
        check_panels::<f64>(rows, columns, depth, 1e-13 * depth as f64);
        check_panels::<f32>(rows, columns, depth, 1e-6 * depth as f64);
    }
}

/// The factor, row-major.
fn rows_of(cholesky: &Cholesky) -> Vec<f64> {
    let size = cholesky.size;
    let mut lower = vec![0.0; size * size];
    for row in 0..size {
        let panel = row / 4;
        for column in 0..=row {
            let value = cholesky.factor[8 * panel * (panel + 1) + 4 * column + row % 4];
            lower[row * size + column] = if row == column { 1.0 / value } else { value };
        }
    }
    lower
}

#[test]
fn the_factor_gives_the_matrix_back() {
    for size in [1, 2, 3, 8, 31, 100] {
        let gram = positive(size, size as u64);
        let cholesky = Cholesky::new(gram.clone(), size, Ridge::Absolute(0.5)).unwrap();
        let lower = rows_of(&cholesky);
        let mut back = naive_multiply(&lower, &transpose(&lower, size), size, size);
        (0..size).for_each(|i| back[i * size + i] -= 0.5);
        assert_close(&back, &gram, 1e-12, 1e-12);
    }
}

/// The factor by its definition, row-major.
fn naive_factor(gram: &[f64], size: usize) -> Vec<f64> {
    let mut factor = vec![0.0; size * size];
    for k in 0..size {
        for i in k..size {
            let products = (0..k).map(|j| factor[i * size + j] * factor[k * size + j]);
            let rest = gram[i * size + k] - products.sum::<f64>();
            factor[i * size + k] = if i == k { rest.sqrt() } else { rest / factor[k * size + k] };
        }
    }
    factor
}

#[test]
fn factors_of_any_size_are_those_of_the_definition() {
    for size in (1..=40).chain([63, 64, 65, 96, 127, 129, 255, 256, 257, 264, 330, 517]) {
        let gram = positive(size, size as u64);
        let cholesky = Cholesky::new(gram.clone(), size, Ridge::Absolute(size as f64)).unwrap();
        let mut ridged = gram;
        (0..size).for_each(|i| ridged[i * size + i] += size as f64);
        assert_close(&rows_of(&cholesky), &naive_factor(&ridged, size), 1e-12, 1e-12);
    }
}

#[test]
fn pivots_are_named_in_any_block() {
    let size = 520;
    for pivot in [0, 7, 8, 63, 64, 255, 256, 400, 519] {
        let mut gram: Vec<f64> =
            (0..size * size).map(|at| if at % (size + 1) == 0 { 1.0 } else { 0.0 }).collect();
        gram[pivot * size + pivot] = -1.0;
        let error = Cholesky::new(gram, size, Ridge::Absolute(0.0)).err().unwrap();
        assert_eq!((error.code, error.index), (Code::Singular, Some(pivot)));
    }
}

#[test]
fn numbers_that_are_not_finite_and_asymmetries_are_named_anywhere() {
    // Whole squares of eight by eight, and rows after them.
    let size = 131;
    let gram = positive(size, 1);
    let fail = |gram: Vec<f64>| Cholesky::new(gram, size, Ridge::Absolute(0.0)).err().unwrap();
    for (row, column) in [(1, 0), (3, 3), (40, 3), (64, 31), (127, 120), (128, 0), (130, 129)] {
        for at in [row * size + column, column * size + row] {
            for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let mut broken = gram.clone();
                broken[at] = value;
                let error = fail(broken);
                assert_eq!((error.code, error.index), (Code::Value, Some(at)));
                assert_eq!(
                    error.message,
                    format!("the Gram holds {value} at {at}: expected finite numbers")
                );
            }
            if row == column {
                continue;
            }
            for gap in [1.0, -1.0, 1e308] {
                let mut broken = gram.clone();
                broken[at] += gap;
                let error = fail(broken);
                assert_eq!((error.code, error.index), (Code::Value, Some(row * size + column)));
            }
        }
    }
    let mut near = gram;
    let largest = near.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    near[40 * size + 3] += 0.9e-8 * largest;
    assert!(Cholesky::new(near.clone(), size, Ridge::Absolute(0.0)).is_ok());
    near[40 * size + 3] += 0.2e-8 * largest;
    assert_eq!(fail(near).index, Some(40 * size + 3));
}

#[test]
fn entries_whose_differences_overflow_are_asymmetric() {
    let gram = vec![1e308, 1e308, -1e308, 1e308];
    let error = Cholesky::new(gram, 2, Ridge::Absolute(0.0)).err().unwrap();
    assert_eq!((error.code, error.index), (Code::Value, Some(2)));
}

#[test]
fn solutions_solve() {
    // One block and several, sums of one run of columns and of two.
    for (size, count) in [(1, 1), (7, 3), (60, 1), (60, 10), (65, 4), (131, 5), (390, 9)] {
        let mut gram = positive(size, 2);
        (0..size).for_each(|i| gram[i * size + i] += size as f64);
        let targets = Random::new(3).vector(size * count);
        let mut solution = targets.clone();
        Cholesky::new(gram.clone(), size, Ridge::Absolute(0.0))
            .unwrap()
            .solve(&mut solution, count);
        assert_close(&naive_multiply(&gram, &solution, size, count), &targets, 0.0, 1e-10);
    }
}

#[test]
fn tiny_and_huge_matrices_have_the_same_solutions() {
    let size = 21;
    let (gram, targets) = (positive(size, 2), Random::new(3).vector(size));
    let solution = |scale: f64| {
        let scaled = gram.iter().map(|x| x * scale).collect();
        let mut right: Vec<f64> = targets.iter().map(|x| x * scale).collect();
        Cholesky::new(scaled, size, Ridge::Absolute(0.0)).unwrap().solve(&mut right, 1);
        right
    };
    // Powers of four, whose roots are exact.
    for exponent in [-500, -150, 150, 500] {
        assert_eq!(solution(4f64.powi(exponent)), solution(1.0));
    }
    // A pivot whose inverse overflows.
    assert!(Cholesky::new(vec![1e-310], 1, Ridge::Absolute(0.0)).is_ok());
}

#[test]
fn inverses_invert() {
    // Right-hand sides of one group and of several.
    for size in [1, 3, 40, 131, 390] {
        let mut gram = positive(size, 4);
        (0..size).for_each(|i| gram[i * size + i] += size as f64);
        let cholesky = Cholesky::new(gram.clone(), size, Ridge::Absolute(0.0)).unwrap();
        let all: Vec<usize> = (0..size).collect();
        let inverse = cholesky.inverse_block(&all);
        let identity: Vec<f64> =
            (0..size * size).map(|at| f64::from(at % (size + 1) == 0)).collect();
        assert_close(&naive_multiply(&gram, &inverse, size, size), &identity, 0.0, 1e-10);
        let diagonal: Vec<f64> = all.iter().map(|i| inverse[i * (size + 1)]).collect();
        assert_close(&cholesky.inverse_diagonal(), &diagonal, 1e-11, 0.0);
        let set = [size / 3, size - 1, size / 2, 0, size / 7];
        let block = cholesky.inverse_block(&set);
        assert_close(&block, &part(&inverse, size, &set, &set), 1e-10, 1e-12);
        for count in [1, 6, 130] {
            let cross = Random::new(5).vector(count * size);
            let products = naive_multiply(&cross, &inverse, count, size);
            let explained: Vec<f64> = (0..count)
                .map(|i| (0..size).map(|k| products[i * size + k] * cross[i * size + k]).sum())
                .collect();
            assert_close(&cholesky.explained(&cross), &explained, 1e-10, 0.0);
        }
    }
}

#[test]
fn leaving_out_is_refitting() {
    let (size, count) = (25, 2);
    let gram = positive(size, 6);
    let targets = Random::new(7).vector(size * count);
    let ridge = 0.2;
    let cholesky = Cholesky::new(gram.clone(), size, Ridge::Absolute(ridge)).unwrap();
    let mut coefficients = targets.clone();
    cholesky.solve(&mut coefficients, count);
    let columns: Vec<usize> = (0..count).collect();
    for set in [vec![0], vec![24], vec![5, 2], vec![0, 1, 2, 3, 20]] {
        let rest: Vec<usize> = (0..size).filter(|i| !set.contains(i)).collect();
        let known = part(&gram, size, &rest, &rest);
        let mut fit: Vec<f64> =
            rest.iter().flat_map(|i| targets[i * count..][..count].to_vec()).collect();
        Cholesky::new(known, rest.len(), Ridge::Absolute(ridge)).unwrap().solve(&mut fit, count);
        let predicted = naive_multiply(&part(&gram, size, &set, &rest), &fit, set.len(), count);
        let expected: Vec<f64> = set
            .iter()
            .flat_map(|i| columns.iter().map(move |j| i * count + j))
            .zip(&predicted)
            .map(|(at, prediction)| targets[at] - prediction)
            .collect();
        let residuals = cholesky.leave_out(&coefficients, count, &[set]).unwrap();
        assert_close(&residuals, &expected, 1e-9, 1e-11);
    }
}

#[test]
fn ridges_resolve() {
    assert_eq!(Ridge::Absolute(0.5).resolve(8.0, 4), Ok(0.5));
    assert_eq!(Ridge::MeanDiagonal(0.5).resolve(8.0, 4), Ok(1.0));
    assert_eq!(Ridge::Trace(0.5).resolve(8.0, 4), Ok(4.0));
    for stated in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(Ridge::Trace(stated).resolve(8.0, 4).unwrap_err().code, Code::Ridge);
    }
}

#[test]
fn singular_matrices_name_their_pivot() {
    let fail = |gram: &[f64], size| {
        Cholesky::new(gram.to_vec(), size, Ridge::Absolute(0.0)).err().unwrap()
    };
    for (gram, pivot) in [
        (vec![1.0, 2.0, 2.0, 1.0], 1),
        (vec![0.0, 0.0, 0.0, 1.0], 0),
        (vec![2.0, 1.0, 1.0, 1.0, 2.0, 2.0, 1.0, 2.0, 2.0], 2),
    ] {
        let error = fail(&gram, if gram.len() == 4 { 2 } else { 3 });
        assert_eq!((error.code, error.index), (Code::Singular, Some(pivot)));
    }
    // Rank 20 of 30: whatever sign rounding gives to the pivots after the 20th.
    let a = Random::new(8).vector(30 * 20);
    let error = fail(&naive_multiply(&a, &transpose(&a, 30), 30, 30), 30);
    assert!(error.code == Code::Singular && error.index >= Some(20), "{error:?}");
    assert_eq!(fail(&[1.0, f64::NAN, 0.0, 1.0], 2).code, Code::Value);
    assert_eq!(fail(&[1.0, 0.5, 0.4, 1.0], 2).index, Some(2));
}
