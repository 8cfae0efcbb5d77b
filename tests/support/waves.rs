//! Samples and parameters of which no two are equal.

use typenet::prelude::*;

/// Adds a wave to all parameters and running statistics, so that no two are equal.
fn shake<T: Scalar>(layer: &mut dyn Parameters<T>, place: &mut f64) {
    for index in 0.. {
        match layer.part_mut(index) {
            Some(PartMut::Parameter(values)) => values.iter_mut().for_each(|value| {
                *place += 1.0;
                *value += T::of(0.2 + 0.15 * place.sin());
            }),
            Some(PartMut::Inside(inside)) => shake(inside, place),
            Some(PartMut::Setting(_) | PartMut::Settings(_)) => {}
            None => return,
        }
    }
}

/// A network with random parameters, biases and running statistics too.
pub fn random<Net: Network>() -> Net {
    let mut net = Net::random(Xavier, &mut StdRng::seed_from_u64(3));
    shake(&mut net, &mut 0.0);
    net
}

/// The bits of all parameters and running statistics.
pub fn bits<T: Scalar>(layer: &(impl Parameters<T> + Clone)) -> Vec<u64> {
    fn add<T: Scalar>(layer: &mut dyn Parameters<T>, list: &mut Vec<u64>) {
        for index in 0.. {
            match layer.part_mut(index) {
                Some(PartMut::Parameter(values)) => list.extend(values.iter().map(|value| value.as_f64().to_bits())),
                Some(PartMut::Inside(inside)) => add(inside, list),
                Some(PartMut::Setting(_) | PartMut::Settings(_)) => {}
                None => return,
            }
        }
    }
    let mut list = Vec::new();
    add(&mut layer.clone(), &mut list);
    list
}

/// Samples between -1.5 and 1.5.
pub fn wave<N: Dim, F: Shape>(samples: N) -> Samples<f64, N, F> {
    let mut x = Samples::zeros(samples, F::name());
    x.iter_mut().enumerate().for_each(|(place, x)| *x = (0.7 * place as f64 + 0.3).sin() * 1.5);
    x
}
