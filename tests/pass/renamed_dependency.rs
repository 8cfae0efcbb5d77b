//! The library under another name.
use typenet as networks;

use networks::prelude::*;

mod inner {
    pub use typenet::*;
}

network! {
    #[typenet(crate = crate::inner)]
    struct Net = Affine<2, 3> -> Relu -> Affine<3, 2> -> SoftmaxWithLoss;
}

fn main() {
    assert_eq!(Net::<f32>::default().parameter_count(), 17);
}
