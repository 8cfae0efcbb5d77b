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
            ""
        )(
            "hidden"
            "Affine<sizes::PIXELS, N>"
            "sizes::PIXELS"
            "sizes::PIXELS * N + N"
            "hidden.weight"
            "sizes::PIXELS x N"
            "hidden.bias"
            "1 x N"
        )(
            "scale1"
            "mine::Scale<N, T>"
            "N"
            ""
        )(
            "affine2"
            "Affine<N, CLASSES>"
            "N"
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
    /// How the output is judged.
    pub(crate) loss: mine::Loss,
}
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
        }
    }
}
/// What [`Everything`] writes down on the way forward and reads on the way back.
#[derive(::core::fmt::Debug)]
pub(crate) struct EverythingTape<
    const N: ::core::primitive::usize,
    const CLASSES: ::core::primitive::usize,
    T: nets::Scalar,
    Samples: nets::nalgebra::Dim,
> {
    noise1: nets::Record<
        T,
        Samples,
        nets::nalgebra::Const<{ SIDE * SIDE }>,
        <nets::__private::stand_in::If<
            { __EverythingAnswers::ANSWER0 },
        > as nets::__private::stand_in::Choose<
            Noise,
            nets::__private::stand_in::StandIn<nets::nalgebra::Const<{ sizes::PIXELS }>>,
        >>::Chosen,
    >,
    hidden: nets::Record<
        T,
        Samples,
        nets::nalgebra::Const<{ sizes::PIXELS }>,
        Affine<{ sizes::PIXELS }, { N }, T>,
    >,
    scale1: nets::Record<T, Samples, nets::nalgebra::Const<{ N }>, mine::Scale<N, T>>,
    affine2: nets::Record<
        T,
        Samples,
        nets::nalgebra::Const<{ N }>,
        Affine<{ N }, { CLASSES }, T>,
    >,
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
                        <nets::__private::stand_in::If<
                            { __EverythingAnswers::ANSWER0 },
                        > as nets::__private::stand_in::Choose<
                            Noise,
                            nets::__private::stand_in::StandIn<
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
                        nets::nalgebra::Const<CLASSES>,
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
                        <nets::__private::stand_in::If<
                            { __EverythingAnswers::ANSWER0 },
                        > as nets::__private::stand_in::Choose<
                            Noise,
                            nets::__private::stand_in::StandIn<
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
                        nets::nalgebra::Const<CLASSES>,
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
> nets::Network for Everything<N, CLASSES, T> {
    type Scalar = T;
    type Input = nets::nalgebra::Const<{ SIDE * SIDE }>;
    type Output = nets::nalgebra::Const<{ CLASSES }>;
    type Loss = mine::Loss;
    type Tape<Samples: nets::nalgebra::Dim> = EverythingTape<N, CLASSES, T, Samples>;
    type Precise = Everything<N, CLASSES, ::core::primitive::f64>;
    const NAME: &'static ::core::primitive::str = "Everything";
    const LOSS: &'static ::core::primitive::str = "mine::Loss";
    fn layers(&self) -> impl ::core::iter::Iterator<Item = nets::LayerInfo<'_, T>> {
        ::core::iter::IntoIterator::into_iter([
            nets::LayerInfo::new::<
                nets::nalgebra::Const<{ SIDE * SIDE }>,
                _,
            >(
                "noise1",
                "Noise(0.1)",
                <nets::__private::stand_in::If<
                    { __EverythingAnswers::ANSWER0 },
                > as nets::__private::stand_in::Choose<
                    Noise,
                    nets::__private::stand_in::StandIn<
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
        ])
    }
    fn loss_layer(&self) -> &Self::Loss {
        &self.loss
    }
    fn infer(
        &self,
        x: &nets::nalgebra::OVector<T, nets::nalgebra::Const<{ SIDE * SIDE }>>,
    ) -> nets::nalgebra::OVector<T, nets::nalgebra::Const<{ CLASSES }>> {
        let y = nets::infer(
            <nets::__private::stand_in::If<
                { __EverythingAnswers::ANSWER0 },
            > as nets::__private::stand_in::Choose<
                Noise,
                nets::__private::stand_in::StandIn<
                    nets::nalgebra::Const<{ sizes::PIXELS }>,
                >,
            >>::choose(&self.noise1),
            x,
        );
        let y = nets::infer(&self.hidden, &y);
        let y = nets::infer(&self.scale1, &y);
        nets::infer(&self.affine2, &y)
    }
}
#[automatically_derived]
impl<
    const N: ::core::primitive::usize,
    const CLASSES: ::core::primitive::usize,
    T: nets::Scalar,
    Samples: nets::nalgebra::Dim,
> nets::Tape<Everything<N, CLASSES, T>, Samples>
for EverythingTape<N, CLASSES, T, Samples> {
    fn new(samples: Samples) -> Self {
        Self {
            noise1: nets::Record::new(samples),
            hidden: nets::Record::new(samples),
            scale1: nets::Record::new(samples),
            affine2: nets::Record::new(samples),
        }
    }
    fn forward<
        S: nets::nalgebra::RawStorage<T, Samples, nets::nalgebra::Const<{ SIDE * SIDE }>>,
    >(
        &mut self,
        network: &Everything<N, CLASSES, T>,
        x: &nets::nalgebra::Matrix<T, Samples, nets::nalgebra::Const<{ SIDE * SIDE }>, S>,
    ) {
        nets::Record::forward(
            &mut self.noise1,
            <nets::__private::stand_in::If<
                { __EverythingAnswers::ANSWER0 },
            > as nets::__private::stand_in::Choose<
                Noise,
                nets::__private::stand_in::StandIn<
                    nets::nalgebra::Const<{ sizes::PIXELS }>,
                >,
            >>::choose(&network.noise1),
            x,
        );
        nets::Record::forward(&mut self.hidden, &network.hidden, &self.noise1.y);
        nets::Record::forward(&mut self.scale1, &network.scale1, &self.hidden.y);
        nets::Record::forward(&mut self.affine2, &network.affine2, &self.scale1.y);
    }
    fn output(&self) -> &nets::Batch<T, Samples, nets::nalgebra::Const<{ CLASSES }>> {
        &self.affine2.y
    }
    fn written(&self) -> impl ::core::iter::Iterator<Item = nets::Written<'_, T>> {
        ::core::iter::IntoIterator::into_iter([
            nets::Record::written(&self.noise1, "noise1"),
            nets::Record::written(&self.hidden, "hidden"),
            nets::Record::written(&self.scale1, "scale1"),
            nets::Record::written(&self.affine2, "affine2"),
        ])
    }
    fn backward<
        S: nets::nalgebra::RawStorage<T, Samples, nets::nalgebra::Const<{ SIDE * SIDE }>>,
    >(
        &mut self,
        network: &Everything<N, CLASSES, T>,
        x: &nets::nalgebra::Matrix<
            T,
            Samples,
            nets::nalgebra::Const<{ SIDE * SIDE }>,
            S,
        >,
        target: &nets::TargetOf<Everything<N, CLASSES, T>, Samples>,
    ) -> T {
        let loss = nets::Loss::backward(
            &network.loss,
            &self.affine2.y,
            target,
            &mut self.affine2.dy,
        );
        nets::Record::backward(
            &mut self.affine2,
            &network.affine2,
            &self.scale1.y,
            ::core::option::Option::Some(&mut self.scale1.dy),
        );
        nets::Record::backward(
            &mut self.scale1,
            &network.scale1,
            &self.hidden.y,
            ::core::option::Option::Some(&mut self.hidden.dy),
        );
        nets::Record::backward(
            &mut self.hidden,
            &network.hidden,
            &self.noise1.y,
            ::core::option::Option::Some(&mut self.noise1.dy),
        );
        nets::Record::backward(
            &mut self.noise1,
            <nets::__private::stand_in::If<
                { __EverythingAnswers::ANSWER0 },
            > as nets::__private::stand_in::Choose<
                Noise,
                nets::__private::stand_in::StandIn<
                    nets::nalgebra::Const<{ sizes::PIXELS }>,
                >,
            >>::choose(&network.noise1),
            x,
            ::core::option::Option::None,
        );
        loss
    }
    fn add_gradient<
        S: nets::nalgebra::RawStorage<T, Samples, nets::nalgebra::Const<{ SIDE * SIDE }>>,
    >(
        &self,
        x: &nets::nalgebra::Matrix<
            T,
            Samples,
            nets::nalgebra::Const<{ SIDE * SIDE }>,
            S,
        >,
        scale: T,
        target: &mut Everything<N, CLASSES, T>,
    ) {
        nets::Record::add_gradient(
            &self.noise1,
            x,
            scale,
            <nets::__private::stand_in::If<
                { __EverythingAnswers::ANSWER0 },
            > as nets::__private::stand_in::Choose<
                Noise,
                nets::__private::stand_in::StandIn<
                    nets::nalgebra::Const<{ sizes::PIXELS }>,
                >,
            >>::choose_mut(&mut target.noise1),
        );
        nets::Record::add_gradient(
            &self.hidden,
            &self.noise1.y,
            scale,
            &mut target.hidden,
        );
        nets::Record::add_gradient(
            &self.scale1,
            &self.hidden.y,
            scale,
            &mut target.scale1,
        );
        nets::Record::add_gradient(
            &self.affine2,
            &self.scale1.y,
            scale,
            &mut target.affine2,
        );
    }
}
const _: [(); {
    #[allow(unused_imports)]
    use nets::__private::stand_in::Otherwise as _;
    if <nets::__private::stand_in::IsNetwork<Noise>>::YES {
        let message = nets::__private::Message::new()
            .text(
                "`Noise(0.1)` is a network, which ends in a loss of its own: write its layers in its place",
            );
        ::core::panic!("{}", message.as_str())
    }
    if !<nets::__private::stand_in::IsLayer<
        Noise,
        nets::nalgebra::Const<{ SIDE * SIDE }>,
    >>::YES {
        let message = nets::__private::Message::new()
            .text("`Noise(0.1)` is not a layer for the ")
            .number(
                <nets::nalgebra::Const<{ SIDE * SIDE }> as nets::nalgebra::DimName>::DIM,
            )
            .text(
                " features that `Input<{ SIDE * SIDE }>` gives: implement `typenet::Layer<T, Const<",
            )
            .number(
                <nets::nalgebra::Const<{ SIDE * SIDE }> as nets::nalgebra::DimName>::DIM,
            )
            .text(">>` for it");
        ::core::panic!("{}", message.as_str())
    }
    0
}] = [];
const _: [(); {
    let (taken, given): (::core::primitive::usize, ::core::primitive::usize) = (
        <nets::nalgebra::Const<{ sizes::PIXELS }> as nets::nalgebra::DimName>::DIM,
        {
            #[allow(unused_imports)]
            use nets::__private::stand_in::Otherwise as _;
            <nets::__private::stand_in::IsLayer<
                Noise,
                nets::nalgebra::Const<{ SIDE * SIDE }>,
            >>::GIVES
        },
    );
    if given != 0 && taken != given {
        let message = nets::__private::Message::new()
            .text("`Affine<sizes::PIXELS, N>` takes ")
            .number(taken)
            .text(" features, but `Noise(0.1)` before it gives ")
            .number(given);
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
        use nets::__private::stand_in::Otherwise as _;
        <nets::__private::stand_in::IsLayer<
            Noise,
            nets::nalgebra::Const<{ SIDE * SIDE }>,
        >>::YES
            && <nets::__private::stand_in::IsLayer<
                Noise,
                nets::nalgebra::Const<{ SIDE * SIDE }>,
            >>::GIVES
                == <nets::nalgebra::Const<
                    { sizes::PIXELS },
                > as nets::nalgebra::DimName>::DIM
    };
}
