//! Images of 784 pixels in ten classes for a network with 4 inputs and 2 outputs.
//@ &train | `Net` cannot use `Dataset | number of features or outputs | prelude::Const<784> | prelude::Const<4>
use typenet::prelude::*;
use typenet::training::Trainer;

network! {
    struct Net = Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() -> Result<(), Error> {
    let (train, _) = digits::generate(10, 10, 1);
    let net: Net = Net::random(He, &mut StdRng::seed_from_u64(1));
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.1), &train).epochs(3);
    trainer.run()?;
    Ok(())
}
