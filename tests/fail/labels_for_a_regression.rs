//! Class labels for a network with numeric outputs.
//@ &data | expected `Batch<f32, Dyn, Const<2>>`, found `Labels<Dyn, Const<2>>` | `DataFor<Net>`
use typenet::data::Table;
use typenet::prelude::*;
use typenet::training::Trainer;

network! {
    struct Net = Affine<4, 2> -> MeanSquaredError;
}

fn main() -> Result<(), Error> {
    let data = Table::<_, _, Labels<_, Const<2>>>::classification(&[0.0_f32; 8], &[0, 1])?;
    let net: Net = Net::random(He, &mut StdRng::seed_from_u64(1));
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.1), &data).epochs(3);
    trainer.run()?;
    println!("{}", trainer.into_parts().0.summary());
    Ok(())
}
