//! Groups: their laws, their classes, and the descriptions that are refused.

use crate::groups::{group, others, product, semidirect, tori};
use orbit_kernels_core::error::Code;
use orbit_kernels_groups::group::{Classes, Description, Group};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn all() -> Vec<Group> {
    tori().iter().chain(&others()).map(|text| group(text)).collect()
}

#[test]
fn the_axioms_hold() {
    for group in all() {
        let (order, identity) = (group.order(), group.identity());
        let table = group.table();
        for g in 0..order {
            assert_eq!((group.product(identity, g), group.product(g, identity)), (g, g));
            assert_eq!(group.product(g, group.inverse(g)), identity);
            assert_eq!(group.product(group.inverse(g), g), identity);
            assert!((0..order).all(|h| table[g * order + h] as usize == group.product(g, h)));
        }
        // Of large groups a part of the triples.
        let step = 1 + order / 30;
        for (g, h, x) in (0..order).step_by(step).flat_map(|g| {
            (0..order).step_by(step).flat_map(move |h| (0..order).map(move |x| (g, h, x)))
        }) {
            let (left, right) = (group.product(g, h), group.product(h, x));
            assert_eq!(group.product(left, x), group.product(g, right));
        }
    }
}

#[test]
fn generators_generate() {
    for group in all() {
        let mut reached = vec![false; group.order()];
        let mut members = vec![group.identity()];
        while let Some(g) = members.pop() {
            if !std::mem::replace(&mut reached[g], true) {
                members.extend(group.generators().iter().map(|&s| group.product(g, s)));
            }
        }
        assert!(reached.iter().all(|&reached| reached), "{}", group.description().canonical());
        assert!(!group.generators().contains(&group.identity()));
        let commute = |g: usize, h: usize| group.product(g, h) == group.product(h, g);
        let pairs = 0..group.order() * group.order();
        let abelian = pairs.into_iter().all(|at| commute(at / group.order(), at % group.order()));
        assert_eq!(group.is_abelian(), abelian);
    }
}

#[test]
fn classes_are_orbits_of_conjugation() {
    for group in all() {
        let classes = Classes::new(&group);
        assert_eq!(classes.representatives[0], group.identity());
        assert_eq!(classes.sizes.iter().sum::<usize>(), group.order());
        for (class, &g) in classes.representatives.iter().enumerate() {
            let mut members: Vec<usize> = (0..group.order())
                .map(|h| group.product(group.product(h, g), group.inverse(h)))
                .collect();
            members.sort_unstable();
            members.dedup();
            let expected: Vec<usize> =
                (0..group.order()).filter(|&h| classes.of[h] == class).collect();
            assert_eq!((members.len(), &members), (classes.sizes[class], &expected));
        }
    }
}

#[test]
fn elements_are_in_the_stated_order() {
    let dihedral = group(r#"{"type":"dihedral","order":5}"#);
    let (r, s) = (1, 5);
    for (a, b) in (0..5).flat_map(|a| (0..2).map(move |b| (a, b))) {
        let turn = (0..a).fold(0, |g, _| dihedral.product(g, r));
        let element = if b == 1 { dihedral.product(turn, s) } else { turn };
        assert_eq!(element, a + 5 * b);
    }
    assert_eq!(dihedral.product(s, r), dihedral.product(4, s));

    let symmetric = group(r#"{"type":"symmetric","degree":4}"#);
    let images = |g: usize| symmetric.permutation(g).unwrap().to_vec();
    assert!((1..24).all(|g| images(g - 1) < images(g)));
    let composed = |g: usize, h: usize| -> Vec<u32> {
        images(h).iter().map(|&x| images(g)[x as usize]).collect()
    };
    assert!((0..24 * 24).all(|at| {
        let (g, h) = (at / 24, at % 24);
        images(symmetric.product(g, h)) == composed(g, h)
    }));
    let alternating = group(r#"{"type":"alternating","degree":4}"#);
    assert_eq!(alternating.order(), 12);
    assert_eq!(alternating.permutation(1), Some([0, 2, 3, 1].as_slice()));

    let quaternion = group(r#"{"type":"quaternion"}"#);
    let (minus, i, j, k) = (1, 2, 4, 6);
    for g in [i, j, k] {
        assert_eq!(quaternion.product(g, g), minus);
    }
    assert_eq!((quaternion.product(i, j), quaternion.product(j, i)), (k, k + 1));

    let factors = [r#"{"type":"cyclic","order":2}"#, r#"{"type":"dihedral","order":3}"#];
    let pairs = group(&product(&factors.map(String::from)));
    // (1, r)·(0, s) = (1, rs).
    assert_eq!((pairs.order(), pairs.product(6 + 1, 3)), (12, 6 + 4));

    let generated = group(r#"{"type":"permutations","generators":[[1,2,0],[1,0,2]]}"#);
    let elements: Vec<&[u32]> = (0..6).map(|g| generated.permutation(g).unwrap()).collect();
    assert_eq!(elements[..3], [[0, 1, 2], [1, 2, 0], [1, 0, 2]]);
    let turn_then = generated.product(1, 2);
    assert_eq!(generated.permutation(turn_then), Some([2, 1, 0].as_slice()));

    let table = group(&semidirect());
    assert_eq!((table.identity(), table.order()), (5, 12));
    assert_eq!((table.element_order(6), table.permutation(0)), (4, None));
}

#[test]
fn canonical_text_is_read_back() {
    for text in tori().iter().chain(&others()) {
        let description = Description::parse(text).unwrap();
        let canonical = description.canonical();
        assert_eq!(Description::parse(&canonical).unwrap(), description);
    }
    let spaced = r#"{ "order": 3, "type": "cyclic" }"#;
    let canonical = Description::parse(spaced).unwrap().canonical();
    assert_eq!(canonical, r#"{"order":3,"type":"cyclic"}"#);
}

#[test]
fn faults_have_a_path() {
    for (text, path) in [
        (r#"[]"#, ""),
        (r#"{}"#, "type"),
        (r#"{"type":"monster"}"#, "type"),
        (r#"{"type":"cyclic"}"#, "order"),
        (r#"{"type":"cyclic","order":0}"#, "order"),
        (r#"{"type":"cyclic","order":2.5}"#, "order"),
        (r#"{"type":"cyclic","order":3,"degree":3}"#, "degree"),
        (r#"{"type":"cyclic","order":2000000}"#, ""),
        (r#"{"type":"dihedral","order":-4}"#, "order"),
        (r#"{"type":"dihedral","order":2521}"#, ""),
        (r#"{"type":"symmetric","degree":6}"#, "degree"),
        (r#"{"type":"alternating","degree":0}"#, "degree"),
        (r#"{"type":"quaternion","order":8}"#, "order"),
        (r#"{"type":"product","factors":{}}"#, "factors"),
        (r#"{"type":"product","factors":[]}"#, "factors"),
        (
            r#"{"type":"product","factors":[{"type":"quaternion"},{"type":"product","factors":[1]}]}"#,
            "factors[1].factors[0]",
        ),
        (
            r#"{"type":"product","factors":[{"type":"dihedral","order":1000},{"type":"quaternion"}]}"#,
            "",
        ),
        (
            r#"{"type":"product","factors":[{"type":"cyclic","order":4000000000},{"type":"cyclic","order":4000000000}]}"#,
            "factors[0]",
        ),
        (r#"{"type":"permutations"}"#, "generators"),
        (r#"{"type":"permutations","generators":[]}"#, "generators"),
        (r#"{"type":"permutations","generators":[[]]}"#, "generators[0]"),
        (r#"{"type":"permutations","generators":[[0,1],[0,"1"]]}"#, "generators[1][1]"),
        (r#"{"type":"permutations","generators":[[0,1],[1,0,2]]}"#, "generators[1]"),
        (r#"{"type":"permutations","generators":[[0,1],[1,1]]}"#, "generators[1][1]"),
        (r#"{"type":"permutations","generators":[[0,2]]}"#, "generators[0][1]"),
        (
            r#"{"type":"permutations","generators":[[1,2,3,4,5,6,7,0],[1,0,2,3,4,5,6,7]]}"#,
            "generators",
        ),
        (r#"{"type":"table","table":[]}"#, "table"),
        (r#"{"type":"table","table":3}"#, "table"),
        (r#"{"type":"table","table":[[0,1],2]}"#, "table[1]"),
        (r#"{"type":"table","table":[[0,1],[1]]}"#, "table[1]"),
        (r#"{"type":"table","table":[[0,1],[1,2]]}"#, "table[1][1]"),
        (r#"{"type":"table","table":[[1,1],[1,1]]}"#, "table"),
        (r#"{"type":"table","table":[[0,1],[1,1]]}"#, "table[1]"),
    ] {
        let error = Group::parse(text).unwrap_err();
        assert_eq!((error.code, error.path.as_deref()), (Code::Group, Some(path)), "{text}");
        assert!(error.expected.is_some() && error.value.is_some());
    }
    assert_eq!(Group::parse("{").unwrap_err().code, Code::Group);
}

#[test]
fn a_triple_shows_what_is_not_associative() {
    // A loop of five elements: identity and inverses, but no group.
    let rows =
        [[0, 1, 2, 3, 4], [1, 0, 3, 4, 2], [2, 4, 0, 1, 3], [3, 2, 4, 0, 1], [4, 3, 1, 2, 0]];
    let text = format!(r#"{{"type":"table","table":{rows:?}}}"#);
    let error = Group::parse(&text).unwrap_err();
    let triple: [usize; 3] = serde_json::from_value(error.value.unwrap()).unwrap();
    let [x, a, y] = triple;
    assert_ne!(rows[rows[x][a]][y], rows[x][rows[a][y]], "{triple:?}");
    assert_eq!((error.code, error.path.as_deref()), (Code::Group, Some("table")));
}
