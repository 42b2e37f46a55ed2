//! The characters of abelian groups, exactly.

use super::Group;
use super::irreps::{Kind, Matrices};
use crate::fourier::root;
use std::collections::HashSet;

/// The characters of an abelian group, one of each conjugate pair, the trivial one first.
///
/// A character of a subgroup H extends to the subgroup that H and g generate in as many ways as the
/// smallest k with g^k in H: to g it gives any k-th root of its value at g^k. All values are exact
/// multiples of a turn until the end.
pub(super) fn irreps(group: &Group) -> Vec<Matrices> {
    // A multiple of the order of each element, so that values are multiples of 1/order turns.
    let order = group.order();
    let mut members = vec![group.identity()];
    let mut reached = vec![false; order];
    reached[members[0]] = true;
    let mut characters: Vec<Vec<u16>> = vec![vec![0]];
    for &g in group.generators() {
        let mut powers = vec![group.identity()];
        let mut power = g;
        while !reached[power] {
            powers.push(power);
            power = group.product(power, g);
        }
        let k = powers.len();
        let place = members.iter().position(|&member| member == power).unwrap_or_default();
        let extended = |character: &Vec<u16>| {
            let value = usize::from(character[place]);
            let extension = |choice: usize| {
                let step = (value + order * choice) / k;
                let shifted = |j: usize| {
                    character.iter().map(move |&h| ((usize::from(h) + j * step) % order) as u16)
                };
                (0..k).flat_map(shifted).collect::<Vec<u16>>()
            };
            (0..k).map(extension).collect::<Vec<_>>()
        };
        characters = characters.iter().flat_map(extended).collect();
        let products = |&power: &usize| members.iter().map(move |&h| group.product(h, power));
        members = powers.iter().flat_map(products).collect();
        members.iter().for_each(|&member| reached[member] = true);
    }
    let mut stored = Vec::new();
    // What a character and its conjugate are at the generators tells which is which.
    let places: Vec<usize> = group
        .generators()
        .iter()
        .filter_map(|g| members.iter().position(|member| member == g))
        .collect();
    let mut seen: HashSet<Vec<u16>> = HashSet::new();
    for character in &characters {
        let key: Vec<u16> = places.iter().map(|&place| character[place]).collect();
        let opposite: Vec<u16> =
            key.iter().map(|&v| ((order - usize::from(v)) % order) as u16).collect();
        if key != opposite && seen.contains(&opposite) {
            continue;
        }
        let kind = if key == opposite { Kind::Real } else { Kind::Complex };
        seen.insert(key);
        let width = if kind == Kind::Real { 1 } else { 2 };
        let mut entries = vec![0.0; order * width];
        for (&member, &value) in members.iter().zip(character) {
            let value = root(value.into(), order);
            entries[member * width..][..width].copy_from_slice(&[value.re, value.im][..width]);
        }
        stored.push(Matrices { degree: 1, kind, entries });
    }
    stored
}
