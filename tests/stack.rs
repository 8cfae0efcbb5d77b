//! Large networks live on the heap: a test thread's stack of 2 MiB suffices in a debug build.

use typenet::{Labels, prelude::*};

network! {
    struct Large = Affine<4096, 4096> -> Relu -> Affine<4096, 10> -> SoftmaxWithLoss;
}

#[test]
fn a_large_network_is_built_trained_and_dropped() {
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(|| {
            let mut net: Large = Large::random(He, &mut StdRng::seed_from_u64(1));
            let mut x = Batch::zeros(Const::<64>, Const::<4096>);
            x.fill(0.1);
            let labels = Labels::zeros(Const::<64>);
            let before = net.descend(&x, &labels, 0.01);
            assert!(net.loss(&x, &labels) < before);
            drop(net);
        })
        .expect("a thread can be started")
        .join()
        .expect("2 MiB of stack are enough");
}
