//! Random small networks on images.

use crate::common::Random;

/// A network under way: the size of its images, and whether a nonlinearity may follow.
pub struct Sketch<'a> {
    random: &'a mut Random,
    grid: [usize; 2],
    padding: &'static str,
    gaussian: bool,
}

const SIZES: [[usize; 2]; 6] = [[1, 1], [2, 2], [3, 1], [3, 3], [1, 3], [5, 5]];
const NONLINEARITIES: [&str; 10] = [
    r#"{"type":"relu"}"#,
    r#"{"type":"relu"}"#,
    r#"{"type":"relu"}"#,
    r#"{"type":"leakyRelu","alpha":0.3}"#,
    r#"{"type":"abRelu","a":-0.4,"b":1.3}"#,
    r#"{"type":"abRelu","a":1.2,"b":0}"#,
    r#"{"type":"abs"}"#,
    r#"{"type":"erf"}"#,
    r#"{"type":"erf","a":1.3,"b":0.7,"c":0.4}"#,
    r#"{"type":"abRelu","a":1,"b":1}"#,
];
const NORMS: [&str; 5] = [
    r#"{"type":"layerNorm"}"#,
    r#"{"type":"layerNorm","axis":[1,2,3],"eps":0.01}"#,
    r#"{"type":"layerNorm","axis":[-1,-2]}"#,
    r#"{"type":"dropout","keepRate":0.7,"mode":"train"}"#,
    r#"{"type":"dropout","keepRate":0.5}"#,
];

impl Random {
    /// One of some items.
    pub fn pick<Item: Copy>(&mut self, items: &[Item]) -> Item {
        let share = (self.next() + 1.0) / 2.0;
        items[((share * items.len() as f64) as usize).min(items.len() - 1)]
    }

    /// True in one of `count` cases.
    pub fn one_in(&mut self, count: usize) -> bool {
        self.pick(&(0..count).collect::<Vec<_>>()) == 0
    }
}

/// The JSON of a random network for images of a size.
pub fn network(random: &mut Random, grid: [usize; 2]) -> String {
    let padding = random.pick(&["circular", "circular", "same", "valid"]);
    let mut sketch = Sketch { random, grid, padding, gaussian: false };
    let mut layers = sketch.head();
    layers.extend(sketch.tail());
    format!(r#"{{"type":"serial","layers":[{}]}}"#, layers.join(","))
}

impl Sketch<'_> {
    /// Layers on images, up to their sink.
    fn head(&mut self) -> Vec<String> {
        let mut layers = Vec::new();
        for _ in 0..self.random.pick(&[1, 2, 2, 3]) {
            if self.random.one_in(8) {
                layers.push(self.pool());
            }
            if self.random.one_in(5) {
                layers.push(self.conv());
                layers.extend(self.residual());
            } else {
                layers.push(self.conv());
            }
            if self.random.one_in(4) {
                layers.push(self.random.pick(&NORMS).into());
            }
            if !self.random.one_in(6) {
                layers.push(self.nonlinearity());
            }
            if self.random.one_in(8) {
                layers.push(self.random.pick(&NORMS).into());
            }
        }
        if self.random.one_in(6) {
            layers.push(self.pool());
        }
        let sinks = ["globalAveragePool", "globalAveragePool", "globalSumPool", "flatten"];
        layers.push(format!(r#"{{"type":"{}"}}"#, self.random.pick(&sinks)));
        layers
    }

    /// Layers on vectors.
    fn tail(&mut self) -> Vec<String> {
        let mut layers = Vec::new();
        if self.random.one_in(4) {
            layers.push(r#"{"type":"flatten"}"#.into());
        }
        if self.gaussian && self.random.one_in(3) {
            layers.push(self.nonlinearity());
        }
        let depth = self.random.pick(&[0, 1, 1, 2]);
        for k in 0..depth {
            layers.push(format!(r#"{{"type":"dense",{}}}"#, self.stds()));
            if self.random.one_in(5) {
                layers.push(self.random.pick(&[NORMS[0], NORMS[3]]).into());
            }
            if k + 1 < depth || self.random.one_in(3) {
                layers.push(self.nonlinearity());
            }
        }
        layers
    }

    fn stds(&mut self) -> String {
        let (weight, bias) = (
            self.random.pick(&["1", "1.4", "0.8"]),
            self.random.pick(&["null", "null", "0.3", "1"]),
        );
        format!(r#""weightStd":{weight},"biasStd":{bias}"#)
    }

    fn nonlinearity(&mut self) -> String {
        self.gaussian = false;
        self.random.pick(&NONLINEARITIES).into()
    }

    /// A filter that fits, and the grid after it.
    fn window(&mut self, sizes: &[[usize; 2]], paddings: &[&'static str]) -> String {
        let (mut size, mut padding) = (self.random.pick(sizes), self.random.pick(paddings));
        if padding == "valid" && (0..2).any(|axis| size[axis] > self.grid[axis]) {
            (size, padding) = ([1, 1], "valid");
        }
        let stride = match self.random.one_in(5) {
            true => self.random.pick(&[[2, 2], [2, 1], [1, 3]]),
            false => [1, 1],
        };
        for (axis, side) in self.grid.iter_mut().enumerate() {
            let places = if padding == "valid" { *side - size[axis] + 1 } else { *side };
            *side = places.div_ceil(stride[axis]);
        }
        format!(r#""size":{size:?},"stride":{stride:?},"padding":"{padding}""#)
    }

    fn conv(&mut self) -> String {
        let padding = match self.random.one_in(8) {
            true => self.random.pick(&["circular", "same", "valid"]),
            false => self.padding,
        };
        let window = self.window(&SIZES, &[padding]);
        self.gaussian = true;
        format!(r#"{{"type":"conv",{window},{}}}"#, self.stds())
    }

    fn pool(&mut self) -> String {
        let kind = self.random.pick(&["avgPool", "avgPool", "sumPool"]);
        let window = self.window(&[[2, 2], [3, 1], [2, 3]], &["valid", "same", "circular"]);
        let edges = self.random.one_in(2);
        let edges = if kind == "avgPool" { edges } else { false };
        format!(r#"{{"type":"{kind}",{window},"normalizeEdges":{edges}}}"#)
    }

    /// Branches that keep the size, and their sum.
    fn residual(&mut self) -> Vec<String> {
        let padding = if self.padding == "valid" { "same" } else { self.padding };
        let count = self.random.pick(&[2, 2, 3]);
        let mut branches = vec![r#"{"type":"identity"}"#.to_string()];
        for _ in 1..count {
            let mut layers = Vec::new();
            if self.random.one_in(2) {
                layers.push(self.random.pick(&NONLINEARITIES).to_string());
            }
            let size = self.random.pick(&SIZES);
            let stds = self.stds();
            layers
                .push(format!(r#"{{"type":"conv","size":{size:?},"padding":"{padding}",{stds}}}"#));
            branches.push(format!(r#"{{"type":"serial","layers":[{}]}}"#, layers.join(",")));
        }
        vec![
            format!(r#"{{"type":"fanOut","count":{count}}}"#),
            format!(r#"{{"type":"parallel","layers":[{}]}}"#, branches.join(",")),
            r#"{"type":"fanInSum"}"#.into(),
        ]
    }
}
