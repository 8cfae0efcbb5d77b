//! A network that is generic over two sizes, one of them called as nalgebra calls the number of rows.
use typenet::prelude::*;

network! {
    struct Net<const N: usize, const CLASSES: usize = 10> =
        Affine<784, N> -> Relu -> Affine<N, CLASSES> -> SoftmaxWithLoss;
}

fn main() -> Result<(), Error> {
    let mut rng = StdRng::seed_from_u64(1);
    let net: Net<5, 3> = Net::random(He, &mut rng);
    assert_eq!(net.parameter_count(), 784 * 5 + 5 + 5 * 3 + 3);
    let x = SMatrix::<f32, 2, 784>::repeat(0.5);
    GradientCheck::new().at_most(20).run(&net, &x, &[0, 2].try_into()?)?;
    let default: Net<5> = Net::default();
    assert_eq!(default.predict(&x).shape(), (2, 10));
    Ok(())
}
