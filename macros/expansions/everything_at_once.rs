/// | layer | type | features | parameters | bytes in `f32` | multiply-adds |
/// | --- | --- | --- | ---: | ---: | ---: |
/// | `noise1` | `Noise(0.1)` | `SIDE * SIDE` → `sizes::PIXELS` | ? | ? | ? |
/// | `hidden` | `Affine<sizes::PIXELS, N>` | `sizes::PIXELS` → `N` | `sizes::PIXELS * N + N` | `4 * (sizes::PIXELS * N + N)` | `sizes::PIXELS * N` |
/// | `scale1` | `mine::Scale<N, T>` | `N` → `N` | ? | ? | ? |
/// | `affine2` | `Affine<N, CLASSES>` | `N` → `CLASSES` | `N * CLASSES + CLASSES` | `4 * (N * CLASSES + CLASSES)` | `N * CLASSES` |
/// | `loss` | `mine::Loss` | `CLASSES` | | | |
///
/// `summary()` shows the totals.
#[cfg_attr(
    doc,
    doc = nets::__private::drawing!(
        (
            "noise1"
            "Noise(0.1)"
            "(SIDE * SIDE)"
            "?"
            ""
        )(
            "hidden"
            "Affine<sizes::PIXELS, N>"
            "sizes::PIXELS"
            "N"
            "sizes::PIXELS * N + N"
            "hidden.weight"
            "sizes::PIXELS x N"
            "hidden.bias"
            "1 x N"
        )(
            "scale1"
            "mine::Scale<N, T>"
            "N"
            "?"
            ""
        )(
            "affine2"
            "Affine<N, CLASSES>"
            "N"
            "CLASSES"
            "N * CLASSES + CLASSES"
            "affine2.weight"
            "N x CLASSES"
            "affine2.bias"
            "1 x CLASSES"
        )("CLASSES" "mine::Loss")
    )
)]
pub(crate) struct Everything<
    const N: ::core::primitive::usize,
    const CLASSES: ::core::primitive::usize = 10,
    T: nets::Scalar = ::core::primitive::f32,
> {
    /// `Noise(0.1)`: `SIDE * SIDE` features in.
    pub(crate) noise1: Noise,
    /// `Affine<sizes::PIXELS, N>`: `sizes::PIXELS` features in, `N` features out.
    pub(crate) hidden: Affine<{ sizes::PIXELS }, { N }, T>,
    /// `mine::Scale<N, T>`: `N` features in.
    pub(crate) scale1: mine::Scale<N, T>,
    /// `Affine<N, CLASSES>`: `N` features in, `CLASSES` features out.
    pub(crate) affine2: Affine<{ N }, { CLASSES }, T>,
    /// The loss function.
    pub(crate) loss: mine::Loss,
    __frozen: nets::Frozen<T>,
}
#[automatically_derived]
#[allow(dead_code, clippy::too_many_arguments)]
impl<
    const N: ::core::primitive::usize,
    const CLASSES: ::core::primitive::usize,
    T: nets::Scalar,
> Everything<N, CLASSES, T> {
    /// Makes a network of its layers, also in a `static`.
    #[must_use]
    pub(crate) const fn from_layers(
        noise1: Noise,
        hidden: Affine<{ sizes::PIXELS }, { N }, T>,
        scale1: mine::Scale<N, T>,
        affine2: Affine<{ N }, { CLASSES }, T>,
        loss: mine::Loss,
    ) -> Self {
        Self {
            noise1,
            hidden,
            scale1,
            affine2,
            loss,
            __frozen: nets::Frozen::NONE,
        }
    }
}
#[automatically_derived]
impl<
    const N: ::core::primitive::usize,
    const CLASSES: ::core::primitive::usize,
    T: nets::Scalar,
> ::core::clone::Clone for Everything<N, CLASSES, T> {
    fn clone(&self) -> Self {
        Self {
            noise1: <nets::__private::fallback::If<
                { __EverythingAnswers::ANSWER0 },
            > as nets::__private::fallback::Copied<_>>::copied(&self.noise1),
            hidden: ::core::clone::Clone::clone(&self.hidden),
            scale1: ::core::clone::Clone::clone(&self.scale1),
            affine2: ::core::clone::Clone::clone(&self.affine2),
            loss: ::core::clone::Clone::clone(&self.loss),
            __frozen: ::core::clone::Clone::clone(&self.__frozen),
        }
    }
}
#[automatically_derived]
impl<
    const N: ::core::primitive::usize,
    const CLASSES: ::core::primitive::usize,
    T: nets::Scalar,
> ::core::fmt::Debug for Everything<N, CLASSES, T> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.debug_struct("Everything")
            .field("noise1", &::core::format_args!("{}", "Noise(0.1)"))
            .field("hidden", &::core::format_args!("{}", "Affine<sizes::PIXELS, N>"))
            .field("scale1", &::core::format_args!("{}", "mine::Scale<N, T>"))
            .field("affine2", &::core::format_args!("{}", "Affine<N, CLASSES>"))
            .field("loss", &::core::format_args!("{}", "mine::Loss"))
            .finish()
    }
}
#[automatically_derived]
impl<
    const N: ::core::primitive::usize,
    const CLASSES: ::core::primitive::usize,
    T: nets::Scalar,
> nets::Parameters<T> for Everything<N, CLASSES, T> {
    fn part(
        &self,
        index: ::core::primitive::usize,
    ) -> ::core::option::Option<nets::Part<'_, T>> {
        ::core::option::Option::Some(
            match index {
                0usize => {
                    nets::Part::inside(
                        "noise1",
                        <nets::__private::fallback::If<
                            { __EverythingAnswers::ANSWER0 },
                        > as nets::__private::fallback::Choose<
                            Noise,
                            nets::__private::fallback::FallbackLayer<
                                nets::nalgebra::Const<{ sizes::PIXELS }>,
                            >,
                        >>::choose(&self.noise1),
                    )
                }
                1usize => nets::Part::inside("hidden", &self.hidden),
                2usize => nets::Part::inside("scale1", &self.scale1),
                3usize => nets::Part::inside("affine2", &self.affine2),
                _ => {
                    return nets::__private::loss_part::<
                        T,
                        nets::nalgebra::Const<{ CLASSES }>,
                        _,
                    >(&self.loss, index - 4usize);
                }
            },
        )
    }
    fn part_mut(
        &mut self,
        index: ::core::primitive::usize,
    ) -> ::core::option::Option<nets::PartMut<'_, T>> {
        ::core::option::Option::Some(
            match index {
                0usize => {
                    nets::PartMut::Inside(
                        <nets::__private::fallback::If<
                            { __EverythingAnswers::ANSWER0 },
                        > as nets::__private::fallback::Choose<
                            Noise,
                            nets::__private::fallback::FallbackLayer<
                                nets::nalgebra::Const<{ sizes::PIXELS }>,
                            >,
                        >>::choose_mut(&mut self.noise1),
                    )
                }
                1usize => nets::PartMut::Inside(&mut self.hidden),
                2usize => nets::PartMut::Inside(&mut self.scale1),
                3usize => nets::PartMut::Inside(&mut self.affine2),
                _ => {
                    return nets::__private::loss_part_mut::<
                        T,
                        nets::nalgebra::Const<{ CLASSES }>,
                        _,
                    >(&mut self.loss, index - 4usize);
                }
            },
        )
    }
}
#[automatically_derived]
impl<
    const N: ::core::primitive::usize,
    const CLASSES: ::core::primitive::usize,
    T: nets::Scalar,
> nets::Infer<T, nets::nalgebra::Const<{ SIDE * SIDE }>> for Everything<N, CLASSES, T> {
    type Out = nets::nalgebra::Const<{ CLASSES }>;
    const SCRATCH: ::core::primitive::usize = nets::__private::scratch_of_chain(
        &[
            <nets::nalgebra::Const<{ sizes::PIXELS }> as nets::nalgebra::DimName>::DIM,
            <nets::nalgebra::Const<{ N }> as nets::nalgebra::DimName>::DIM,
            <nets::nalgebra::Const<{ N }> as nets::nalgebra::DimName>::DIM,
        ],
        &[
            <<nets::__private::fallback::If<
                { __EverythingAnswers::ANSWER0 },
            > as nets::__private::fallback::Choose<
                Noise,
                nets::__private::fallback::FallbackLayer<
                    nets::nalgebra::Const<{ sizes::PIXELS }>,
                >,
            >>::Chosen as nets::Infer<
                T,
                nets::nalgebra::Const<{ SIDE * SIDE }>,
            >>::SCRATCH,
            <Affine<
                { sizes::PIXELS },
                { N },
                T,
            > as nets::Infer<T, nets::nalgebra::Const<{ sizes::PIXELS }>>>::SCRATCH,
            <mine::Scale<N, T> as nets::Infer<T, nets::nalgebra::Const<{ N }>>>::SCRATCH,
            <Affine<
                { N },
                { CLASSES },
                T,
            > as nets::Infer<T, nets::nalgebra::Const<{ N }>>>::SCRATCH,
        ],
    );
    const MULTIPLY_ADDS: ::core::primitive::usize = <<nets::__private::fallback::If<
        { __EverythingAnswers::ANSWER0 },
    > as nets::__private::fallback::Choose<
        Noise,
        nets::__private::fallback::FallbackLayer<
            nets::nalgebra::Const<{ sizes::PIXELS }>,
        >,
    >>::Chosen as nets::Infer<T, nets::nalgebra::Const<{ SIDE * SIDE }>>>::MULTIPLY_ADDS
        + <Affine<
            { sizes::PIXELS },
            { N },
            T,
        > as nets::Infer<T, nets::nalgebra::Const<{ sizes::PIXELS }>>>::MULTIPLY_ADDS
        + <mine::Scale<
            N,
            T,
        > as nets::Infer<T, nets::nalgebra::Const<{ N }>>>::MULTIPLY_ADDS
        + <Affine<
            { N },
            { CLASSES },
            T,
        > as nets::Infer<T, nets::nalgebra::Const<{ N }>>>::MULTIPLY_ADDS;
    #[inline]
    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]) {
        let [even, odd] = const {
            nets::__private::buffers(
                &[
                    <nets::nalgebra::Const<
                        { sizes::PIXELS },
                    > as nets::nalgebra::DimName>::DIM,
                    <nets::nalgebra::Const<{ N }> as nets::nalgebra::DimName>::DIM,
                    <nets::nalgebra::Const<{ N }> as nets::nalgebra::DimName>::DIM,
                ],
            )
        };
        let (even, scratch) = scratch.split_at_mut(even);
        let (odd, scratch) = scratch.split_at_mut(odd);
        nets::Infer::<
            T,
            nets::nalgebra::Const<{ SIDE * SIDE }>,
        >::infer_into(
            <nets::__private::fallback::If<
                { __EverythingAnswers::ANSWER0 },
            > as nets::__private::fallback::Choose<
                Noise,
                nets::__private::fallback::FallbackLayer<
                    nets::nalgebra::Const<{ sizes::PIXELS }>,
                >,
            >>::choose(&self.noise1),
            x,
            &mut even[..<nets::nalgebra::Const<
                { sizes::PIXELS },
            > as nets::nalgebra::DimName>::DIM],
            scratch,
        );
        nets::Infer::<
            T,
            nets::nalgebra::Const<{ sizes::PIXELS }>,
        >::infer_into(
            &self.hidden,
            &even[..<nets::nalgebra::Const<
                { sizes::PIXELS },
            > as nets::nalgebra::DimName>::DIM],
            &mut odd[..<nets::nalgebra::Const<{ N }> as nets::nalgebra::DimName>::DIM],
            scratch,
        );
        nets::Infer::<
            T,
            nets::nalgebra::Const<{ N }>,
        >::infer_into(
            &self.scale1,
            &odd[..<nets::nalgebra::Const<{ N }> as nets::nalgebra::DimName>::DIM],
            &mut even[..<nets::nalgebra::Const<{ N }> as nets::nalgebra::DimName>::DIM],
            scratch,
        );
        nets::Infer::<
            T,
            nets::nalgebra::Const<{ N }>,
        >::infer_into(
            &self.affine2,
            &even[..<nets::nalgebra::Const<{ N }> as nets::nalgebra::DimName>::DIM],
            y,
            scratch,
        );
    }
}
#[automatically_derived]
impl<
    const N: ::core::primitive::usize,
    const CLASSES: ::core::primitive::usize,
    T: nets::Scalar,
> nets::Network for Everything<N, CLASSES, T> {
    type Scalar = T;
    type Input = nets::nalgebra::Const<{ SIDE * SIDE }>;
    type Output = <Self as nets::Infer<T, nets::nalgebra::Const<{ SIDE * SIDE }>>>::Out;
    type Loss = mine::Loss;
    type F64 = Everything<N, CLASSES, ::core::primitive::f64>;
    const LAYERS: &'static [&'static ::core::primitive::str] = &[
        "noise1",
        "hidden",
        "scale1",
        "affine2",
    ];
    const NAME: &'static ::core::primitive::str = "Everything";
    const LOSS: &'static ::core::primitive::str = "mine::Loss";
    const PARAMETERS: ::core::primitive::usize = nets::__private::budget::parameters::<
        Self,
    >();
    fn loss_fn(&self) -> &Self::Loss {
        &self.loss
    }
    fn frozen(&self) -> &nets::Frozen<T> {
        &self.__frozen
    }
    fn frozen_mut(&mut self) -> &mut nets::Frozen<T> {
        &mut self.__frozen
    }
}
#[automatically_derived]
impl<
    const N: ::core::primitive::usize,
    const CLASSES: ::core::primitive::usize,
    T: nets::Scalar,
> nets::Embed<T> for Everything<N, CLASSES, T> {
    const PARTS: &'static [nets::Declared] = {
        #[allow(unused_imports)]
        use nets::__private::embed::EmbedFallback as _;
        &[
            nets::Declared::inside(
                "noise1",
                <nets::__private::embed::IsEmbed<Noise, T>>::PARTS,
            ),
            nets::Declared::inside(
                "hidden",
                <nets::__private::embed::IsEmbed<
                    Affine<{ sizes::PIXELS }, { N }, T>,
                    T,
                >>::PARTS,
            ),
            nets::Declared::inside(
                "scale1",
                <nets::__private::embed::IsEmbed<mine::Scale<N, T>, T>>::PARTS,
            ),
            nets::Declared::inside(
                "affine2",
                <nets::__private::embed::IsEmbed<
                    Affine<{ N }, { CLASSES }, T>,
                    T,
                >>::PARTS,
            ),
            nets::Declared::unchecked("loss"),
        ]
    };
}
#[automatically_derived]
impl<
    const N: ::core::primitive::usize,
    const CLASSES: ::core::primitive::usize,
    T: nets::Scalar,
    __Place: nets::Place,
> nets::EmbedAt<T, __Place> for Everything<N, CLASSES, T>
where
    Noise: nets::EmbedAt<T, nets::__private::embed::Inside<T, __Place, Self, 0usize>>,
    Affine<
        { sizes::PIXELS },
        { N },
        T,
    >: nets::EmbedAt<T, nets::__private::embed::Inside<T, __Place, Self, 1usize>>,
    mine::Scale<
        N,
        T,
    >: nets::EmbedAt<T, nets::__private::embed::Inside<T, __Place, Self, 2usize>>,
    Affine<
        { N },
        { CLASSES },
        T,
    >: nets::EmbedAt<T, nets::__private::embed::Inside<T, __Place, Self, 3usize>>,
    mine::Loss: nets::EmbedAt<
        T,
        nets::__private::embed::Inside<T, __Place, Self, 4usize>,
    >,
{
    const EMBEDDED: Self = Self::from_layers(
        <Noise as nets::EmbedAt<
            T,
            nets::__private::embed::Inside<T, __Place, Self, 0usize>,
        >>::EMBEDDED,
        <Affine<
            { sizes::PIXELS },
            { N },
            T,
        > as nets::EmbedAt<
            T,
            nets::__private::embed::Inside<T, __Place, Self, 1usize>,
        >>::EMBEDDED,
        <mine::Scale<
            N,
            T,
        > as nets::EmbedAt<
            T,
            nets::__private::embed::Inside<T, __Place, Self, 2usize>,
        >>::EMBEDDED,
        <Affine<
            { N },
            { CLASSES },
            T,
        > as nets::EmbedAt<
            T,
            nets::__private::embed::Inside<T, __Place, Self, 3usize>,
        >>::EMBEDDED,
        <mine::Loss as nets::EmbedAt<
            T,
            nets::__private::embed::Inside<T, __Place, Self, 4usize>,
        >>::EMBEDDED,
    );
}
nets::__private::with_alloc! {
    #[automatically_derived]
    impl<
        const N: ::core::primitive::usize,
        const CLASSES: ::core::primitive::usize,
        T: nets::Scalar,
    > ::core::default::Default for Everything<N, CLASSES, T> {
        fn default() -> Self {
            Self {
                noise1: {
                    #[allow(unused_imports)]
                    use nets::hyperparameters::New1 as _;
                    <Noise>::new(0.1)
                },
                hidden: ::core::default::Default::default(),
                scale1: ::core::default::Default::default(),
                affine2: ::core::default::Default::default(),
                loss: ::core::default::Default::default(),
                __frozen: ::core::default::Default::default(),
            }
        }
    }
    #[doc(hidden)]
    pub(crate) struct EverythingCache<
        const N: ::core::primitive::usize,
        const CLASSES: ::core::primitive::usize,
        T: nets::Scalar,
        Samples: nets::nalgebra::Dim,
    > {
        noise1: nets::LayerTape<
            T,
            Samples,
            nets::nalgebra::Const<{ SIDE * SIDE }>,
            <nets::__private::fallback::If<
                { __EverythingAnswers::ANSWER0 },
            > as nets::__private::fallback::Choose<
                Noise,
                nets::__private::fallback::FallbackLayer<
                    nets::nalgebra::Const<{ sizes::PIXELS }>,
                >,
            >>::Chosen,
        >,
        hidden: nets::LayerTape<
            T,
            Samples,
            nets::nalgebra::Const<{ sizes::PIXELS }>,
            Affine<{ sizes::PIXELS }, { N }, T>,
        >,
        scale1: nets::LayerTape<
            T,
            Samples,
            nets::nalgebra::Const<{ N }>,
            mine::Scale<N, T>,
        >,
        affine2: <Affine<
            { N },
            { CLASSES },
            T,
        > as nets::Layer<T, nets::nalgebra::Const<{ N }>>>::Cache<Samples>,
    }
    #[automatically_derived]
    impl<
        const N: ::core::primitive::usize,
        const CLASSES: ::core::primitive::usize,
        T: nets::Scalar,
        Samples: nets::nalgebra::Dim,
    > nets::Cache<Samples> for EverythingCache<N, CLASSES, T, Samples> {
        fn new(samples: Samples) -> Self {
            Self {
                noise1: nets::Cache::new(samples),
                hidden: nets::Cache::new(samples),
                scale1: nets::Cache::new(samples),
                affine2: nets::Cache::new(samples),
            }
        }
    }
    #[automatically_derived]
    impl<
        const N: ::core::primitive::usize,
        const CLASSES: ::core::primitive::usize,
        T: nets::Scalar,
        Samples: nets::nalgebra::Dim,
    > ::core::fmt::Debug for EverythingCache<N, CLASSES, T, Samples> {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_struct(::core::stringify!(EverythingCache)).finish_non_exhaustive()
        }
    }
    #[automatically_derived]
    impl<
        const N: ::core::primitive::usize,
        const CLASSES: ::core::primitive::usize,
        T: nets::Scalar,
    > nets::Layer<T, nets::nalgebra::Const<{ SIDE * SIDE }>>
    for Everything<N, CLASSES, T> {
        type Cache<Samples: nets::nalgebra::Dim> = EverythingCache<
            N,
            CLASSES,
            T,
            Samples,
        >;
        fn forward<
            Samples: nets::nalgebra::Dim,
            S: nets::nalgebra::RawStorage<
                    T,
                    Samples,
                    nets::nalgebra::Const<{ SIDE * SIDE }>,
                >,
        >(
            &self,
            x: &nets::nalgebra::Matrix<
                T,
                Samples,
                nets::nalgebra::Const<{ SIDE * SIDE }>,
                S,
            >,
            y: &mut nets::Batch<T, Samples, nets::nalgebra::Const<{ CLASSES }>>,
            cache: &mut Self::Cache<Samples>,
            mode: nets::Mode,
        ) {
            nets::LayerTape::forward(
                &mut cache.noise1,
                <nets::__private::fallback::If<
                    { __EverythingAnswers::ANSWER0 },
                > as nets::__private::fallback::Choose<
                    Noise,
                    nets::__private::fallback::FallbackLayer<
                        nets::nalgebra::Const<{ sizes::PIXELS }>,
                    >,
                >>::choose(&self.noise1),
                x,
                mode.inside(0u64),
            );
            nets::LayerTape::forward(
                &mut cache.hidden,
                &self.hidden,
                &cache.noise1.y,
                mode.inside(1u64),
            );
            nets::LayerTape::forward(
                &mut cache.scale1,
                &self.scale1,
                &cache.hidden.y,
                mode.inside(2u64),
            );
            <Affine<
                { N },
                { CLASSES },
                T,
            > as nets::Layer<
                T,
                nets::nalgebra::Const<{ N }>,
            >>::forward(
                &self.affine2,
                &cache.scale1.y,
                y,
                &mut cache.affine2,
                mode.inside(3u64),
            );
        }
        fn backward<
            Samples: nets::nalgebra::Dim,
            S: nets::nalgebra::RawStorage<
                    T,
                    Samples,
                    nets::nalgebra::Const<{ SIDE * SIDE }>,
                >,
        >(
            &self,
            x: &nets::nalgebra::Matrix<
                T,
                Samples,
                nets::nalgebra::Const<{ SIDE * SIDE }>,
                S,
            >,
            y: &nets::Batch<T, Samples, nets::nalgebra::Const<{ CLASSES }>>,
            dy: &nets::Batch<T, Samples, nets::nalgebra::Const<{ CLASSES }>>,
            dx: ::core::option::Option<
                &mut nets::Batch<T, Samples, nets::nalgebra::Const<{ SIDE * SIDE }>>,
            >,
            cache: &mut Self::Cache<Samples>,
        ) {
            <Affine<
                { N },
                { CLASSES },
                T,
            > as nets::Layer<
                T,
                nets::nalgebra::Const<{ N }>,
            >>::backward(
                &self.affine2,
                &cache.scale1.y,
                y,
                dy,
                ::core::option::Option::Some(&mut cache.scale1.dy),
                &mut cache.affine2,
            );
            nets::LayerTape::backward(
                &mut cache.scale1,
                &self.scale1,
                &cache.hidden.y,
                ::core::option::Option::Some(&mut cache.hidden.dy),
            );
            nets::LayerTape::backward(
                &mut cache.hidden,
                &self.hidden,
                &cache.noise1.y,
                ::core::option::Option::Some(&mut cache.noise1.dy),
            );
            nets::LayerTape::backward(
                &mut cache.noise1,
                <nets::__private::fallback::If<
                    { __EverythingAnswers::ANSWER0 },
                > as nets::__private::fallback::Choose<
                    Noise,
                    nets::__private::fallback::FallbackLayer<
                        nets::nalgebra::Const<{ sizes::PIXELS }>,
                    >,
                >>::choose(&self.noise1),
                x,
                dx,
            );
        }
        fn add_gradient<
            Samples: nets::nalgebra::Dim,
            S: nets::nalgebra::RawStorage<
                    T,
                    Samples,
                    nets::nalgebra::Const<{ SIDE * SIDE }>,
                >,
        >(
            x: &nets::nalgebra::Matrix<
                T,
                Samples,
                nets::nalgebra::Const<{ SIDE * SIDE }>,
                S,
            >,
            dy: &nets::Batch<T, Samples, nets::nalgebra::Const<{ CLASSES }>>,
            cache: &Self::Cache<Samples>,
            scale: T,
            target: &mut Self,
        ) {
            nets::LayerTape::add_gradient(
                &cache.noise1,
                x,
                scale,
                <nets::__private::fallback::If<
                    { __EverythingAnswers::ANSWER0 },
                > as nets::__private::fallback::Choose<
                    Noise,
                    nets::__private::fallback::FallbackLayer<
                        nets::nalgebra::Const<{ sizes::PIXELS }>,
                    >,
                >>::choose_mut(&mut target.noise1),
            );
            nets::LayerTape::add_gradient(
                &cache.hidden,
                &cache.noise1.y,
                scale,
                &mut target.hidden,
            );
            nets::LayerTape::add_gradient(
                &cache.scale1,
                &cache.hidden.y,
                scale,
                &mut target.scale1,
            );
            <Affine<
                { N },
                { CLASSES },
                T,
            > as nets::Layer<
                T,
                nets::nalgebra::Const<{ N }>,
            >>::add_gradient(
                &cache.scale1.y,
                dy,
                &cache.affine2,
                scale,
                &mut target.affine2,
            );
        }
        fn add_statistics<Samples: nets::nalgebra::Dim>(
            cache: &Self::Cache<Samples>,
            weight: T,
            target: &mut Self,
        ) {
            nets::LayerTape::add_statistics(
                &cache.noise1,
                weight,
                <nets::__private::fallback::If<
                    { __EverythingAnswers::ANSWER0 },
                > as nets::__private::fallback::Choose<
                    Noise,
                    nets::__private::fallback::FallbackLayer<
                        nets::nalgebra::Const<{ sizes::PIXELS }>,
                    >,
                >>::choose_mut(&mut target.noise1),
            );
            nets::LayerTape::add_statistics(&cache.hidden, weight, &mut target.hidden);
            nets::LayerTape::add_statistics(&cache.scale1, weight, &mut target.scale1);
            <Affine<
                { N },
                { CLASSES },
                T,
            > as nets::Layer<
                T,
                nets::nalgebra::Const<{ N }>,
            >>::add_statistics::<Samples>(&cache.affine2, weight, &mut target.affine2);
        }
        fn list_activations<'a, Samples: nets::nalgebra::Dim>(
            cache: &'a Self::Cache<Samples>,
            at: nets::__private::Path<'_>,
            list: &mut nets::__private::Vec<nets::Activations<'a, T>>,
        ) {
            nets::LayerTape::list_activations(&cache.noise1, at.then("noise1"), list);
            nets::LayerTape::list_activations(&cache.hidden, at.then("hidden"), list);
            nets::LayerTape::list_activations(&cache.scale1, at.then("scale1"), list);
            <Affine<
                { N },
                { CLASSES },
                T,
            > as nets::Layer<
                T,
                nets::nalgebra::Const<{ N }>,
            >>::list_activations::<Samples>(&cache.affine2, at.then("affine2"), list);
        }
        fn inside(
            &self,
        ) -> ::core::option::Option<nets::Inside<nets::LayerInfo<'_, T>>> {
            ::core::option::Option::Some(
                nets::Inside::Chain(
                    <nets::__private::Vec<
                        _,
                    > as ::core::convert::From<
                        _,
                    >>::from([
                        nets::LayerInfo::new::<
                            nets::nalgebra::Const<{ SIDE * SIDE }>,
                            _,
                        >(
                            "noise1",
                            "Noise(0.1)",
                            <nets::__private::fallback::If<
                                { __EverythingAnswers::ANSWER0 },
                            > as nets::__private::fallback::Choose<
                                Noise,
                                nets::__private::fallback::FallbackLayer<
                                    nets::nalgebra::Const<{ sizes::PIXELS }>,
                                >,
                            >>::choose(&self.noise1),
                        ),
                        nets::LayerInfo::new::<
                            nets::nalgebra::Const<{ sizes::PIXELS }>,
                            _,
                        >("hidden", "Affine<sizes::PIXELS, N>", &self.hidden),
                        nets::LayerInfo::new::<
                            nets::nalgebra::Const<{ N }>,
                            _,
                        >("scale1", "mine::Scale<N, T>", &self.scale1),
                        nets::LayerInfo::new::<
                            nets::nalgebra::Const<{ N }>,
                            _,
                        >("affine2", "Affine<N, CLASSES>", &self.affine2),
                    ]),
                ),
            )
        }
    }
}
const _: [(); {
    #[allow(unused_imports)]
    use nets::__private::fallback::Fallback as _;
    if <nets::__private::fallback::IsNetwork<Noise>>::HOLDS {
        let message = nets::__private::Message::new()
            .text(
                "`Noise(0.1)` is a network with its own loss: write its layers here instead",
            );
        ::core::panic!("{}", message.as_str())
    }
    if <nets::__private::fallback::IsBlock<Noise>>::INPUT != 0
        && <nets::__private::fallback::IsBlock<Noise>>::INPUT
            != <nets::nalgebra::Const<{ SIDE * SIDE }> as nets::nalgebra::DimName>::DIM
    {
        let message = nets::__private::Message::new()
            .text("`Noise(0.1)` takes ")
            .number(<nets::__private::fallback::IsBlock<Noise>>::INPUT)
            .text(" features, but `Input<{ SIDE * SIDE }>` before it outputs ")
            .number(
                <nets::nalgebra::Const<{ SIDE * SIDE }> as nets::nalgebra::DimName>::DIM,
            );
        ::core::panic!("{}", message.as_str())
    }
    if !<nets::__private::fallback::IsLayer<
        Noise,
        nets::nalgebra::Const<{ SIDE * SIDE }>,
    >>::HOLDS {
        let message = nets::__private::Message::new()
            .text("`Noise(0.1)` is not a layer for the ")
            .number(
                <nets::nalgebra::Const<{ SIDE * SIDE }> as nets::nalgebra::DimName>::DIM,
            )
            .text(
                " features that `Input<{ SIDE * SIDE }>` outputs: implement `typenet::Layer<T, Const<",
            )
            .number(
                <nets::nalgebra::Const<{ SIDE * SIDE }> as nets::nalgebra::DimName>::DIM,
            )
            .text(">>` for it");
        ::core::panic!("{}", message.as_str())
    } else if !<nets::__private::fallback::IsLayerInF64<
        Noise,
        nets::nalgebra::Const<{ SIDE * SIDE }>,
    >>::HOLDS {
        let message = nets::__private::Message::new()
            .text("`Noise(0.1)` is a layer for `f32` only: write `Noise(0.1)<T>`");
        ::core::panic!("{}", message.as_str())
    }
    0
}] = [];
const _: [(); {
    let (declared, actual): (::core::primitive::usize, ::core::primitive::usize) = (
        <nets::nalgebra::Const<{ sizes::PIXELS }> as nets::nalgebra::DimName>::DIM,
        {
            #[allow(unused_imports)]
            use nets::__private::fallback::Fallback as _;
            <nets::__private::fallback::IsLayer<
                Noise,
                nets::nalgebra::Const<{ SIDE * SIDE }>,
            >>::OUT
        },
    );
    if actual != 0 && declared != actual {
        let message = nets::__private::Message::new()
            .text("`Affine<sizes::PIXELS, N>` takes ")
            .number(declared)
            .text(" features, but `Noise(0.1)` before it outputs ")
            .number(actual);
        ::core::panic!("{}", message.as_str())
    }
    0
}] = [];
#[doc(hidden)]
enum __EverythingAnswers {}
#[allow(dead_code)]
impl __EverythingAnswers {
    const ANSWER0: ::core::primitive::bool = {
        #[allow(unused_imports)]
        use nets::__private::fallback::Fallback as _;
        <nets::__private::fallback::IsLayer<
            Noise,
            nets::nalgebra::Const<{ SIDE * SIDE }>,
        >>::HOLDS && !<nets::__private::fallback::IsNetwork<Noise>>::HOLDS
            && <nets::__private::fallback::IsLayerInF64<
                Noise,
                nets::nalgebra::Const<{ SIDE * SIDE }>,
            >>::HOLDS
            && <nets::__private::fallback::IsLayer<
                Noise,
                nets::nalgebra::Const<{ SIDE * SIDE }>,
            >>::OUT
                == <nets::nalgebra::Const<
                    { sizes::PIXELS },
                > as nets::nalgebra::DimName>::DIM
    };
}
