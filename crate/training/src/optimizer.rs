//! Steps along gradients: one pass over the numbers of each parameter.

use burn_tensor::{DType, Element, Tensor, TensorData};
use num_traits::{Float, NumCast};

/// How a step is made of gradients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// `v ← momentum · v + g`, `w ← w − rate · v`.
    Sgd { rate: f64, momentum: f64 },
    /// Kingma & Ba 2015, with corrected bias.
    Adam { rate: f64, beta1: f64, beta2: f64, epsilon: f64 },
}

impl Rule {
    /// The names of what is remembered of each parameter.
    pub fn moments(&self) -> &'static [&'static str] {
        match self {
            Rule::Sgd { momentum: 0.0, .. } => &[],
            Rule::Sgd { .. } => &["velocity"],
            Rule::Adam { .. } => &["mean", "square"],
        }
    }
}

/// A rule with what it remembers.
pub struct Optimizer {
    pub rule: Rule,
    pub steps: u64,
    /// For each parameter the moments of the rule.
    pub moments: Vec<Vec<TensorData>>,
}

impl Optimizer {
    /// For parameters that have not moved yet.
    pub fn new(rule: Rule, parameters: &[Tensor<1>]) -> Self {
        let zeros = |parameter: &Tensor<1>| parameter.zeros_like().into_data();
        let all = |parameter| rule.moments().iter().map(|_| zeros(parameter)).collect();
        Optimizer { rule, steps: 0, moments: parameters.iter().map(all).collect() }
    }

    /// Moves the parameters; those without a gradient stay.
    pub fn step(&mut self, parameters: &mut [Tensor<1>], gradients: Vec<Option<Tensor<1>>>) {
        self.steps += 1;
        let all = parameters.iter_mut().zip(gradients).zip(&mut self.moments);
        for ((parameter, gradient), moments) in all {
            let Some(gradient) = gradient else { continue };
            let options = (&parameter.device(), parameter.dtype());
            let mut numbers = parameter.extract().into_data();
            let gradient = gradient.into_data();
            match options.1 {
                DType::F64 => {
                    update::<f64>(self.rule, self.steps, &mut numbers, &gradient, moments);
                }
                _ => update::<f32>(self.rule, self.steps, &mut numbers, &gradient, moments),
            }
            *parameter = Tensor::from_data(numbers, options);
        }
    }
}

fn update<T: Element + Float>(
    rule: Rule,
    steps: u64,
    numbers: &mut TensorData,
    gradient: &TensorData,
    moments: &mut [TensorData],
) {
    let real = |number: f64| <T as NumCast>::from(number).expect("finite settings");
    let same = "parameters, gradients and moments are of one precision";
    let numbers = numbers.as_mut_slice::<T>().expect(same);
    let gradient = gradient.as_slice::<T>().expect(same);
    let mut moments = moments.iter_mut().map(|moment| moment.as_mut_slice::<T>().expect(same));
    match rule {
        Rule::Sgd { rate, momentum } => {
            let (rate, momentum) = (real(rate), real(momentum));
            match moments.next() {
                None => {
                    for (w, &g) in numbers.iter_mut().zip(gradient) {
                        *w = *w - rate * g;
                    }
                }
                Some(velocity) => {
                    for ((w, &g), v) in numbers.iter_mut().zip(gradient).zip(velocity) {
                        *v = momentum * *v + g;
                        *w = *w - rate * *v;
                    }
                }
            }
        }
        Rule::Adam { rate, beta1, beta2, epsilon } => {
            let (Some(mean), Some(square)) = (moments.next(), moments.next()) else {
                unreachable!("Adam remembers two moments")
            };
            let left = |beta: f64| 1.0 - libm::pow(beta, steps as f64);
            let step = real(rate / left(beta1));
            let grown = real(1.0 / left(beta2).sqrt());
            let (new1, new2) = (real(1.0 - beta1), real(1.0 - beta2));
            let (beta1, beta2, epsilon) = (real(beta1), real(beta2), real(epsilon));
            let all = numbers.iter_mut().zip(gradient).zip(mean).zip(square);
            for (((w, &g), m), v) in all {
                *m = beta1 * *m + new1 * g;
                *v = beta2 * *v + new2 * g * g;
                *w = *w - step * *m / (v.sqrt() * grown + epsilon);
            }
        }
    }
}
