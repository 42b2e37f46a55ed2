//! Transforms of any length.

use super::chirp::{self, Chirp};
use super::ends::{Sink, Source};
use super::stockham::{self, Stockham};

/// The transform `X_j = Σ_k x_k exp(2πi jk/n)` of two real rows in the lanes of vectors, planned once.
pub(super) enum Plan {
    Passes(Stockham),
    Chirp(Chirp),
}

/// Memory that a transform needs.
pub(super) enum Work {
    Passes(stockham::Work),
    Chirp(chirp::Work),
}

impl Plan {
    /// # Panics
    /// When the length is zero.
    pub(super) fn new(length: usize) -> Plan {
        assert!(length > 0);
        Stockham::new(length).map_or_else(|| Plan::Chirp(Chirp::new(length)), Plan::Passes)
    }

    pub(super) fn work(&self) -> Work {
        match self {
            Plan::Passes(plan) => Work::Passes(plan.work()),
            Plan::Chirp(plan) => Work::Chirp(plan.work()),
        }
    }

    /// # Safety
    /// There must be as many numbers in `from` and places in `to` as the transform is long; they can be the same.
    #[inline(always)]
    pub(super) unsafe fn run(&self, from: impl Source, to: impl Sink, work: &mut Work) {
        // SAFETY: the caller's promise.
        unsafe {
            match (self, work) {
                (Plan::Passes(plan), Work::Passes(work)) => plan.run(from, to, work),
                (Plan::Chirp(plan), Work::Chirp(work)) => plan.run(from, to, work),
                _ => unreachable!("the work of another plan"),
            }
        }
    }
}
