//! The irreducible representations of a group.

use super::torus::Torus;
use super::{Classes, Description, Group, dihedral, quaternion, splitting, tensor, young};
use faer::complex::Complex;
use orbit_kernels_core::error::Result;

/// What an irrep is over the real numbers (Frobenius and Schur).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Stored as real matrices.
    Real,
    /// Not equivalent to its conjugate, which is not stored.
    Complex,
    /// Equivalent to its conjugate, but not to real matrices.
    Quaternionic,
}

/// Where a stored irrep stands in a packed row: `degree × degree` entries, row-major; one number
/// each when it is real, otherwise real and imaginary part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    pub offset: usize,
    pub degree: usize,
    pub kind: Kind,
}

impl Component {
    /// The irreps that it stands for in sums: 2 for a conjugate pair.
    pub fn multiplicity(&self) -> usize {
        if self.kind == Kind::Complex { 2 } else { 1 }
    }

    /// Numbers of an entry: 1 or 2.
    pub fn width(&self) -> usize {
        if self.kind == Kind::Real { 1 } else { 2 }
    }

    /// Numbers of a matrix.
    pub fn length(&self) -> usize {
        self.degree * self.degree * self.width()
    }
}

/// One of all irreps: a stored one or the conjugate of a stored one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    pub irrep: usize,
    pub conjugate: bool,
}

/// An irrep by its matrices, packed like a [`Component`], one after the other for all elements.
pub(super) struct Matrices {
    pub degree: usize,
    pub kind: Kind,
    pub entries: Vec<f64>,
}

impl Matrices {
    /// Packs complex entries, which have no imaginary parts when the irrep is real.
    pub(super) fn of(degree: usize, kind: Kind, entries: &[Complex<f64>]) -> Matrices {
        let entries = match kind {
            Kind::Real => entries.iter().map(|z| z.re).collect(),
            _ => entries.iter().flat_map(|z| [z.re, z.im]).collect(),
        };
        Matrices { degree, kind, entries }
    }
}

/// All irreps of a group as unitary matrices, the trivial one first, one of each conjugate pair.
///
/// Deterministic. For products of cyclic groups these are the characters `exp(2πi Σ_k w_k a_k/n_k)`
/// with `w` in the order of the elements, computed when asked for; other groups hold
/// `order × packed` numbers.
///
/// ```
/// use orbit_kernels_groups::group::{Group, Irreps};
/// let irreps = Irreps::new(&Group::parse(r#"{"type":"quaternion"}"#)?)?;
/// let degrees: Vec<usize> = irreps.layout().iter().map(|component| component.degree).collect();
/// assert_eq!(degrees, [1, 1, 1, 1, 2]);
/// assert_eq!(irreps.matrix(4, 2), [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0]); // diag(i, −i)
/// # Ok::<(), orbit_kernels_core::error::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Irreps {
    order: usize,
    layout: Vec<Component>,
    members: Vec<Member>,
    source: Source,
}

#[derive(Debug, Clone)]
pub(super) enum Source {
    Torus(Torus),
    /// `order × packed`: all matrices of each element.
    Dense(Vec<f64>),
}

impl Irreps {
    /// Errors: code `group` when the numbers of a large group can't be computed to 12 digits.
    pub fn new(group: &Group) -> Result<Irreps> {
        let matrices = match group.description() {
            _ if group.cyclic_orders().is_some() => {
                let torus = Torus::new(group.cyclic_orders().unwrap_or_default());
                let (layout, members) = torus.layout();
                let source = Source::Torus(torus);
                return Ok(Irreps { order: group.order(), layout, members, source });
            }
            Description::Dihedral { order } => dihedral::irreps(*order),
            Description::Quaternion => quaternion::irreps(),
            Description::Symmetric { degree } => young::irreps(group, *degree),
            Description::Product(_) => tensor::irreps(group)?,
            _ => splitting::irreps(group)?,
        };
        Ok(Irreps::assemble(group.order(), &matrices))
    }

    fn assemble(order: usize, matrices: &[Matrices]) -> Irreps {
        let (mut layout, mut members, mut packed) = (Vec::new(), Vec::new(), 0);
        for (irrep, &Matrices { degree, kind, .. }) in matrices.iter().enumerate() {
            let component = Component { offset: packed, degree, kind };
            packed += component.length();
            layout.push(component);
            members.push(Member { irrep, conjugate: false });
            if kind == Kind::Complex {
                members.push(Member { irrep, conjugate: true });
            }
        }
        let mut table = vec![0.0; order * packed];
        for (component, Matrices { entries, .. }) in layout.iter().zip(matrices) {
            let rows = entries.chunks_exact(component.length());
            for (row, place) in rows.zip(table.chunks_exact_mut(packed)) {
                place[component.offset..][..row.len()].copy_from_slice(row);
            }
        }
        Irreps { order, layout, members, source: Source::Dense(table) }
    }

    /// The number of elements of the group.
    pub fn order(&self) -> usize {
        self.order
    }

    /// The stored irreps and their places in a packed row.
    pub fn layout(&self) -> &[Component] {
        &self.layout
    }

    /// Numbers of a packed row: the order, and `d²` more for each quaternionic irrep of degree d.
    pub fn packed(&self) -> usize {
        self.layout.last().map_or(0, |last| last.offset + last.length())
    }

    /// All irreps, conjugates included: as many as conjugacy classes. For products of cyclic groups in
    /// the order of the elements, otherwise each conjugate after what it is the conjugate of.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Writes `ρ(element)` of a stored irrep, packed as its [`Component`] says.
    ///
    /// # Panics
    /// When `out` has not the component's length.
    pub fn matrix_into(&self, irrep: usize, element: usize, out: &mut [f64]) {
        let component = self.layout[irrep];
        assert_eq!(out.len(), component.length());
        match &self.source {
            Source::Torus(torus) => {
                let value = torus.character(irrep, element);
                out.copy_from_slice(&[value.re, value.im][..out.len()]);
            }
            Source::Dense(table) => {
                let at = element * self.packed() + component.offset;
                out.copy_from_slice(&table[at..][..out.len()]);
            }
        }
    }

    /// `ρ(element)` of a stored irrep, packed as its [`Component`] says.
    pub fn matrix(&self, irrep: usize, element: usize) -> Vec<f64> {
        let mut out = vec![0.0; self.layout[irrep].length()];
        self.matrix_into(irrep, element, &mut out);
        out
    }

    /// `ρ(element)` of any irrep, complex, `degree × degree` row-major.
    pub fn unitary(&self, member: Member, element: usize) -> Vec<Complex<f64>> {
        let packed = self.matrix(member.irrep, element);
        if self.layout[member.irrep].width() == 1 {
            return packed.iter().map(Complex::from).collect();
        }
        let sign = if member.conjugate { -1.0 } else { 1.0 };
        packed.chunks_exact(2).map(|entry| Complex::new(entry[0], sign * entry[1])).collect()
    }

    /// The trace of `ρ(element)`.
    pub fn character(&self, member: Member, element: usize) -> Complex<f64> {
        let degree = self.layout[member.irrep].degree;
        self.unitary(member, element).iter().step_by(degree + 1).sum()
    }

    /// The character table: the members' characters at the representatives of the classes, row-major.
    pub fn characters(&self, classes: &Classes) -> Vec<Complex<f64>> {
        let elements = &classes.representatives;
        let row = |&member: &Member| elements.iter().map(move |&g| self.character(member, g));
        self.members.iter().flat_map(row).collect()
    }

    pub(super) fn source(&self) -> &Source {
        &self.source
    }
}
