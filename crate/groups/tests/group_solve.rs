//! Regression on orbits, block by block, against regression with the whole Gram.

#[path = "../../core/tests/common/mod.rs"]
mod common;
#[path = "group/groups.rs"]
mod groups;

use common::{Random, assert_close};
use groups::{group, others, product, tori};
use orbit_kernels_core::error::Code;
use orbit_kernels_core::linalg::cholesky::{Cholesky, Ridge};
use orbit_kernels_groups::group::{Group, Orbits};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// Seeds as functions on the group with several channels, moved by `(h·x)(v) = x(h^-1 v)`: a faithful
/// action, whose linear kernel is invariant and positive definite.
struct Seeds<'a> {
    group: &'a Group,
    values: Vec<Vec<f64>>,
    stabilizers: Vec<Vec<usize>>,
}

/// The subgroup that one element generates.
fn generated(group: &Group, g: usize) -> Vec<usize> {
    let mut members = vec![group.identity()];
    while group.product(members[members.len() - 1], g) != group.identity() {
        members.push(group.product(members[members.len() - 1], g));
    }
    members
}

impl<'a> Seeds<'a> {
    /// Seeds that are fixed by the subgroups of these elements.
    fn new(group: &'a Group, fixed_by: &[usize], random: &mut Random) -> Self {
        let order = group.order();
        let channels = fixed_by.len() + 1;
        let stabilizers: Vec<Vec<usize>> = fixed_by.iter().map(|&g| generated(group, g)).collect();
        let value = |members: &Vec<usize>| {
            let raw = random.vector(channels * order);
            let averaged = |at: usize| {
                let (channel, v) = (at / order, at % order);
                let moved = |&h: &usize| raw[channel * order + group.product(h, v)];
                members.iter().map(moved).sum::<f64>() / (members.len() as f64).sqrt()
            };
            (0..channels * order).map(averaged).collect()
        };
        let values = stabilizers.iter().map(value).collect();
        Seeds { group, values, stabilizers }
    }

    fn count(&self) -> usize {
        self.values.len()
    }

    fn kernel(&self, a: usize, b: usize) -> Vec<f64> {
        let order = self.group.order();
        let product = |u: usize| {
            let inverse = self.group.inverse(u);
            let moved = |at: usize| at / order * order + self.group.product(inverse, at % order);
            let numbers = self.values[a].iter().enumerate();
            numbers.map(|(at, x)| x * self.values[b][moved(at)]).sum::<f64>() / order as f64
        };
        (0..order).map(product).collect()
    }

    /// One of each element that gives a point of its own.
    fn points(&self) -> Vec<(usize, usize)> {
        let mut points = Vec::new();
        for (a, members) in self.stabilizers.iter().enumerate() {
            let first = |&g: &usize| members.iter().all(|&h| self.group.product(g, h) >= g);
            points.extend((0..self.group.order()).filter(first).map(|g| (a, g)));
        }
        points
    }

    /// For each point of an orbit, which is one of `points`.
    fn place(&self, points: &[(usize, usize)], a: usize, g: usize) -> usize {
        let members = self.stabilizers[a].iter();
        let first = members.map(|&h| self.group.product(g, h)).min().unwrap();
        points.iter().position(|&point| point == (a, first)).unwrap()
    }
}

/// Sorts the packed parts of runs of irreps into one.
fn blocks(orbits: &Orbits, k: &[f64], own: &[f64], ridge: f64, y: &[f64], count: usize) -> Whole {
    let (seeds, irreps) = (orbits.seeds(), orbits.fourier().layout().len());
    let (spectra, targets) = (orbits.spectra(k), orbits.spectra(y));
    let mut whole = Whole::default();
    // In two runs, to see that they do not depend on each other.
    for run in [0..irreps / 2, irreps / 2..irreps].into_iter().filter(|run| !run.is_empty()) {
        let layout = orbits.fourier().layout();
        let (start, last) = (layout[run.start].offset, layout[run.end - 1]);
        let part = |rows: usize| start * rows..(last.offset + last.length()) * rows;
        let spectra = spectra[part(seeds * (seeds + 1) / 2)].to_vec();
        let targets = &targets[part(seeds * count)];
        let fit = orbits.fit(run, spectra, own, ridge, targets, count).unwrap();
        whole.factors.extend(fit.factors);
        whole.coefficients.extend(fit.coefficients);
        whole.diagonal.extend(fit.diagonal);
    }
    whole.coefficients = orbits.functions(&whole.coefficients);
    whole.diagonal = orbits.functions(&whole.diagonal);
    whole
}

#[derive(Default)]
struct Whole {
    factors: Vec<f64>,
    /// `seeds × count × order`
    coefficients: Vec<f64>,
    /// `seeds × order`
    diagonal: Vec<f64>,
}

/// The condition of a Gram in the maximum norm.
fn condition(gram: &[f64], inverse: &[f64], size: usize) -> f64 {
    let norm = |matrix: &[f64]| {
        let sums = matrix.chunks(size).map(|row| row.iter().map(|x| x.abs()).sum::<f64>());
        sums.fold(0.0, f64::max)
    };
    norm(gram) * norm(inverse)
}

/// The largest difference in units of the largest number.
#[track_caller]
fn assert_near(actual: &[f64], expected: &[f64], what: &str) {
    assert_eq!(actual.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(0f64, |largest, x| largest.max(x.abs()));
    for (a, b) in actual.iter().zip(expected) {
        assert!((a - b).abs() <= 1e-8 * largest, "{what}: {a} instead of {b} of {largest}");
    }
}

/// All quantities of a regression with the whole Gram, with condition numbers below 1e6.
fn compare(text: &str, seeds: &Seeds, ridge: f64, random: &mut Random) {
    let group = seeds.group;
    let (order, m, count) = (group.order(), seeds.count(), 2);
    let points = seeds.points();
    let n = points.len();
    let kernels: Vec<Vec<f64>> = (0..m * m).map(|at| seeds.kernel(at / m, at % m)).collect();
    let entry = |(a, g): (usize, usize), (b, h): (usize, usize)| {
        kernels[a * m + b][group.product(group.inverse(g), h)]
    };
    let gram: Vec<f64> = (0..n * n).map(|at| entry(points[at / n], points[at % n])).collect();
    let direct = Cholesky::new(gram.clone(), n, Ridge::Absolute(ridge)).unwrap();
    let all: Vec<usize> = (0..n).collect();
    let inverse = direct.inverse_block(&all);
    let condition = condition(&gram, &inverse, n);
    assert!(condition < 1e6, "{text}: {condition:e}");

    let orbits = Orbits::new(group, m, &seeds.stabilizers).unwrap();
    let pairs: Vec<(usize, usize)> = (0..m).flat_map(|a| (a..m).map(move |b| (a, b))).collect();
    let own: Vec<f64> = (0..m).map(|a| kernels[a * m + a][group.identity()]).collect();
    for &(a, b) in &pairs {
        orbits.check(a, b, &kernels[a * m + b], own[a].max(own[b])).unwrap();
    }
    let k: Vec<f64> = pairs.iter().flat_map(|&(a, b)| kernels[a * m + b].clone()).collect();
    let targets = random.vector(n * count);
    let lifted = |values: &[f64], count: usize| -> Vec<f64> {
        let place = |at: usize| {
            let (a, column, g) = (at / order / count, at / order % count, at % order);
            values[seeds.place(&points, a, g) * count + column]
        };
        (0..m * count * order).map(place).collect()
    };
    let whole = blocks(&orbits, &k, &own, ridge, &lifted(&targets, count), count);

    let mut coefficients = targets.clone();
    direct.solve(&mut coefficients, count);
    assert_near(&whole.coefficients, &lifted(&coefficients, count), text);

    // The rows of the identity in the diagonal blocks.
    let within = |at: usize| {
        let (a, u) = (at / order, at % order);
        let (i, j) = (seeds.place(&points, a, group.identity()), seeds.place(&points, a, u));
        inverse[i * n + j]
    };
    let expected: Vec<f64> = (0..m * order).map(within).collect();
    assert_near(&whole.diagonal, &expected, text);

    // Single points, pairs in one and in two orbits, a few more.
    let every: Vec<usize> = (0..n).collect();
    let mut sets: Vec<Vec<usize>> = every.iter().map(|&i| vec![i]).collect();
    sets.push(every.iter().copied().step_by(n.div_ceil(5)).collect());
    sets.push(every[..n.min(3)].to_vec());
    let direct_residuals = direct.leave_out(&coefficients, count, &sets).unwrap();
    let irreps = orbits.fourier().layout().len();
    let columns = orbits.inverse(0..irreps, &whole.factors, &pairs);
    let members: Vec<(usize, usize)> = sets.iter().flatten().map(|&i| points[i]).collect();
    let row = |&(a, g): &(usize, usize)| {
        let coefficients = &whole.coefficients;
        (0..count).map(move |c| coefficients[(a * count + c) * order + g])
    };
    let rows: Vec<f64> = members.iter().flat_map(row).collect();
    let sizes: Vec<usize> = sets.iter().map(Vec::len).collect();
    let left_out = orbits.leave_out(&columns, &pairs, &members, &sizes, &rows, count).unwrap();
    assert_near(&left_out, &direct_residuals, text);

    // What knowing the data takes off the variance of two other points.
    let cross = random.vector(2 * n);
    let functions: Vec<f64> = cross.chunks(n).flat_map(|row| lifted(row, 1)).collect();
    let explained = orbits.explained(0..irreps, &whole.factors, &orbits.spectra(&functions), 2);
    assert_near(&explained, &direct.explained(&cross), text);

    // The closed form for targets that are the same on each orbit.
    let constant = random.vector(m);
    let spread: Vec<f64> = constant.iter().flat_map(|&t| vec![t; order]).collect();
    let solved = blocks(&orbits, &k, &own, ridge, &spread, 1);
    let mut direct_solved: Vec<f64> = points.iter().map(|&(a, _)| constant[a]).collect();
    direct.solve(&mut direct_solved, 1);
    for a in 0..m {
        let i = seeds.place(&points, a, group.identity());
        let at = a * order + group.identity();
        let formula = solved.coefficients[at] / solved.diagonal[at];
        assert_close(&[formula], &[direct_solved[i] / inverse[i * n + i]], 1e-8, 1e-8);
    }
}

fn free(text: &str, m: usize) {
    let group = group(text);
    let mut random = Random::new(group.order() as u64);
    let seeds = Seeds::new(&group, &vec![group.identity(); m], &mut random);
    for ridge in [0.0, 0.01] {
        compare(text, &seeds, ridge, &mut random);
    }
}

/// Small groups with three seeds, larger ones with fewer.
fn seeds_for(text: &str) -> usize {
    match group(text).order() {
        0..=24 => 3,
        25..=64 => 2,
        _ => 1,
    }
}

#[test]
fn free_orbits_of_tori() {
    for text in tori().iter().filter(|text| group(text).order() <= 30) {
        free(text, seeds_for(text));
    }
}

#[test]
fn free_orbits_of_large_cycles() {
    for text in tori().iter().filter(|text| group(text).order() > 30) {
        free(text, seeds_for(text));
    }
}

#[test]
fn free_orbits_of_other_groups() {
    for text in others().iter().filter(|text| group(text).order() <= 120) {
        free(text, seeds_for(text));
    }
}

#[test]
fn orbits_with_stabilizers() {
    for text in tori().iter().step_by(3).chain(&others()) {
        let group = group(text);
        if group.order() > 120 {
            continue;
        }
        let mut random = Random::new(group.order() as u64);
        let last = group.order() - 1;
        let generators = group.generators();
        let other = generators.last().copied().unwrap_or(group.identity());
        // Three kinds of orbits, one of them free, and a smaller group of each first one.
        let seeds = Seeds::new(&group, &[group.identity(), other, last], &mut random);
        if seeds.points().len() <= 200 {
            for ridge in [0.0, 0.01] {
                compare(text, &seeds, ridge, &mut random);
            }
        }
    }
}

#[test]
fn singular_blocks_are_named() {
    // k is constant: only the trivial irrep has anything.
    let text =
        product(&[r#"{"type":"cyclic","order":3}"#.into(), r#"{"type":"quaternion"}"#.into()]);
    for (text, irrep) in [(r#"{"type":"cyclic","order":5}"#, 1), (text.as_str(), 1)] {
        let group = group(text);
        let orbits = Orbits::new(&group, 1, &[]).unwrap();
        let spectra = orbits.spectra(&vec![1.0; group.order()]);
        let irreps = orbits.fourier().layout().len();
        let error = orbits.fit(0..irreps, spectra.clone(), &[1.0], 0.0, &[], 0).err().unwrap();
        assert_eq!(error.code, Code::Singular);
        assert_eq!(error.path, Some(format!("irreps[{irrep}]")));
        assert_eq!(error.index, Some(0));
        // A ridge helps, and what is rounding error is no pivot.
        assert!(orbits.fit(0..irreps, spectra.clone(), &[1.0], 1e-9, &[], 0).is_ok());
        assert!(orbits.fit(0..irreps, spectra, &[1.0], 1e-18, &[], 0).is_err());
    }
}

#[test]
fn equal_seeds_are_singular() {
    let group = group(r#"{"type":"symmetric","degree":3}"#);
    let mut random = Random::new(1);
    let seeds = Seeds::new(&group, &[0], &mut random);
    let k = seeds.kernel(0, 0);
    let orbits = Orbits::new(&group, 2, &[]).unwrap();
    let spectra = orbits.spectra(&[k.clone(), k.clone(), k.clone()].concat());
    let error = orbits.fit(0..3, spectra, &[k[0], k[0]], 0.0, &[], 0).err().unwrap();
    assert_eq!((error.code, error.index), (Code::Singular, Some(1)));
    assert_eq!(error.path.as_deref(), Some("irreps[0]"));
}

#[test]
fn what_is_no_subgroup_is_refused() {
    let group = group(r#"{"type":"symmetric","degree":3}"#);
    for (members, value) in [
        (vec![], serde_json::json!([])),
        (vec![0, 6], serde_json::json!(6)),
        (vec![0, 1, 1], serde_json::json!(1)),
        (vec![0, 1, 2], serde_json::json!([1, 2])),
        (vec![1], serde_json::json!([1, 1])),
    ] {
        let error = Orbits::new(&group, 2, &[vec![0], members]).err().unwrap();
        assert_eq!((error.code, error.value), (Code::Group, Some(value)));
        assert_eq!(error.path.as_deref(), Some("stabilizers[1]"));
    }
}

#[test]
fn kernels_that_contradict_the_group_are_refused() {
    let group = group(r#"{"type":"cyclic","order":4}"#);
    let orbits = Orbits::new(&group, 2, &[vec![0], vec![0, 2]]).unwrap();
    assert!(orbits.check(0, 0, &[4.0, 1.0, 2.0, 1.0], 4.0).is_ok());
    let error = orbits.check(0, 0, &[4.0, 1.0, 2.0, 1.5], 4.0).unwrap_err();
    assert_eq!((error.code, error.path.as_deref()), (Code::Value, Some("k[0][0][1]")));
    assert!(orbits.check(0, 1, &[1.0, 2.0, 1.0, 2.0], 4.0).is_ok());
    let error = orbits.check(0, 1, &[1.0, 2.0, 1.0, 3.0], 4.0).unwrap_err();
    assert_eq!((error.code, error.path.as_deref()), (Code::Value, Some("k[0][1][1]")));
}
