//! Numeric targets for a classifier.
//@ &test | expected `Labels<Dyn, Const<2>>`, found `Batch<f32, Dyn, Const<2>>` | `DataFor<Net>`
use typenet::data::Table;
use typenet::prelude::*;
use typenet::training::Trainer;

network! {
    struct Net = Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() -> Result<(), Error> {
    let train = Table::classification(&[0.0_f32; 8], &[0, 1])?;
    let test = Table::<_, _, Batch<f32, _, Const<2>>>::regression(&[0.0_f32; 8], &[0.0; 4])?;
    let net: Net = Net::random(He, &mut StdRng::seed_from_u64(1));
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.1), &train).validation(&test).epochs(3);
    trainer.run()?;
    Ok(())
}
