//! Data in single precision for a network in double precision.
//@ &data | `Net<f64>` cannot use `Table<f32, _, Labels<Dyn, _>>` | scalar type | expected `f32`, found `f64`
use typenet::data::Table;
use typenet::prelude::*;
use typenet::training::Trainer;

network! {
    struct Net = Affine<4, 2> -> SoftmaxWithLoss;
}

fn main() -> Result<(), Error> {
    let data = Table::classification(&[0.0_f32; 8], &[0, 1])?;
    let net = Net::<f64>::random(He, &mut StdRng::seed_from_u64(1));
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.1), &data).epochs(3).batch_size(2);
    trainer.run()?;
    let (net, history) = trainer.into_parts();
    println!("{} {:?}", net.summary(), history.evaluations);
    Ok(())
}
