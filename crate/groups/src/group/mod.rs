//! Finite groups, their irreducible representations and the Fourier transform on them.
//!
//! A representation ρ maps elements to unitary matrices, `ρ(gh) = ρ(g)ρ(h)`. The transform of a
//! real function `k` on the group is `K̂(ρ) = Σ_u k(u) ρ(u)`, one matrix for each irreducible ρ; it
//! turns the Gram of orbits into small independent blocks. Of two conjugate representations one is
//! stored: real functions have conjugate transforms there.
//!
//! Closed forms serve cyclic and dihedral groups, Q8, symmetric groups and products. All others are
//! decomposed numerically: characters from the class algebra, then matrices from one primitive
//! idempotent of the group algebra each (`splitting`).
//!
//! Source: J.-P. Serre, "Linear Representations of Finite Groups", 1977.

mod abelian;
mod algebra;
mod axioms;
mod blocks;
mod characters;
mod classes;
mod description;
mod dihedral;
mod entry;
mod extension;
mod factor;
mod grid;
mod irreps;
mod krylov;
mod orbits;
mod permutations;
mod product;
mod quaternion;
mod random;
mod regression;
mod splitting;
mod tensor;
mod torus;
mod transform;
mod young;

pub use classes::Classes;
pub use description::Description;
pub use irreps::{Component, Irreps, Kind, Member};
pub use orbits::Orbits;
pub use regression::Fit;
pub use transform::Fourier;

use orbit_kernels_core::error::{Code, Error, Result};
use serde_json::Value;

/// The largest order of a group that is not a product of cyclic ones: its irreps and its product
/// table are arrays of the order squared.
pub const LARGEST: usize = 5040;

/// The largest order of a product of cyclic groups, which needs no such arrays.
pub const LARGEST_ABELIAN: usize = 1 << 20;

/// A finite group whose elements are `0..order()`.
///
/// ```
/// use orbit_kernels_groups::group::Group;
/// let group = Group::parse(r#"{"type":"dihedral","order":4}"#)?;
/// // A reflection undoes itself, and turns rotations around.
/// assert_eq!((group.order(), group.product(4, 4)), (8, group.identity()));
/// assert_eq!(group.product(4, 1), group.product(3, 4));
/// # Ok::<(), orbit_kernels_core::error::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Group {
    description: Description,
    order: usize,
    law: Law,
    generators: Vec<usize>,
    permutations: Vec<Vec<u32>>,
}

/// How two elements are multiplied.
#[derive(Debug, Clone)]
enum Law {
    /// Cyclic factors, the last one fastest.
    Torus(Vec<usize>),
    Dihedral(usize),
    /// Other factors, the last one fastest.
    Product(Vec<Group>),
    Table(axioms::Table),
}

impl Group {
    /// Builds the group that a JSON text describes; [`Description`] lists the types.
    ///
    /// Errors: code `group`, with the path of the offending field (`factors[1].order`), its value
    /// and what was expected.
    pub fn parse(text: &str) -> Result<Group> {
        Group::new(&Description::parse(text)?)
    }

    /// Builds a described group, checking what the description claims.
    ///
    /// Errors: code `group`, as for [`Group::parse`].
    pub fn new(description: &Description) -> Result<Group> {
        Group::at(description, "")
    }

    fn at(description: &Description, path: &str) -> Result<Group> {
        let group = |law: Law, permutations| {
            let (order, generators) = law.measure(path)?;
            Ok(Group { description: description.clone(), order, law, generators, permutations })
        };
        match description {
            Description::Cyclic { order } => group(Law::Torus(vec![*order]), Vec::new()),
            Description::Dihedral { order } => group(Law::Dihedral(*order), Vec::new()),
            Description::Quaternion => group(Law::Table(quaternion::table()), Vec::new()),
            Description::Table(rows) => {
                group(Law::Table(axioms::Table::checked(rows, path)?), Vec::new())
            }
            Description::Symmetric { .. }
            | Description::Alternating { .. }
            | Description::Permutations(_) => {
                let (table, permutations) = permutations::elements(description, path)?;
                group(Law::Table(table), permutations)
            }
            Description::Product(factors) => {
                let place = join(path, "factors");
                if factors.is_empty() {
                    return Err(fault(&place, &Value::Array(vec![]), "at least one", "no factors"));
                }
                let factors = factors.iter().enumerate();
                let factors: Vec<Group> = factors
                    .map(|(k, factor)| Group::at(factor, &format!("{place}[{k}]")))
                    .collect::<Result<_>>()?;
                let orders: Option<Vec<&[usize]>> =
                    factors.iter().map(Group::cyclic_orders).collect();
                let law = match orders {
                    Some(orders) => Law::Torus(orders.concat()),
                    None => Law::Product(factors),
                };
                group(law, Vec::new())
            }
        }
    }

    pub fn description(&self) -> &Description {
        &self.description
    }

    pub fn order(&self) -> usize {
        self.order
    }

    pub fn identity(&self) -> usize {
        match &self.law {
            Law::Torus(_) | Law::Dihedral(_) => 0,
            Law::Product(factors) => mixed(factors, Group::identity),
            Law::Table(table) => table.identity(),
        }
    }

    /// The element `gh`.
    pub fn product(&self, g: usize, h: usize) -> usize {
        match &self.law {
            Law::Torus(orders) => {
                digits(orders.iter().copied(), g, h, |order, a, b| (a + b) % order)
            }
            Law::Dihedral(n) => {
                let turned = if g < *n { h % n } else { n - h % n };
                (g + turned) % n + n * usize::from((g < *n) != (h < *n))
            }
            Law::Product(factors) => {
                let mut rest = factors.iter().rev();
                digits(factors.iter().map(Group::order), g, h, |_, a, b| {
                    rest.next().map_or(0, |factor| factor.product(a, b))
                })
            }
            Law::Table(table) => table.product(g, h),
        }
    }

    /// The element that undoes `g`.
    pub fn inverse(&self, g: usize) -> usize {
        match &self.law {
            Law::Torus(orders) => {
                digits(orders.iter().copied(), g, 0, |order, a, _| (order - a) % order)
            }
            Law::Dihedral(n) => {
                if g < *n {
                    (n - g) % n
                } else {
                    g
                }
            }
            Law::Product(factors) => {
                let mut rest = factors.iter().rev();
                digits(factors.iter().map(Group::order), g, 0, |_, a, _| {
                    rest.next().map_or(0, |factor| factor.inverse(a))
                })
            }
            Law::Table(table) => table.inverse(g),
        }
    }

    /// Elements that generate the group, without the identity; none of the trivial group.
    pub fn generators(&self) -> &[usize] {
        &self.generators
    }

    /// The number of powers of `g`.
    pub fn element_order(&self, g: usize) -> usize {
        let (identity, mut power, mut order) = (self.identity(), g, 1);
        while power != identity {
            power = self.product(power, g);
            order += 1;
        }
        order
    }

    pub fn is_abelian(&self) -> bool {
        let commute = |&g: &usize, &h: &usize| self.product(g, h) == self.product(h, g);
        self.generators.iter().all(|g| self.generators.iter().all(|h| commute(g, h)))
    }

    /// The products of all pairs, `order × order` row-major: entry `(g, h)` is `gh`.
    pub fn table(&self) -> Vec<u32> {
        let pairs = 0..self.order * self.order;
        pairs.map(|at| self.product(at / self.order, at % self.order) as u32).collect()
    }

    /// The orders of the cyclic factors, the last one fastest, of a group described by cyclic groups
    /// alone.
    pub fn cyclic_orders(&self) -> Option<&[usize]> {
        match &self.law {
            Law::Torus(orders) => Some(orders),
            _ => None,
        }
    }

    /// The images of the points `0, 1, …` under `g`, of a group described by permutations
    /// (symmetric, alternating, permutations).
    pub fn permutation(&self, g: usize) -> Option<&[u32]> {
        self.permutations.get(g).map(Vec::as_slice)
    }
}

impl Law {
    /// Order and generators.
    fn measure(&self, path: &str) -> Result<(usize, Vec<usize>)> {
        let (order, largest, generators) = match self {
            Law::Torus(orders) => {
                let order = orders.iter().try_fold(1usize, |a, &b| a.checked_mul(b));
                let unit = |k: usize| orders[k + 1..].iter().product();
                let proper = (0..orders.len()).filter(|&k| orders[k] > 1);
                match order.filter(|&order| order <= LARGEST_ABELIAN) {
                    Some(order) => (Some(order), LARGEST_ABELIAN, proper.map(unit).collect()),
                    None => (order, LARGEST_ABELIAN, vec![]),
                }
            }
            Law::Dihedral(n) => {
                let generators = if *n > 1 { vec![1, *n] } else { vec![1] };
                (n.checked_mul(2), LARGEST, generators)
            }
            Law::Product(factors) => {
                let order = factors.iter().try_fold(1usize, |a, b| a.checked_mul(b.order));
                let mut generators = Vec::new();
                let identity = mixed(factors, Group::identity);
                let mut unit = order.unwrap_or(0);
                for factor in factors {
                    unit /= factor.order;
                    let moved = |&g: &usize| identity + g * unit - factor.identity() * unit;
                    generators.extend(factor.generators.iter().map(moved));
                }
                (order, LARGEST, generators)
            }
            Law::Table(table) => (Some(table.order()), LARGEST, table.generators().to_vec()),
        };
        match order {
            Some(order) if order <= largest => Ok((order, generators)),
            _ => {
                let value = order.map_or(Value::Null, Value::from);
                let expected = format!("a group of at most {largest} elements");
                Err(fault(path, &value, &expected, "the group is too large"))
            }
        }
    }
}

/// The element of a product with the given element of each factor.
fn mixed(factors: &[Group], element: impl Fn(&Group) -> usize) -> usize {
    factors.iter().fold(0, |index, factor| index * factor.order + element(factor))
}

/// Combines two elements of a product digit by digit, last factor first.
fn digits(
    orders: impl DoubleEndedIterator<Item = usize>,
    mut g: usize,
    mut h: usize,
    mut combine: impl FnMut(usize, usize, usize) -> usize,
) -> usize {
    let (mut index, mut unit) = (0, 1);
    for order in orders.rev() {
        index += unit * combine(order, g % order, h % order);
        unit *= order;
        g /= order;
        h /= order;
    }
    index
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_string() } else { format!("{path}.{name}") }
}

fn fault(path: &str, value: &Value, expected: &str, what: &str) -> Error {
    let place = if path.is_empty() { "group" } else { path };
    Error::new(Code::Group, format!("{place}: {what}: got {value}, expected {expected}"))
        .at(path)
        .value(value.clone())
        .expected(expected)
}
