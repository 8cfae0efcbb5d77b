//! Steps along a gradient, parameter by parameter.

use nalgebra::one;

use crate::networks::frozen::Frozen;
use crate::parameters::{Kind, Parameters, Path, Twins, walk};
use crate::scalar::Scalar;

/// Multiplies the weights by `keep`.
pub(super) fn decay<T: Scalar>(network: &mut dyn Parameters<T>, keep: T) {
    if keep == one() {
        return;
    }
    walk(network, [], [], Path::root(""), &mut |_, twins| {
        if let Twins::Parameter { kind: Kind::Weight, values, .. } = twins {
            for value in values {
                *value *= keep;
            }
        }
    });
}

/// `W = keep · W - learning_rate · dW`; `keep` applies only to weights.
pub(super) fn update<T: Scalar>(
    network: &mut dyn Parameters<T>,
    frozen: &Frozen<T>,
    gradient: &dyn Parameters<T>,
    learning_rate: T,
    keep: T,
) {
    let mut flags = frozen.flags();
    walk(network, [], [gradient], Path::root(""), &mut |_, twins| {
        let Twins::Parameter { kind, values, from: [gradient], .. } = twins else { return };
        match kind {
            _ if flags.next() == Some(true) => {}
            Kind::Buffer { momentum } => track(values, gradient, momentum),
            _ => {
                let keep = if kind == Kind::Weight { keep } else { one() };
                for (value, &slope) in values.iter_mut().zip(gradient) {
                    *value = keep * *value - learning_rate * slope;
                }
            }
        }
    });
}

/// Moves running statistics toward those of a batch: `r += momentum · (b - r)`.
pub(crate) fn track<T: Scalar>(running: &mut [T], batch: &[T], momentum: f64) {
    for (running, &batch) in running.iter_mut().zip(batch) {
        *running += T::of(momentum) * (batch - *running);
    }
}

/// Visits only the running statistics.
pub(super) fn each_buffer<T: Scalar, const M: usize>(
    network: &mut dyn Parameters<T>,
    from: [&dyn Parameters<T>; M],
    mut visit: impl FnMut(&mut [T], f64, [&[T]; M]),
) {
    walk(network, [], from, Path::root(""), &mut |_, twins| {
        if let Twins::Parameter { kind: Kind::Buffer { momentum }, values, from, .. } = twins {
            visit(values, momentum, from);
        }
    });
}
