::core::compile_error! {
    "`Wrong` ends in `Affine<60, 10>`, which is a layer: a network ends in a loss, such as `-> SoftmaxWithLoss`"
}
::core::compile_error! {
    "`Relu` takes no sizes: it works on any number of features (one of your own: `self::Relu<50>`)"
}
::core::compile_error! {
    "`Affine<60, 10>` takes 60 features, but `Affine<784, 50>` before it gives 50"
}
/// | layer | type | features | parameters | bytes in `f32` | multiply-adds |
/// | --- | --- | --- | ---: | ---: | ---: |
/// | `affine1` | `Affine<784, 50>` | `784` → `50` | 39,250 | 157,000 | 39,200 |
/// | `relu1` | `Relu<50>` | `50` → `50` |  |  |  |
/// | `affine2` | `Affine<60, 10>` | `50` → `10` | 510 | 2,040 | 500 |
/// | `loss` | `SoftmaxWithLoss` | `10` | | | |
///
/// 39,760 parameters in 159,040 bytes, 39,700 multiply-adds a sample.
#[cfg_attr(
    doc,
    doc = ::typenet::__private::drawing!(
        (
            "affine1"
            "Affine<784, 50>"
            "784"
            "39,250"
            "affine1.weight"
            "784 x 50"
            "affine1.bias"
            "1 x 50"
        )(
            "relu1"
            "Relu<50>"
            "50"
            ""
        )(
            "affine2"
            "Affine<60, 10>"
            "50"
            "510"
            "affine2.weight"
            "50 x 10"
            "affine2.bias"
            "1 x 10"
        )("10" "SoftmaxWithLoss")
    )
)]
struct Wrong<T: ::typenet::Scalar = ::core::primitive::f32> {
    /// `Affine<784, 50>`: `784` features in, `50` features out.
    affine1: Affine<784, 50, T>,
    /// `Relu<50>`: `50` features in, `50` features out.
    relu1: Relu,
    /// `Affine<60, 10>`: `50` features in, `10` features out.
    affine2: Affine<50, 10, T>,
    /// How the output is judged.
    loss: ::typenet::losses::SoftmaxWithLoss,
}
#[automatically_derived]
impl<T: ::typenet::Scalar> ::core::default::Default for Wrong<T> {
    fn default() -> Self {
        Self {
            affine1: ::core::default::Default::default(),
            relu1: ::core::default::Default::default(),
            affine2: ::core::default::Default::default(),
            loss: ::core::default::Default::default(),
        }
    }
}
/// What [`Wrong`] writes down on the way forward and reads on the way back.
#[derive(::core::fmt::Debug)]
struct WrongTape<T: ::typenet::Scalar, N: ::typenet::nalgebra::Dim> {
    affine1: ::typenet::Record<
        T,
        N,
        ::typenet::nalgebra::Const<784>,
        Affine<784, 50, T>,
    >,
    relu1: ::typenet::Record<T, N, ::typenet::nalgebra::Const<50>, Relu>,
    affine2: ::typenet::Record<T, N, ::typenet::nalgebra::Const<50>, Affine<50, 10, T>>,
}
#[automatically_derived]
impl<T: ::typenet::Scalar> ::typenet::Parameters<T> for Wrong<T> {
    fn part(
        &self,
        index: ::core::primitive::usize,
    ) -> ::core::option::Option<::typenet::Part<'_, T>> {
        ::core::option::Option::Some(
            match index {
                0usize => ::typenet::Part::inside("affine1", &self.affine1),
                1usize => ::typenet::Part::inside("relu1", &self.relu1),
                2usize => ::typenet::Part::inside("affine2", &self.affine2),
                _ => {
                    return ::typenet::__private::loss_part::<
                        T,
                        ::typenet::nalgebra::Const<10>,
                        _,
                    >(&self.loss, index - 3usize);
                }
            },
        )
    }
    fn part_mut(
        &mut self,
        index: ::core::primitive::usize,
    ) -> ::core::option::Option<::typenet::PartMut<'_, T>> {
        ::core::option::Option::Some(
            match index {
                0usize => ::typenet::PartMut::Inside(&mut self.affine1),
                1usize => ::typenet::PartMut::Inside(&mut self.relu1),
                2usize => ::typenet::PartMut::Inside(&mut self.affine2),
                _ => {
                    return ::typenet::__private::loss_part_mut::<
                        T,
                        ::typenet::nalgebra::Const<10>,
                        _,
                    >(&mut self.loss, index - 3usize);
                }
            },
        )
    }
}
#[automatically_derived]
impl<T: ::typenet::Scalar> ::typenet::Network for Wrong<T> {
    type Scalar = T;
    type Input = ::typenet::nalgebra::Const<784>;
    type Output = ::typenet::nalgebra::Const<10>;
    type Loss = ::typenet::losses::SoftmaxWithLoss;
    type Tape<N: ::typenet::nalgebra::Dim> = WrongTape<T, N>;
    type Precise = Wrong<::core::primitive::f64>;
    const NAME: &'static ::core::primitive::str = "Wrong";
    const LOSS: &'static ::core::primitive::str = "SoftmaxWithLoss";
    fn layers(&self) -> impl ::core::iter::Iterator<Item = ::typenet::LayerInfo<'_, T>> {
        ::core::iter::IntoIterator::into_iter([
            ::typenet::LayerInfo::new::<
                ::typenet::nalgebra::Const<784>,
                _,
            >("affine1", "Affine<784, 50>", &self.affine1),
            ::typenet::LayerInfo::new::<
                ::typenet::nalgebra::Const<50>,
                _,
            >("relu1", "Relu<50>", &self.relu1),
            ::typenet::LayerInfo::new::<
                ::typenet::nalgebra::Const<50>,
                _,
            >("affine2", "Affine<60, 10>", &self.affine2),
        ])
    }
    fn loss_layer(&self) -> &Self::Loss {
        &self.loss
    }
    fn infer(
        &self,
        x: &::typenet::nalgebra::OVector<T, ::typenet::nalgebra::Const<784>>,
    ) -> ::typenet::nalgebra::OVector<T, ::typenet::nalgebra::Const<10>> {
        let y = ::typenet::infer(&self.affine1, x);
        let y = ::typenet::infer(&self.relu1, &y);
        ::typenet::infer(&self.affine2, &y)
    }
}
#[automatically_derived]
impl<T: ::typenet::Scalar, N: ::typenet::nalgebra::Dim> ::typenet::Tape<Wrong<T>, N>
for WrongTape<T, N> {
    fn new(samples: N) -> Self {
        Self {
            affine1: ::typenet::Record::new(samples),
            relu1: ::typenet::Record::new(samples),
            affine2: ::typenet::Record::new(samples),
        }
    }
    fn forward<
        S: ::typenet::nalgebra::RawStorage<T, N, ::typenet::nalgebra::Const<784>>,
    >(
        &mut self,
        network: &Wrong<T>,
        x: &::typenet::nalgebra::Matrix<T, N, ::typenet::nalgebra::Const<784>, S>,
    ) {
        ::typenet::Record::forward(&mut self.affine1, &network.affine1, x);
        ::typenet::Record::forward(&mut self.relu1, &network.relu1, &self.affine1.y);
        ::typenet::Record::forward(&mut self.affine2, &network.affine2, &self.relu1.y);
    }
    fn output(&self) -> &::typenet::Batch<T, N, ::typenet::nalgebra::Const<10>> {
        &self.affine2.y
    }
    fn written(&self) -> impl ::core::iter::Iterator<Item = ::typenet::Written<'_, T>> {
        ::core::iter::IntoIterator::into_iter([
            ::typenet::Record::written(&self.affine1, "affine1"),
            ::typenet::Record::written(&self.relu1, "relu1"),
            ::typenet::Record::written(&self.affine2, "affine2"),
        ])
    }
    fn backward<
        S: ::typenet::nalgebra::RawStorage<T, N, ::typenet::nalgebra::Const<784>>,
    >(
        &mut self,
        network: &Wrong<T>,
        x: &::typenet::nalgebra::Matrix<T, N, ::typenet::nalgebra::Const<784>, S>,
        target: &::typenet::TargetOf<Wrong<T>, N>,
    ) -> T {
        let loss = ::typenet::Loss::backward(
            &network.loss,
            &self.affine2.y,
            target,
            &mut self.affine2.dy,
        );
        ::typenet::Record::backward(
            &mut self.affine2,
            &network.affine2,
            &self.relu1.y,
            ::core::option::Option::Some(&mut self.relu1.dy),
        );
        ::typenet::Record::backward(
            &mut self.relu1,
            &network.relu1,
            &self.affine1.y,
            ::core::option::Option::Some(&mut self.affine1.dy),
        );
        ::typenet::Record::backward(
            &mut self.affine1,
            &network.affine1,
            x,
            ::core::option::Option::None,
        );
        loss
    }
    fn add_gradient<
        S: ::typenet::nalgebra::RawStorage<T, N, ::typenet::nalgebra::Const<784>>,
    >(
        &self,
        x: &::typenet::nalgebra::Matrix<T, N, ::typenet::nalgebra::Const<784>, S>,
        scale: T,
        target: &mut Wrong<T>,
    ) {
        ::typenet::Record::add_gradient(&self.affine1, x, scale, &mut target.affine1);
        ::typenet::Record::add_gradient(
            &self.relu1,
            &self.affine1.y,
            scale,
            &mut target.relu1,
        );
        ::typenet::Record::add_gradient(
            &self.affine2,
            &self.relu1.y,
            scale,
            &mut target.affine2,
        );
    }
}
