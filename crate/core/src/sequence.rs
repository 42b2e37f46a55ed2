//! The order in which the layers of a network run, with the path of each.

use crate::error::{Code, Error, Result};
use crate::network::Layer;

/// A layer that is no list of others, and its path.
pub type Placed<'a> = (&'a Layer, String);

/// What runs as one: a layer, or the branches between a fan-out and its sum.
pub enum Part<'a> {
    Leaf(&'a Layer, &'a str),
    Branches(Branches<'a>),
}

/// Branches side by side, and the path of their sum.
pub struct Branches<'a> {
    layers: &'a [Layer],
    pub path: &'a str,
    pub sum_path: &'a str,
}

impl<'a> Branches<'a> {
    /// Each branch with its path.
    pub fn iter(&self) -> impl Iterator<Item = Placed<'a>> {
        let path = self.path;
        self.layers.iter().enumerate().map(move |(k, layer)| (layer, entry(path, k)))
    }
}

/// The layers of nested serials in a row.
pub fn flat<'a>(layer: &'a Layer, path: &str) -> Vec<Placed<'a>> {
    match layer {
        Layer::Serial(layers) => {
            let all = layers.iter().enumerate();
            all.flat_map(|(k, layer)| flat(layer, &entry(path, k))).collect()
        }
        layer => vec![(layer, path.to_string())],
    }
}

/// All layers that are no list of others, those of branches too.
pub fn leaves<'a>(layer: &'a Layer, path: &str) -> Vec<Placed<'a>> {
    match layer {
        Layer::Serial(layers) | Layer::Parallel(layers) => {
            let all = layers.iter().enumerate();
            all.flat_map(|(k, layer)| leaves(layer, &entry(path, k))).collect()
        }
        layer => vec![(layer, path.to_string())],
    }
}

/// Joins each fan-out with its branches and their sum.
///
/// Errors: code `network`, with the path of a branch layer without the others.
pub fn parts<'a>(layers: &'a [Placed<'a>]) -> Result<Vec<Part<'a>>> {
    let mut parts = Vec::new();
    let mut rest = layers;
    while let [(layer, path), after @ ..] = rest {
        rest = after;
        parts.push(match layer {
            Layer::FanOut { count } => {
                let [(Layer::Parallel(branches), path_of_all), (Layer::FanInSum, sum_path), ..] =
                    after
                else {
                    let expected = "a parallel layer and a fan-in after fanOut";
                    let path = after.first().map_or(path, |(_, path)| path);
                    return Err(misfit(path, "fanOut stands alone", expected));
                };
                if branches.len() as u64 != *count {
                    let what = format!("parallel has {} branches", branches.len());
                    return Err(misfit(
                        path_of_all,
                        &what,
                        &format!("{count}, as its fanOut says"),
                    ));
                }
                rest = &after[2..];
                Part::Branches(Branches { layers: branches, path: path_of_all, sum_path })
            }
            Layer::Parallel(_) | Layer::FanInSum => {
                let expected = "fanOut, parallel and a fan-in in this order";
                return Err(misfit(path, "a branch without its beginning", expected));
            }
            layer => Part::Leaf(layer, path),
        });
    }
    Ok(parts)
}

/// The path of an entry of a list of layers.
fn entry(path: &str, index: usize) -> String {
    let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
    format!("{prefix}layers[{index}]")
}

/// A layer that does not fit where it stands.
pub fn misfit(path: &str, what: &str, expected: &str) -> Error {
    Error::new(Code::Network, format!("{path}: {what}: expected {expected}"))
        .at(path)
        .expected(expected)
}
