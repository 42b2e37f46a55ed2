//! Conjugacy classes.

use super::Group;

/// The conjugacy classes of a group, that of the identity first, the others by their first elements.
///
/// ```
/// use orbit_kernels_groups::group::{Classes, Group};
/// let group = Group::parse(r#"{"type":"symmetric","degree":3}"#)?;
/// assert_eq!(Classes::new(&group).sizes, [1, 3, 2]);
/// # Ok::<(), orbit_kernels_core::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Classes {
    /// The class of each element.
    pub of: Vec<usize>,
    /// The first element of each class.
    pub representatives: Vec<usize>,
    /// The number of elements of each class.
    pub sizes: Vec<usize>,
}

impl Classes {
    pub fn new(group: &Group) -> Classes {
        let mut of = vec![usize::MAX; group.order()];
        let (mut representatives, mut sizes) = (Vec::new(), Vec::new());
        let generators: Vec<(usize, usize)> =
            group.generators().iter().map(|&g| (g, group.inverse(g))).collect();
        for start in std::iter::once(group.identity()).chain(0..group.order()) {
            if of[start] != usize::MAX {
                continue;
            }
            let class = sizes.len();
            of[start] = class;
            let mut members = vec![start];
            let mut at = 0;
            while at < members.len() {
                for &(g, inverse) in &generators {
                    let conjugate = group.product(group.product(g, members[at]), inverse);
                    if of[conjugate] == usize::MAX {
                        of[conjugate] = class;
                        members.push(conjugate);
                    }
                }
                at += 1;
            }
            representatives.push(start);
            sizes.push(members.len());
        }
        Classes { of, representatives, sizes }
    }

    /// The number of classes, and of irreps.
    pub fn count(&self) -> usize {
        self.sizes.len()
    }
}
