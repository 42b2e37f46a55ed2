//! A token that is taken is taken as early as can be: what is done with each token by itself is done with that one alone.

use super::Step;

/// The steps that give one token of what `steps` give.
pub(super) fn taken(mut steps: Vec<Step>, token: usize) -> Vec<Step> {
    let mut after = Vec::new();
    let last = loop {
        match steps.pop() {
            Some(step @ (Step::Dense(_) | Step::Function(_))) => after.push(step),
            Some(step @ Step::Norm { .. }) if of_each(&step) => after.push(step),
            Some(Step::Branches(branches)) => {
                let branches = branches.into_iter().map(|steps| taken(steps, token)).collect();
                break Step::Branches(branches);
            }
            // Its keys and values are of all tokens.
            Some(Step::Attention(mut attention)) if attention.asks.is_none() => {
                attention.asks = Some(token);
                break Step::Attention(attention);
            }
            step => {
                steps.extend(step);
                break Step::TakeToken(token);
            }
        }
    };
    steps.push(last);
    steps.extend(after.into_iter().rev());
    steps
}

fn of_each(norm: &Step) -> bool {
    matches!(norm, Step::Norm { axes, .. } if axes[..] == [3])
}
