//! The characters of products of cyclic groups.

use super::irreps::{Component, Kind, Member};
use crate::fourier::root;
use faer::complex::Complex;

/// The dual of a product of cyclic groups: frequencies, indexed like the elements.
#[derive(Debug, Clone)]
pub(super) struct Torus {
    orders: Vec<usize>,
    /// The frequencies that are stored: those that don't come after their negatives.
    stored: Vec<usize>,
    /// A multiple of all orders.
    turn: usize,
}

impl Torus {
    pub(super) fn new(orders: &[usize]) -> Torus {
        let order = orders.iter().product();
        let stored = (0..order).filter(|&w| w <= negative(orders, w)).collect();
        let turn = orders.iter().fold(1, |turn, &order| lowest_common_multiple(turn, order));
        Torus { orders: orders.to_vec(), stored, turn }
    }

    /// The stored irreps, and all of them by frequency.
    pub(super) fn layout(&self) -> (Vec<Component>, Vec<Member>) {
        let mut layout = Vec::with_capacity(self.stored.len());
        let mut members =
            vec![Member { irrep: 0, conjugate: false }; self.orders.iter().product::<usize>()];
        let mut offset = 0;
        for (irrep, &w) in self.stored.iter().enumerate() {
            let opposite = negative(&self.orders, w);
            let kind = if opposite == w { Kind::Real } else { Kind::Complex };
            layout.push(Component { offset, degree: 1, kind });
            offset += if kind == Kind::Real { 1 } else { 2 };
            members[opposite] = Member { irrep, conjugate: true };
            members[w] = Member { irrep, conjugate: false };
        }
        (layout, members)
    }

    /// The value of a stored character.
    pub(super) fn character(&self, irrep: usize, element: usize) -> Complex<f64> {
        // Wider than an index may be: a product of two of them is needed.
        let [mut w, mut a, turn] = [self.stored[irrep], element, self.turn].map(|n| n as u64);
        let mut phase = 0;
        for order in self.orders.iter().rev().map(|&order| order as u64) {
            phase = (phase + (w % order) * (a % order) % order * (turn / order)) % turn;
            w /= order;
            a /= order;
        }
        root(phase as usize, self.turn)
    }

    pub(super) fn orders(&self) -> &[usize] {
        &self.orders
    }

    /// The frequencies of the stored irreps.
    pub(super) fn stored(&self) -> &[usize] {
        &self.stored
    }
}

/// The frequency or element −w.
pub(super) fn negative(orders: &[usize], w: usize) -> usize {
    super::digits(orders.iter().copied(), w, 0, |order, w, _| (order - w) % order)
}

fn lowest_common_multiple(a: usize, b: usize) -> usize {
    let (mut divisor, mut rest) = (a, b);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    a / divisor * b
}
