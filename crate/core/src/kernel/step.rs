//! What networks are made of: maps of the covariances of a pair of inputs, one after the other.

use super::conv::window::Window;

/// One map; `acute` says that before it no pair can be obtuse any more, so β is not needed.
#[derive(Debug, Clone, PartialEq)]
pub struct Step<Linear> {
    pub map: Map<Linear>,
    pub acute: bool,
    /// Where the layer stands in the network, `layers[2].layers[0]`.
    pub path: String,
}

/// A map of the covariances of vectors (`Linear` is `Affine`) or of images (`Spatial`).
#[derive(Debug, Clone, PartialEq)]
pub enum Map<Linear> {
    Linear(Linear),
    /// `a·min(x, 0) + b·max(x, 0)` in the form `gain = (a² + b²)/2`, `ratio = (b − a)²/(a² + b²)`: a
    /// mixture of ReLU and the identity, `ratio : 1 − ratio`, after which variances are `gain·q`.
    Rectifier {
        ratio: f64,
        gain: f64,
    },
    /// `a·erf(b·x)`.
    Erf {
        a: f64,
        b: f64,
    },
    /// Adds a constant of this square to each feature; nothing of it is trained.
    Constant {
        square: f64,
    },
    /// Divides by `√(q + eps)`, q averaged over rows and columns of images where `over` says so.
    Normalize {
        over: [bool; 2],
        eps: f64,
    },
    /// Independent noise in each input: all variances are divided by `keep`, covariances are not.
    Dropout {
        keep: f64,
    },
    /// Independent branches, added.
    Branches(Vec<Vec<Step<Linear>>>),
}

/// A dense layer: variances `q ← weight·q + bias`; the NTK gets the layer's own NNGP.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine {
    pub weight: f64,
    pub bias: f64,
}

/// A layer that joins neighbouring locations.
#[derive(Debug, Clone, PartialEq)]
pub enum Spatial {
    /// Variances `q ← weight·mean q + bias` over windows; the NTK gets the layer's own NNGP.
    Conv { window: Window, weight: f64, bias: f64 },
    /// A sum over windows of both inputs independently.
    Pool { window: Window, share: Share },
}

/// What each location of a pool's window counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    One,
    /// One over the window's size.
    OfWindow,
    /// One over what of the window is inside the image.
    OfInside,
}

/// Whether no pair is obtuse after some steps, by whether none is before them.
pub fn acute_after<Linear>(steps: &[Step<Linear>], acute: bool) -> bool {
    steps.iter().fold(acute, |acute, step| match &step.map {
        Map::Rectifier { ratio, .. } => acute || *ratio >= 1.0,
        Map::Branches(branches) => branches.iter().all(|branch| acute_after(branch, acute)),
        _ => acute,
    })
}
