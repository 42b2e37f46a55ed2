//! What a sample is between two layers, and how tensors of samples are laid out.

/// A vector, a list of tokens, or an image. Tensors are samples × 1 × 1 × width, samples × 1 × tokens ×
/// width, or samples × channels × rows × columns, the layout in which convolutions are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Vector(usize),
    Tokens { count: usize, width: usize },
    Image { rows: usize, columns: usize, channels: usize },
}

impl Shape {
    /// Numbers of a sample.
    pub fn size(self) -> usize {
        match self {
            Shape::Vector(width) => width,
            Shape::Tokens { count, width } => count * width,
            Shape::Image { rows, columns, channels } => rows * columns * channels,
        }
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Shape::Vector(width) => write!(out, "vectors of {width}"),
            Shape::Tokens { count, width } => write!(out, "{count} tokens of {width}"),
            Shape::Image { rows, columns, channels } => {
                write!(out, "images of {rows} × {columns} × {channels}")
            }
        }
    }
}
