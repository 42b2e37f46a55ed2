//! Product tables, and the check that they are those of groups.

use super::{LARGEST, fault, join};
use orbit_kernels_core::error::Result;
use serde_json::{Value, json};

/// A group by its products.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// `order × order`, row-major.
    products: Vec<u16>,
    inverses: Vec<u16>,
    identity: usize,
    generators: Vec<usize>,
}

impl Table {
    /// The table of a law that is known to be a group's.
    pub(super) fn new(order: usize, product: impl Fn(usize, usize) -> usize) -> Table {
        let pairs = 0..order * order;
        Table::of(order, pairs.map(|at| product(at / order, at % order) as u16).collect())
    }

    /// The table of products, row-major, that are known to be a group's.
    pub(super) fn of(order: usize, products: Vec<u16>) -> Table {
        let idempotent = |&g: &usize| usize::from(products[g * order + g]) == g;
        let identity = (0..order).find(idempotent).expect("a group has an identity");
        let mut inverses = vec![0; order];
        for (at, &product) in products.iter().enumerate() {
            if usize::from(product) == identity {
                inverses[at / order] = (at % order) as u16;
            }
        }
        let generators = generators(&products, order, identity);
        Table { products, inverses, identity, generators }
    }

    /// A table that a user gave.
    ///
    /// Errors: code `group` when it is not square, when an entry is out of range, when an identity or
    /// an inverse is missing, when three elements are not associative (they are the `value`).
    pub(super) fn checked(rows: &[Vec<usize>], path: &str) -> Result<Table> {
        let path = join(path, "table");
        let order = rows.len();
        if order == 0 || order > LARGEST {
            let expected = format!("1 to {LARGEST} rows");
            return Err(fault(&path, &json!(order), &expected, "wrong number of rows"));
        }
        for (g, row) in rows.iter().enumerate() {
            if row.len() != order {
                let expected = format!("{order} entries, as many as rows");
                let place = format!("{path}[{g}]");
                return Err(fault(&place, &json!(row.len()), &expected, "the table is not square"));
            }
            if let Some(h) = row.iter().position(|&product| product >= order) {
                let expected = format!("an element, 0 to {}", order - 1);
                let place = format!("{path}[{g}][{h}]");
                return Err(fault(&place, &json!(row[h]), &expected, "not an element"));
            }
        }
        let neutral = |&e: &usize| (0..order).all(|g| rows[e][g] == g && rows[g][e] == g);
        let Some(identity) = (0..order).find(neutral) else {
            let expected = "an element e with eg = ge = g for all g";
            return Err(fault(&path, &Value::Null, expected, "no identity"));
        };
        let inverts = |g: usize, h: usize| rows[g][h] == identity && rows[h][g] == identity;
        for g in 0..order {
            if !(0..order).any(|h| inverts(g, h)) {
                let expected = format!("an element h with gh = hg = {identity}, the identity");
                let what = "an element has no inverse";
                return Err(fault(&format!("{path}[{g}]"), &json!(g), &expected, what));
            }
        }
        let products: Vec<u16> = rows.iter().flatten().map(|&product| product as u16).collect();
        if let Some([x, a, y]) = not_associative(&products, order, identity) {
            let (left, right) = (rows[rows[x][a]][y], rows[x][rows[a][y]]);
            let expected = "(xa)y = x(ay) for all elements x, a, y";
            let what = format!("not associative: ({x}·{a})·{y} = {left}, {x}·({a}·{y}) = {right}");
            return Err(fault(&path, &json!([x, a, y]), expected, &what));
        }
        Ok(Table::of(order, products))
    }

    pub(super) fn order(&self) -> usize {
        self.inverses.len()
    }

    pub(super) fn identity(&self) -> usize {
        self.identity
    }

    pub(super) fn generators(&self) -> &[usize] {
        &self.generators
    }

    pub(super) fn product(&self, g: usize, h: usize) -> usize {
        self.products[g * self.inverses.len() + h].into()
    }

    pub(super) fn inverse(&self, g: usize) -> usize {
        self.inverses[g].into()
    }
}

/// The first elements, in order, none of which the ones before it generate.
fn generators(products: &[u16], order: usize, identity: usize) -> Vec<usize> {
    let mut generators = Vec::new();
    let mut reached = vec![false; order];
    reached[identity] = true;
    let mut members = vec![identity];
    for g in 0..order {
        if reached[g] {
            continue;
        }
        generators.push(g);
        let mut at = 0;
        while at < members.len() {
            for &generator in &generators {
                let product = usize::from(products[members[at] * order + generator]);
                if !reached[product] {
                    reached[product] = true;
                    members.push(product);
                }
            }
            at += 1;
        }
    }
    generators
}

/// Three elements with (xa)y ≠ x(ay).
///
/// Light's test: the middle elements for which all x and y agree are closed under products, so that
/// generators suffice. Source: A. H. Clifford, G. B. Preston, "The Algebraic Theory of Semigroups",
/// 1961, section 1.2.
fn not_associative(products: &[u16], order: usize, identity: usize) -> Option<[usize; 3]> {
    let product = |g: usize, h: usize| usize::from(products[g * order + h]);
    for a in generators(products, order, identity) {
        for x in 0..order {
            let xa = product(x, a);
            for y in 0..order {
                if product(xa, y) != product(x, product(a, y)) {
                    return Some([x, a, y]);
                }
            }
        }
    }
    None
}
