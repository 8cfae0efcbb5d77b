//! Two mistakes in a declaration. The code that uses the network has no further errors.
//@ Copy | `Copy` | `Clone`
//@ 60 | `Affine<60, 10>` | `Affine<784, 50>` | 60 features | outputs 50
use typenet::prelude::*;

network! {
    #[derive(Clone, Copy)]
    pub struct Net = Affine<784, 50> -> Relu -> Affine<60, 10> -> SoftmaxWithLoss;
}

fn main() -> Result<(), Error> {
    let mut rng = StdRng::seed_from_u64(1);
    let mut net: Net = Net::random(He, &mut rng);
    let (train, test) = digits::generate(100, 10, 1);
    let mut tape = Net::tape(Const::<10>);
    let (x, labels) = train.sample(Const::<10>, &mut rng);
    net.descend_with(&x, &labels, 0.1, &mut tape);
    let gradient = net.gradient(&x, &labels);
    net.update(&gradient, 0.1);
    net.gradient_check(&x, &labels)?;
    println!("{} {:?}", net.evaluate(&test), net.clone().classify(&x));
    Ok(())
}
