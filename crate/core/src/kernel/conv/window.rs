//! Where filters go, and which pairs of locations belong together.
//!
//! Two locations p and q = p + r of two images are a pair of offset r. A filter moves both by the same
//! step, so a layer with stride s takes the pairs of offset r to those of offset s·r before it, whatever
//! the location: all layers can run on the pairs of one offset alone. Rows and columns do not depend on
//! each other, so all this is said of one axis.

use crate::network::Padding;

/// The taps of a filter along one axis, for each output.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taps {
    pub size: usize,
    pub stride: usize,
    /// Inputs before the first that the filter's first position covers.
    pub low: usize,
    pub inputs: usize,
    pub outputs: usize,
    pub padding: Padding,
}

/// The taps along rows and along columns.
pub type Window = [Taps; 2];

/// A place on a ring, without a division: it is hardly ever more than one turn away.
#[inline(always)]
pub fn around(mut place: isize, locations: isize) -> isize {
    while place < 0 {
        place += locations;
    }
    while place >= locations {
        place -= locations;
    }
    place
}

impl Taps {
    /// The taps on `inputs` locations; nothing when a filter that must stay inside is larger.
    pub fn new(size: usize, stride: usize, padding: Padding, inputs: usize) -> Option<Taps> {
        let (outputs, low) = match padding {
            Padding::Valid => (inputs.checked_sub(size)? / stride + 1, 0),
            Padding::Same | Padding::Circular => {
                let outputs = inputs.div_ceil(stride);
                (outputs, ((outputs - 1) * stride + size).saturating_sub(inputs) / 2)
            }
        };
        Some(Taps { size, stride, low, inputs, outputs, padding })
    }

    /// The input under tap `tap` of output `output`; nothing where there are zeros.
    #[inline]
    pub fn input(&self, output: usize, tap: usize) -> Option<usize> {
        let place = (output * self.stride + tap) as isize - self.low as isize;
        match self.padding {
            Padding::Circular => Some(around(place, self.inputs as isize) as usize),
            _ => (0..self.inputs as isize).contains(&place).then_some(place as usize),
        }
    }

    /// The pairs that those of `line` come from; nothing when they are of more than one offset.
    pub fn before(&self, line: &Line) -> Line {
        let offset = line.offset * self.stride as isize;
        match self.padding {
            Padding::Circular => Line::ring(self.inputs, offset),
            _ => Line::segment(self.inputs, offset),
        }
    }

    /// Whether the outputs are themselves a ring: one offset of theirs is one offset of the inputs.
    pub fn keeps_rings(&self) -> bool {
        self.padding == Padding::Circular && self.inputs == self.outputs * self.stride
    }
}

/// The pairs (p, p + offset) of one offset along one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    pub offset: isize,
    /// The first p.
    pub first: usize,
    pub count: usize,
    /// Whether p + offset wraps around.
    pub ring: bool,
}

impl Line {
    /// Pairs that wrap around: as many as there are locations.
    pub fn ring(locations: usize, offset: isize) -> Line {
        let offset = offset.rem_euclid(locations as isize);
        Line { offset, first: 0, count: locations, ring: true }
    }

    /// Pairs that are both inside.
    pub fn segment(locations: usize, offset: isize) -> Line {
        let first = (-offset).max(0) as usize;
        let count = locations - offset.unsigned_abs();
        Line { offset, first, count, ring: false }
    }

    /// All lines of a kind over `locations`.
    pub fn all(locations: usize, ring: bool) -> Vec<Line> {
        let size = locations as isize;
        match ring {
            true => (0..size).map(|offset| Line::ring(locations, offset)).collect(),
            false => (1 - size..size).map(|offset| Line::segment(locations, offset)).collect(),
        }
    }

    /// The line with both locations of each pair exchanged.
    pub fn mirrored(&self, locations: usize) -> Line {
        match self.ring {
            true => Line::ring(locations, -self.offset),
            false => Line::segment(locations, -self.offset),
        }
    }
}

/// The pairs of one offset along rows and columns.
pub type Slice = [Line; 2];
