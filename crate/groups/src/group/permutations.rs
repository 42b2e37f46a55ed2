//! Groups of permutations by their elements.

use super::axioms::Table;
use super::{Description, LARGEST, fault, join};
use orbit_kernels_core::error::Result;
use serde_json::json;
use std::collections::HashMap;

/// The table of a group of permutations and the images of the points under each element.
pub(super) fn elements(description: &Description, path: &str) -> Result<(Table, Vec<Vec<u32>>)> {
    match description {
        Description::Permutations(generators) => closure(generators, &join(path, "generators")),
        Description::Alternating { degree } => {
            Ok(tabulated(lexicographic(*degree).into_iter().filter(|p| is_even(p)).collect()))
        }
        Description::Symmetric { degree } => Ok(tabulated(lexicographic(*degree))),
        _ => unreachable!("only groups of permutations come here"),
    }
}

/// The table of a few permutations that are closed under products.
fn tabulated(elements: Vec<Vec<u32>>) -> (Table, Vec<Vec<u32>>) {
    let index: HashMap<&[u32], usize> =
        elements.iter().enumerate().map(|(g, images)| (images.as_slice(), g)).collect();
    let product = |g: usize, h: usize| index[compose(&elements[g], &elements[h]).as_slice()];
    (Table::new(elements.len(), product), elements)
}

/// First `h`, then `g`.
fn compose(g: &[u32], h: &[u32]) -> Vec<u32> {
    h.iter().map(|&x| g[x as usize]).collect()
}

/// All permutations of `0..degree` in lexicographic order.
fn lexicographic(degree: usize) -> Vec<Vec<u32>> {
    let mut all = vec![vec![]];
    for _ in 0..degree {
        let longer = |start: &Vec<u32>| {
            let next = (0..degree as u32).filter(|x| !start.contains(x));
            next.map(|x| [start.as_slice(), &[x]].concat()).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

fn is_even(images: &[u32]) -> bool {
    let inversions = |k: usize| images[k..].iter().filter(|&&x| x < images[k]).count();
    (0..images.len()).map(inversions).sum::<usize>().is_multiple_of(2)
}

/// What the generators generate, breadth first from the identity.
fn closure(generators: &[Vec<usize>], path: &str) -> Result<(Table, Vec<Vec<u32>>)> {
    let generators = checked(generators, path)?;
    let identity: Vec<u32> = (0..generators[0].len() as u32).collect();
    let mut index = HashMap::from([(identity.clone(), 0)]);
    let mut elements = vec![identity];
    // Element times generator, and how each element was found.
    let mut products: Vec<Vec<usize>> = Vec::new();
    let mut origins = vec![(0, 0)];
    while products.len() < elements.len() {
        let at = products.len();
        let mut row = Vec::with_capacity(generators.len());
        for (k, generator) in generators.iter().enumerate() {
            let product = compose(&elements[at], generator);
            row.push(match index.get(&product) {
                Some(&known) => known,
                None => {
                    if elements.len() == LARGEST {
                        let expected = format!("generators of at most {LARGEST} elements");
                        let what = "the group is too large";
                        return Err(fault(path, &json!(LARGEST + 1), &expected, what));
                    }
                    index.insert(product.clone(), elements.len());
                    elements.push(product);
                    origins.push((at, k));
                    elements.len() - 1
                }
            });
        }
        products.push(row);
    }
    // Composing all pairs of permutations would take as many look-ups as there are points for each;
    // g(h's) = (gh')s takes one.
    let order = elements.len();
    let mut table = Vec::with_capacity(order * order);
    for g in 0..order {
        table.push(g as u16);
        for &(before, generator) in &origins[1..] {
            let product = usize::from(table[g * order + before]);
            table.push(products[product][generator] as u16);
        }
    }
    Ok((Table::of(order, table), elements))
}

fn checked(generators: &[Vec<usize>], path: &str) -> Result<Vec<Vec<u32>>> {
    let Some(first) = generators.first() else {
        return Err(fault(path, &json!([]), "at least one permutation", "no generators"));
    };
    let degree = first.len();
    for (k, generator) in generators.iter().enumerate() {
        let place = format!("{path}[{k}]");
        if generator.is_empty() || generator.len() != degree {
            let expected = match degree {
                0 => "at least one point".to_string(),
                degree => format!("{degree} points, as in the first generator"),
            };
            let what = "wrong number of points";
            return Err(fault(&place, &json!(generator.len()), &expected, what));
        }
        let mut seen = vec![false; degree];
        for (point, &image) in generator.iter().enumerate() {
            if image >= degree || std::mem::replace(&mut seen[image], true) {
                let expected = format!("each of the points 0 to {} once", degree - 1);
                let place = format!("{place}[{point}]");
                return Err(fault(&place, &json!(image), &expected, "not a permutation"));
            }
        }
    }
    let narrow = |generator: &Vec<usize>| generator.iter().map(|&x| x as u32).collect();
    Ok(generators.iter().map(narrow).collect())
}
