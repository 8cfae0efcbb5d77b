//! Trains the network of `examples/embedded` on generated digits, and saves its weights and one digit there.
//!
//! ```text
//! cargo run --release --example embedded_weights
//! ```

use std::error::Error;
use std::fs;
use std::path::Path;

use typenet::prelude::*;
use typenet::training::Trainer;

network! {
    /// The two-layer network of the book's chapter on backpropagation.
    struct TwoLayerNet = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
}

fn main() -> Result<(), Box<dyn Error>> {
    let (train, test) = digits::generate(20_000, 2_000, 1);
    let net: TwoLayerNet = TwoLayerNet::random(He, &mut StdRng::seed_from_u64(1));
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::cosine(0.002, 2_000), &train).epochs(10);
    trainer.run()?;
    let (net, _) = trainer.into_parts();
    println!("test accuracy {:.3}", net.evaluate(&test));

    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/embedded/weights");
    net.save(folder.join("two_layer_net.safetensors"))?;
    let (digit, pixels) = (test.labels().classes()[0], test.bytes(0));
    fs::write(folder.join("digit.bin"), pixels)?;
    println!("the digit in digit.bin is a {digit}");
    Ok(())
}
