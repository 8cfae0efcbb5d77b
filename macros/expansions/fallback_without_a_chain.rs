::core::compile_error! {
    "`Empty` has no layers: write them after `=`, as in `= Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;`"
}
#[allow(dead_code, missing_docs, missing_debug_implementations)]
struct Empty<T: ::typenet::Scalar = ::core::primitive::f32> {
    scalar: ::core::marker::PhantomData<T>,
}
