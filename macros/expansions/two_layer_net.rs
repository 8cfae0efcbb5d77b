/// The two-layer network of the book's chapter on backpropagation.
///
/// | layer | type | features | parameters | bytes in `f32` | multiply-adds |
/// | --- | --- | --- | ---: | ---: | ---: |
/// | `affine1` | `Affine<784, 50>` | `784` → `50` | 39,250 | 157,000 | 39,200 |
/// | `relu1` | `Relu` | `50` → `50` |  |  |  |
/// | `affine2` | `Affine<50, 10>` | `50` → `10` | 510 | 2,040 | 500 |
/// | `loss` | `SoftmaxWithLoss` | `10` | | | |
///
/// 39,760 parameters (159,040 bytes), 39,700 multiply-adds per sample.
#[cfg_attr(
    doc,
    doc = ::typenet::__private::drawing!(
        (
            "affine1"
            "Affine<784, 50>"
            "784"
            "50"
            "39,250"
            "affine1.weight"
            "784 x 50"
            "affine1.bias"
            "1 x 50"
        )(
            "relu1"
            "Relu"
            "50"
            "50"
            ""
        )(
            "affine2"
            "Affine<50, 10>"
            "50"
            "10"
            "510"
            "affine2.weight"
            "50 x 10"
            "affine2.bias"
            "1 x 10"
        )("10" "SoftmaxWithLoss")
    )
)]
#[derive(Clone)]
pub struct TwoLayerNet<T: ::typenet::Scalar = ::core::primitive::f32> {
    /// `Affine<784, 50>`: `784` features in, `50` features out.
    pub affine1: Affine<784, 50, T>,
    /// `Relu`: `50` features in, `50` features out.
    pub relu1: Relu,
    /// `Affine<50, 10>`: `50` features in, `10` features out.
    pub affine2: Affine<50, 10, T>,
    /// The loss function.
    pub loss: SoftmaxWithLoss,
    __frozen: ::typenet::Frozen<T>,
}
#[automatically_derived]
#[allow(dead_code, clippy::too_many_arguments)]
impl<T: ::typenet::Scalar> TwoLayerNet<T> {
    /// Makes a network of its layers, also in a `static`.
    #[must_use]
    pub const fn from_layers(
        affine1: Affine<784, 50, T>,
        relu1: Relu,
        affine2: Affine<50, 10, T>,
        loss: SoftmaxWithLoss,
    ) -> Self {
        Self {
            affine1,
            relu1,
            affine2,
            loss,
            __frozen: ::typenet::Frozen::NONE,
        }
    }
}
#[automatically_derived]
impl<T: ::typenet::Scalar> ::core::fmt::Debug for TwoLayerNet<T> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("TwoLayerNet")
            .field("affine1", &::core::format_args!("{}", "Affine<784, 50>"))
            .field("relu1", &::core::format_args!("{}", "Relu"))
            .field("affine2", &::core::format_args!("{}", "Affine<50, 10>"))
            .field("loss", &::core::format_args!("{}", "SoftmaxWithLoss"))
            .finish()
    }
}
#[automatically_derived]
impl<T: ::typenet::Scalar> ::typenet::Parameters<T> for TwoLayerNet<T> {
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
impl<T: ::typenet::Scalar> ::typenet::Infer<T, ::typenet::nalgebra::Const<784>>
for TwoLayerNet<T> {
    type Out = ::typenet::nalgebra::Const<10>;
    const SCRATCH: ::core::primitive::usize = ::typenet::__private::scratch_of_chain(
        &[50, 50],
        &[
            <Affine<
                784,
                50,
                T,
            > as ::typenet::Infer<T, ::typenet::nalgebra::Const<784>>>::SCRATCH,
            <Relu as ::typenet::Infer<T, ::typenet::nalgebra::Const<50>>>::SCRATCH,
            <Affine<
                50,
                10,
                T,
            > as ::typenet::Infer<T, ::typenet::nalgebra::Const<50>>>::SCRATCH,
        ],
    );
    const MULTIPLY_ADDS: ::core::primitive::usize = <Affine<
        784,
        50,
        T,
    > as ::typenet::Infer<T, ::typenet::nalgebra::Const<784>>>::MULTIPLY_ADDS
        + <Relu as ::typenet::Infer<T, ::typenet::nalgebra::Const<50>>>::MULTIPLY_ADDS
        + <Affine<
            50,
            10,
            T,
        > as ::typenet::Infer<T, ::typenet::nalgebra::Const<50>>>::MULTIPLY_ADDS;
    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]) {
        let [even, odd] = const { ::typenet::__private::buffers(&[50, 50]) };
        let (even, scratch) = scratch.split_at_mut(even);
        let (odd, scratch) = scratch.split_at_mut(odd);
        ::typenet::Infer::<
            T,
            ::typenet::nalgebra::Const<784>,
        >::infer_into(&self.affine1, x, &mut even[..50], scratch);
        ::typenet::Infer::<
            T,
            ::typenet::nalgebra::Const<50>,
        >::infer_into(&self.relu1, &even[..50], &mut odd[..50], scratch);
        ::typenet::Infer::<
            T,
            ::typenet::nalgebra::Const<50>,
        >::infer_into(&self.affine2, &odd[..50], y, scratch);
    }
}
#[automatically_derived]
impl<T: ::typenet::Scalar> ::typenet::Network for TwoLayerNet<T> {
    type Scalar = T;
    type Input = ::typenet::nalgebra::Const<784>;
    type Output = <Self as ::typenet::Infer<T, ::typenet::nalgebra::Const<784>>>::Out;
    type Loss = SoftmaxWithLoss;
    type F64 = TwoLayerNet<::core::primitive::f64>;
    const LAYERS: &'static [&'static ::core::primitive::str] = &[
        "affine1",
        "relu1",
        "affine2",
    ];
    const NAME: &'static ::core::primitive::str = "TwoLayerNet";
    const LOSS: &'static ::core::primitive::str = "SoftmaxWithLoss";
    const PARAMETERS: ::core::primitive::usize = ::typenet::__private::budget::parameters::<
        Self,
    >();
    fn loss_fn(&self) -> &Self::Loss {
        &self.loss
    }
    fn frozen(&self) -> &::typenet::Frozen<T> {
        &self.__frozen
    }
    fn frozen_mut(&mut self) -> &mut ::typenet::Frozen<T> {
        &mut self.__frozen
    }
}
#[automatically_derived]
impl<T: ::typenet::Scalar> ::typenet::Embed<T> for TwoLayerNet<T> {
    const PARTS: &'static [::typenet::Declared] = {
        #[allow(unused_imports)]
        use ::typenet::__private::embed::EmbedFallback as _;
        &[
            ::typenet::Declared::inside(
                "affine1",
                <::typenet::__private::embed::IsEmbed<Affine<784, 50, T>, T>>::PARTS,
            ),
            ::typenet::Declared::inside(
                "relu1",
                <::typenet::__private::embed::IsEmbed<Relu, T>>::PARTS,
            ),
            ::typenet::Declared::inside(
                "affine2",
                <::typenet::__private::embed::IsEmbed<Affine<50, 10, T>, T>>::PARTS,
            ),
            ::typenet::Declared::unchecked("loss"),
        ]
    };
}
#[automatically_derived]
impl<T: ::typenet::Scalar, __Place: ::typenet::Place> ::typenet::EmbedAt<T, __Place>
for TwoLayerNet<T>
where
    Affine<
        784,
        50,
        T,
    >: ::typenet::EmbedAt<
        T,
        ::typenet::__private::embed::Inside<T, __Place, Self, 0usize>,
    >,
    Relu: ::typenet::EmbedAt<
        T,
        ::typenet::__private::embed::Inside<T, __Place, Self, 1usize>,
    >,
    Affine<
        50,
        10,
        T,
    >: ::typenet::EmbedAt<
        T,
        ::typenet::__private::embed::Inside<T, __Place, Self, 2usize>,
    >,
    SoftmaxWithLoss: ::typenet::EmbedAt<
        T,
        ::typenet::__private::embed::Inside<T, __Place, Self, 3usize>,
    >,
{
    const EMBEDDED: Self = Self::from_layers(
        <Affine<
            784,
            50,
            T,
        > as ::typenet::EmbedAt<
            T,
            ::typenet::__private::embed::Inside<T, __Place, Self, 0usize>,
        >>::EMBEDDED,
        <Relu as ::typenet::EmbedAt<
            T,
            ::typenet::__private::embed::Inside<T, __Place, Self, 1usize>,
        >>::EMBEDDED,
        <Affine<
            50,
            10,
            T,
        > as ::typenet::EmbedAt<
            T,
            ::typenet::__private::embed::Inside<T, __Place, Self, 2usize>,
        >>::EMBEDDED,
        <SoftmaxWithLoss as ::typenet::EmbedAt<
            T,
            ::typenet::__private::embed::Inside<T, __Place, Self, 3usize>,
        >>::EMBEDDED,
    );
}
::typenet::__private::with_alloc! {
    #[automatically_derived]
    impl<T: ::typenet::Scalar> ::core::default::Default for TwoLayerNet<T> {
        fn default() -> Self {
            Self {
                affine1: ::core::default::Default::default(),
                relu1: ::core::default::Default::default(),
                affine2: ::core::default::Default::default(),
                loss: ::core::default::Default::default(),
                __frozen: ::core::default::Default::default(),
            }
        }
    }
    #[doc(hidden)]
    pub struct TwoLayerNetCache<T: ::typenet::Scalar, N: ::typenet::nalgebra::Dim> {
        affine1: ::typenet::LayerTape<
            T,
            N,
            ::typenet::nalgebra::Const<784>,
            Affine<784, 50, T>,
        >,
        relu1: ::typenet::LayerTape<T, N, ::typenet::nalgebra::Const<50>, Relu>,
        affine2: <Affine<
            50,
            10,
            T,
        > as ::typenet::Layer<T, ::typenet::nalgebra::Const<50>>>::Cache<N>,
    }
    #[automatically_derived]
    impl<T: ::typenet::Scalar, N: ::typenet::nalgebra::Dim> ::typenet::Cache<N>
    for TwoLayerNetCache<T, N> {
        fn new(samples: N) -> Self {
            Self {
                affine1: ::typenet::Cache::new(samples),
                relu1: ::typenet::Cache::new(samples),
                affine2: ::typenet::Cache::new(samples),
            }
        }
    }
    #[automatically_derived]
    impl<T: ::typenet::Scalar, N: ::typenet::nalgebra::Dim> ::core::fmt::Debug
    for TwoLayerNetCache<T, N> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct(::core::stringify!(TwoLayerNetCache)).finish_non_exhaustive()
        }
    }
    #[automatically_derived]
    impl<T: ::typenet::Scalar> ::typenet::Layer<T, ::typenet::nalgebra::Const<784>>
    for TwoLayerNet<T> {
        type Cache<N: ::typenet::nalgebra::Dim> = TwoLayerNetCache<T, N>;
        fn forward<
            N: ::typenet::nalgebra::Dim,
            S: ::typenet::nalgebra::RawStorage<T, N, ::typenet::nalgebra::Const<784>>,
        >(
            &self,
            x: &::typenet::nalgebra::Matrix<T, N, ::typenet::nalgebra::Const<784>, S>,
            y: &mut ::typenet::Batch<T, N, ::typenet::nalgebra::Const<10>>,
            cache: &mut Self::Cache<N>,
            mode: ::typenet::Mode,
        ) {
            ::typenet::LayerTape::forward(
                &mut cache.affine1,
                &self.affine1,
                x,
                mode.inside(0u64),
            );
            ::typenet::LayerTape::forward(
                &mut cache.relu1,
                &self.relu1,
                &cache.affine1.y,
                mode.inside(1u64),
            );
            <Affine<
                50,
                10,
                T,
            > as ::typenet::Layer<
                T,
                ::typenet::nalgebra::Const<50>,
            >>::forward(
                &self.affine2,
                &cache.relu1.y,
                y,
                &mut cache.affine2,
                mode.inside(2u64),
            );
        }
        fn backward<
            N: ::typenet::nalgebra::Dim,
            S: ::typenet::nalgebra::RawStorage<T, N, ::typenet::nalgebra::Const<784>>,
        >(
            &self,
            x: &::typenet::nalgebra::Matrix<T, N, ::typenet::nalgebra::Const<784>, S>,
            y: &::typenet::Batch<T, N, ::typenet::nalgebra::Const<10>>,
            dy: &::typenet::Batch<T, N, ::typenet::nalgebra::Const<10>>,
            dx: ::core::option::Option<
                &mut ::typenet::Batch<T, N, ::typenet::nalgebra::Const<784>>,
            >,
            cache: &mut Self::Cache<N>,
        ) {
            <Affine<
                50,
                10,
                T,
            > as ::typenet::Layer<
                T,
                ::typenet::nalgebra::Const<50>,
            >>::backward(
                &self.affine2,
                &cache.relu1.y,
                y,
                dy,
                ::core::option::Option::Some(&mut cache.relu1.dy),
                &mut cache.affine2,
            );
            ::typenet::LayerTape::backward(
                &mut cache.relu1,
                &self.relu1,
                &cache.affine1.y,
                ::core::option::Option::Some(&mut cache.affine1.dy),
            );
            ::typenet::LayerTape::backward(&mut cache.affine1, &self.affine1, x, dx);
        }
        fn add_gradient<
            N: ::typenet::nalgebra::Dim,
            S: ::typenet::nalgebra::RawStorage<T, N, ::typenet::nalgebra::Const<784>>,
        >(
            x: &::typenet::nalgebra::Matrix<T, N, ::typenet::nalgebra::Const<784>, S>,
            dy: &::typenet::Batch<T, N, ::typenet::nalgebra::Const<10>>,
            cache: &Self::Cache<N>,
            scale: T,
            target: &mut Self,
        ) {
            ::typenet::LayerTape::add_gradient(
                &cache.affine1,
                x,
                scale,
                &mut target.affine1,
            );
            ::typenet::LayerTape::add_gradient(
                &cache.relu1,
                &cache.affine1.y,
                scale,
                &mut target.relu1,
            );
            <Affine<
                50,
                10,
                T,
            > as ::typenet::Layer<
                T,
                ::typenet::nalgebra::Const<50>,
            >>::add_gradient(
                &cache.relu1.y,
                dy,
                &cache.affine2,
                scale,
                &mut target.affine2,
            );
        }
        fn add_statistics<N: ::typenet::nalgebra::Dim>(
            cache: &Self::Cache<N>,
            weight: T,
            target: &mut Self,
        ) {
            ::typenet::LayerTape::add_statistics(
                &cache.affine1,
                weight,
                &mut target.affine1,
            );
            ::typenet::LayerTape::add_statistics(
                &cache.relu1,
                weight,
                &mut target.relu1,
            );
            <Affine<
                50,
                10,
                T,
            > as ::typenet::Layer<
                T,
                ::typenet::nalgebra::Const<50>,
            >>::add_statistics::<N>(&cache.affine2, weight, &mut target.affine2);
        }
        fn list_activations<'a, N: ::typenet::nalgebra::Dim>(
            cache: &'a Self::Cache<N>,
            at: ::typenet::__private::Path<'_>,
            list: &mut ::typenet::__private::Vec<::typenet::Activations<'a, T>>,
        ) {
            ::typenet::LayerTape::list_activations(
                &cache.affine1,
                at.then("affine1"),
                list,
            );
            ::typenet::LayerTape::list_activations(&cache.relu1, at.then("relu1"), list);
            <Affine<
                50,
                10,
                T,
            > as ::typenet::Layer<
                T,
                ::typenet::nalgebra::Const<50>,
            >>::list_activations::<N>(&cache.affine2, at.then("affine2"), list);
        }
        fn inside(
            &self,
        ) -> ::core::option::Option<::typenet::Inside<::typenet::LayerInfo<'_, T>>> {
            ::core::option::Option::Some(
                ::typenet::Inside::Chain(
                    <::typenet::__private::Vec<
                        _,
                    > as ::core::convert::From<
                        _,
                    >>::from([
                        ::typenet::LayerInfo::new::<
                            ::typenet::nalgebra::Const<784>,
                            _,
                        >("affine1", "Affine<784, 50>", &self.affine1),
                        ::typenet::LayerInfo::new::<
                            ::typenet::nalgebra::Const<50>,
                            _,
                        >("relu1", "Relu", &self.relu1),
                        ::typenet::LayerInfo::new::<
                            ::typenet::nalgebra::Const<50>,
                            _,
                        >("affine2", "Affine<50, 10>", &self.affine2),
                    ]),
                ),
            )
        }
    }
}
