//! The Fourier transform on groups against its definition.

use crate::common::{Random, assert_close};
use crate::groups::{group, others, product, tori};
use orbit_kernels_groups::fourier::spectrum;
use orbit_kernels_groups::group::{Fourier, Group, Kind, Member};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn naive(fourier: &Fourier, row: &[f64]) -> Vec<f64> {
    let mut packed = vec![0.0; fourier.packed()];
    for (irrep, component) in fourier.layout().iter().enumerate() {
        for (u, value) in row.iter().enumerate() {
            let matrix = fourier.irreps().matrix(irrep, u);
            let place = &mut packed[component.offset..][..component.length()];
            place.iter_mut().zip(matrix).for_each(|(sum, entry)| *sum += value * entry);
        }
    }
    packed
}

fn transform(fourier: &Fourier, values: &[f64], rows: usize) -> Vec<f64> {
    let mut packed = vec![f64::NAN; rows * fourier.packed()];
    fourier.forward(values, &mut packed);
    packed
}

/// Random functions whose transforms are sums, and come back.
fn round_trip(group: &Group, rows: usize, tolerance: f64) -> (Fourier, Vec<f64>, Vec<f64>) {
    let fourier = Fourier::new(group).unwrap();
    let values = Random::new(group.order() as u64).vector(rows * group.order());
    let packed = transform(&fourier, &values, rows);
    let expected: Vec<f64> =
        values.chunks(group.order()).flat_map(|row| naive(&fourier, row)).collect();
    assert_close(&packed, &expected, 0.0, 1e-12);
    let mut back = vec![f64::NAN; values.len()];
    fourier.inverse(&packed, &mut back);
    assert_close(&back, &values, 0.0, tolerance);
    (fourier, values, packed)
}

#[test]
fn transforms_are_sums() {
    for text in tori().iter().chain(&others()) {
        let group = group(text);
        let (fourier, values, packed) = round_trip(&group, 3, 1e-13);

        let energy = |row: &[f64]| row.iter().map(|x| x * x).sum::<f64>();
        let weighted: f64 =
            packed.iter().zip(fourier.weights().iter().cycle()).map(|(x, w)| w * x * x).sum();
        assert_close(&[weighted], &[energy(&values)], 1e-13, 0.0);
    }
}

/// Axes of several passes and of large primes, with more functions than are transformed at once.
#[test]
fn long_axes_are_sums() {
    let cyclic = |order: &usize| format!(r#"{{"type":"cyclic","order":{order}}}"#);
    for orders in [&[8, 16][..], &[32, 4], &[3, 4, 16], &[2, 64], &[131, 2], &[2, 131], &[11, 13]] {
        let group = group(&product(&orders.iter().map(cyclic).collect::<Vec<_>>()));
        round_trip(&group, 2100 / group.order() + 4, 1e-14);
    }
}

/// 1/|G| Σ d Tr[K̂(ρ) ρ(u)^*] over all irreps, conjugates included.
#[test]
fn inverses_are_sums_over_all_irreps() {
    for text in others() {
        let group = group(&text);
        let fourier = Fourier::new(&group).unwrap();
        let row = Random::new(3).vector(group.order());
        let packed = transform(&fourier, &row, 1);
        for (u, value) in row.iter().enumerate() {
            let mut sum = 0.0;
            for &Member { irrep, conjugate } in fourier.irreps().members() {
                let component = fourier.layout()[irrep];
                let matrix = fourier.irreps().matrix(irrep, u);
                let place = &packed[component.offset..][..component.length()];
                let width = component.width();
                for (a, b) in place.chunks(width).zip(matrix.chunks(width)) {
                    // The conjugate irrep has the conjugate transform: the same real part.
                    let product: f64 = a.iter().zip(b).map(|(x, y)| x * y).sum();
                    sum += component.degree as f64 * product;
                }
                assert!(!conjugate || component.kind == Kind::Complex);
            }
            assert!((sum / group.order() as f64 - value).abs() < 1e-12);
        }
    }
}

#[test]
fn packed_rows_are_dense() {
    for text in tori().iter().chain(&others()) {
        let group = group(text);
        let fourier = Fourier::new(&group).unwrap();
        let mut end = 0;
        for component in fourier.layout() {
            assert_eq!(component.offset, end);
            end += component.length();
        }
        assert_eq!(end, fourier.packed());
        let extra = |c: &&orbit_kernels_groups::group::Component| c.kind == Kind::Quaternionic;
        let extra = fourier.layout().iter().filter(extra);
        let extra: usize = extra.map(|component| component.degree * component.degree).sum();
        assert_eq!(fourier.packed(), group.order() + extra);
    }
}

/// Cyclic groups have the conjugate of the discrete Fourier transform; long ones without n × n numbers.
#[test]
fn cyclic_groups_have_the_ordinary_transform() {
    for order in [1, 2, 3, 64, 97, 360, 1000, 2048, 65536] {
        let fourier =
            Fourier::new(&group(&format!(r#"{{"type":"cyclic","order":{order}}}"#))).unwrap();
        let row = Random::new(order as u64).vector(order);
        let complex = spectrum(&row, order);
        let packed = transform(&fourier, &row, 1);
        let entry = |(w, component): (usize, &orbit_kernels_groups::group::Component)| {
            let value = [complex[2 * w], -complex[2 * w + 1]];
            value[..component.width()].to_vec()
        };
        let expected: Vec<f64> = fourier.layout().iter().enumerate().flat_map(entry).collect();
        assert_close(&packed, &expected, 0.0, 1e-11);
        let mut back = vec![f64::NAN; order];
        fourier.inverse(&packed, &mut back);
        assert_close(&back, &row, 0.0, 1e-13);
    }
}

/// K̂K̂' is the transform of the convolution Σ_v k(v) k'(v^-1 u).
#[test]
fn convolutions_become_products() {
    for text in others() {
        let group = group(&text);
        let fourier = Fourier::new(&group).unwrap();
        let order = group.order();
        let mut random = Random::new(5);
        let (a, b) = (random.vector(order), random.vector(order));
        let mut c = vec![0.0; order];
        for (v, u) in (0..order).flat_map(|v| (0..order).map(move |u| (v, u))) {
            c[group.product(v, u)] += a[v] * b[u];
        }
        let [a, b, c] = [a, b, c].map(|row| transform(&fourier, &row, 1));
        for component in fourier.layout() {
            let (d, width) = (component.degree, component.width());
            let entry = |row: &[f64], i: usize, j: usize| {
                let at = component.offset + (i * d + j) * width;
                (row[at], if width == 2 { row[at + 1] } else { 0.0 })
            };
            for (i, j) in (0..d).flat_map(|i| (0..d).map(move |j| (i, j))) {
                let (mut re, mut im) = (0.0, 0.0);
                for k in 0..d {
                    let (x, y) = (entry(&a, i, k), entry(&b, k, j));
                    re += x.0 * y.0 - x.1 * y.1;
                    im += x.0 * y.1 + x.1 * y.0;
                }
                let expected = entry(&c, i, j);
                assert_close(&[re, im], &[expected.0, expected.1], 0.0, 1e-10);
            }
        }
    }
}

#[test]
fn no_rows_are_no_work() {
    for text in [r#"{"type":"cyclic","order":4}"#, r#"{"type":"quaternion"}"#] {
        let fourier = Fourier::new(&group(text)).unwrap();
        fourier.forward(&[], &mut []);
        fourier.inverse(&[], &mut []);
    }
}
