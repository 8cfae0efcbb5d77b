//! A network without parameters.
use typenet::prelude::*;

network! {
    #[derive(Clone, Debug)]
    pub struct Squeeze = Input<6> -> Tanh -> MeanSquaredError;
}

fn main() -> Result<(), Error> {
    let net: Squeeze = Squeeze::random(He, &mut StdRng::seed_from_u64(1));
    assert_eq!(net.parameter_count(), 0);
    let x = SMatrix::<f32, 2, 6>::repeat(1000.0);
    assert_eq!(net.predict(&x), SMatrix::<f32, 2, 6>::repeat(1.0));
    assert!(net.gradient_check(&x, &Batch::from_matrix(&x))?.blocks.is_empty());
    Ok(())
}
