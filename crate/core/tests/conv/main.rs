//! Convolutional kernels against all pairs of locations, computed with twice the digits from the
//! definitions.

#[path = "../common/mod.rs"]
mod common;
mod grids;
mod long;
mod naive;
mod parallel;
mod random;
mod symmetries;

use naive::{Expected, Kernels};
use orbit_kernels_core::kernel::conv::Executor;
use orbit_kernels_core::kernel::{Block, Plan, Wanted, Workspace};
use orbit_kernels_core::network::Layer;
use orbit_kernels_core::real::Real;

/// A network, and images of rows × columns × channels.
pub struct Case {
    pub text: String,
    pub network: Layer,
    pub shape: [usize; 3],
    pub samples: Vec<f64>,
}

impl Case {
    pub fn new(text: &str, shape: [usize; 3], samples: Vec<f64>) -> Case {
        let network = Layer::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        Case { text: text.into(), network, shape, samples }
    }

    pub fn plan(&self) -> Plan {
        Plan::new(&self.network, &self.shape)
            .unwrap_or_else(|error| panic!("{}: {error}", self.text))
    }

    /// The executor of the plan, and those that compute more.
    pub fn executors(&self) -> Vec<Executor> {
        let own = self.plan().program.expect("the network reads images").executor;
        let all = [Executor::Location, Executor::Offsets, Executor::Covariance];
        all.into_iter().skip_while(|&executor| executor != own).collect()
    }

    pub fn block<T: Real>(&self, plan: &Plan) -> Block<T> {
        let samples: Vec<T> = self.samples.iter().map(|&x| T::from_f64(x)).collect();
        Block::new(plan, &samples).unwrap_or_else(|error| panic!("{}: {error}", self.text))
    }

    /// The kernels of the images among each other, as one symmetric tile or as one of two blocks.
    pub fn fast<T: Real>(&self, executor: Executor, symmetric: bool) -> Kernels {
        let plan = self.plan().by(executor).unwrap();
        let rows = self.block::<T>(&plan);
        let columns = (!symmetric).then(|| self.block::<T>(&plan));
        let wanted = Wanted { nngp: true, ntk: true, transposed: false };
        let mut workspace = Workspace::new();
        let values = workspace.tile(&plan, &rows, columns.as_ref(), wanted);
        let values: Vec<f64> = values.iter().map(|value| value.to_f64()).collect();
        let (nngp, ntk) = values.split_at(values.len() / 2);
        Kernels { nngp: nngp.to_vec(), ntk: ntk.to_vec() }
    }

    pub fn naive(&self, symmetric: bool) -> Expected {
        naive::kernels(&self.network, self.shape, &self.samples, symmetric)
    }

    /// Asserts that two Grams differ by at most a fraction of the norms.
    #[track_caller]
    pub fn assert_equal(&self, actual: &Kernels, expected: &Kernels, tolerance: f64, what: &str) {
        self.assert_close(actual, expected, |_| tolerance, what);
    }

    /// Asserts that a Gram is the expected one up to what is lost at the sink.
    #[track_caller]
    pub fn assert_expected(
        &self,
        actual: &Kernels,
        expected: &Expected,
        tolerance: f64,
        what: &str,
    ) {
        let nonlinear = self.plan().is_nonlinear();
        let fraction = |at: usize| expected.sinks[at].tolerance(tolerance, nonlinear);
        self.assert_close(actual, &expected.kernels, fraction, what);
    }

    /// NaN is never close.
    #[track_caller]
    fn assert_close(
        &self,
        actual: &Kernels,
        expected: &Kernels,
        tolerance: impl Fn(usize) -> f64,
        what: &str,
    ) {
        let parts = [("nngp", &actual.nngp, &expected.nngp), ("ntk", &actual.ntk, &expected.ntk)];
        for (name, actual, expected) in parts {
            let count = expected.len().isqrt();
            for (at, (a, b)) in actual.iter().zip(expected).enumerate() {
                let (i, j) = (at / count, at % count);
                let norm = (expected[i * (count + 1)] * expected[j * (count + 1)]).sqrt();
                assert!(
                    (a - b).abs() <= tolerance(at) * norm,
                    "{name} {i} {j}, {what}: {a} instead of {b}, {:e} of the norm, {:?} {}",
                    (a - b).abs() / norm,
                    self.shape,
                    self.text
                );
            }
        }
    }

    /// Asserts that all executors give the kernels of the definition, in all ways and in both precisions.
    #[track_caller]
    pub fn check(&self, tolerance: f64) {
        self.check_by(tolerance, 2e-5);
    }

    /// The same with a tolerance for each precision.
    #[track_caller]
    pub fn check_by(&self, double_tolerance: f64, single_tolerance: f64) {
        let rectangular = self.naive(false);
        // Dropout alone tells one sample from two equal ones.
        let noisy = self.text.contains("dropout").then(|| self.naive(true));
        for executor in self.executors() {
            for symmetric in [false, true] {
                let what = format!("{executor:?}, symmetric {symmetric}");
                let expected = noisy.as_ref().filter(|_| symmetric).unwrap_or(&rectangular);
                let double = self.fast::<f64>(executor, symmetric);
                self.assert_expected(&double, expected, double_tolerance, &what);
                let single = self.fast::<f32>(executor, symmetric);
                self.assert_expected(&single, expected, single_tolerance, &format!("f32 {what}"));
            }
        }
    }
}
