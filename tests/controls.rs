//! What users do to a network around training: features of hidden layers, frozen parameters, copied layers.

#[path = "support/waves.rs"]
mod waves;

use typenet::data::Table;
use typenet::prelude::*;
use typenet::training::Trainer;
use waves::{bits, random, wave};

/// Outputs of layers by name.
mod activations {
    use super::*;

    network! {
        block Hidden<const F: usize> = Affine<F, F> -> Tanh;
        struct Net = Affine<2, 4> -> Relu -> Hidden<4> -> Residual[Affine<4, 4>] -> Affine<4, 3> -> SoftmaxWithLoss;
    }

    #[test]
    fn the_features_of_a_hidden_layer() -> Result<(), Error> {
        let (net, x, mut tape) = (random::<Net<f64>>(), wave(Dyn(5)), Net::tape(Dyn(5)));
        net.predict_with(&x, &mut tape);
        let features = tape.activation("relu1")?.matrix();
        assert_eq!(features.shape(), (5, 4));
        for (x, features) in x.row_iter().zip(features.row_iter()) {
            let wanted = (x * &*net.affine1.weight + &*net.affine1.bias).map(|x| x.max(0.0));
            assert!((features - wanted).amax() < 1e-15);
        }
        Ok(())
    }

    #[test]
    fn every_layer_has_a_name() {
        let (net, x, mut tape) = (random::<Net<f64>>(), wave(Dyn(5)), Net::tape(Dyn(5)));
        net.predict_with(&x, &mut tape);
        let (affine, hidden) = (tape.activation("hidden1.affine1").unwrap(), tape.activation("hidden1").unwrap());
        assert!(affine.y.iter().zip(hidden.y).all(|(affine, hidden)| (affine.tanh() - hidden).abs() < 1e-15));
        assert_eq!(tape.activation("affine2").unwrap().matrix(), **tape.output());
        let error = tape.activation("relu2").unwrap_err().to_string();
        let names = "affine1, relu1, hidden1.affine1, hidden1, residual1, affine2";
        assert_eq!(error, format!("`Net` has no layer `relu2`; it has {names}"));
    }
}

/// Frozen parameters, by pattern.
mod freezing {
    use super::*;

    network! {
        block Hidden<const F: usize> = Affine<F, F> -> Tanh -> BatchNorm<F>;
        struct Net = Affine<4, 6> -> Tanh -> BatchNorm<6> -> Hidden<6> -> Affine<6, 3> -> SoftmaxWithLoss;
    }

    const PARAMETERS: [&str; 14] = [
        "affine1.weight",
        "affine1.bias",
        "batch_norm1.scale",
        "batch_norm1.shift",
        "batch_norm1.mean",
        "batch_norm1.variance",
        "hidden1.affine1.weight",
        "hidden1.affine1.bias",
        "hidden1.batch_norm1.scale",
        "hidden1.batch_norm1.shift",
        "hidden1.batch_norm1.mean",
        "hidden1.batch_norm1.variance",
        "affine2.weight",
        "affine2.bias",
    ];

    /// The bits of each parameter and running statistic, in the order of `PARAMETERS`.
    fn arrays(net: &Net<f64>) -> Vec<Vec<u64>> {
        let bits = bits(net);
        let lengths = [24, 6, 6, 6, 6, 6, 36, 6, 6, 6, 6, 6, 18, 3];
        let mut rest = &bits[..];
        lengths
            .map(|length| {
                let (values, after) = rest.split_at(length);
                rest = after;
                values.to_vec()
            })
            .to_vec()
    }

    fn data() -> (Samples<f64, Const<12>, Const<4>>, Labels<Const<12>, Const<3>>) {
        (wave(Const), Labels::try_from(std::array::from_fn(|place| place % 3)).unwrap())
    }

    /// Freezes, thaws and trains; compares what has changed with what should have.
    #[track_caller]
    fn check(freeze: &[&str], thaw: &[&str], is_frozen: impl Fn(&str) -> bool) {
        fn steps(mut optimizer: impl Optimizer<Net<f64>>, freeze: &[&str], thaw: &[&str]) -> [Vec<Vec<u64>>; 2] {
            let (mut net, mut tape, (x, labels)) = (random::<Net<f64>>(), Net::tape(Const), data());
            for _ in 0..2 {
                optimizer.descend_with(&mut net, &x, &labels, 0.01, &mut tape); // it has momentum now
            }
            for pattern in freeze {
                net.freeze(pattern).unwrap();
            }
            for pattern in thaw {
                net.thaw(pattern).unwrap();
            }
            let before = arrays(&net);
            for _ in 0..3 {
                optimizer.descend_with(&mut net, &x, &labels, 0.01, &mut tape);
            }
            [before, arrays(&net)]
        }
        let all = [
            steps(AdamW::new().weight_decay(0.3), freeze, thaw),
            steps(AdamW::new().weight_decay(0.3).clip_norm(0.1), freeze, thaw),
            steps(Momentum::new().weight_decay(0.3).clip_norm(0.1), freeze, thaw),
            steps(Sgd::new().weight_decay(0.3), freeze, thaw),
        ];
        for [before, after] in all {
            for ((name, before), after) in PARAMETERS.iter().zip(before).zip(after) {
                assert_eq!(before == after, is_frozen(name), "`{name}` after {freeze:?} and {thaw:?}");
            }
        }
    }

    #[test]
    fn patterns_freeze_and_thaw_parts() {
        check(&[], &[], |_| false);
        check(&["*"], &[], |_| true);
        check(&["*"], &["affine2"], |name| !name.starts_with("affine2"));
        check(&["affine*"], &[], |name| name.starts_with("affine"));
        check(&["*affine*"], &["*.bias"], |name| name.contains("affine") && !name.ends_with("bias"));
        check(&["*.bias"], &[], |name| name.ends_with("bias"));
        check(&["*batch_norm1"], &[], |name| name.contains("batch_norm"));
        check(&["hidden1.batch*"], &[], |name| name.starts_with("hidden1.batch"));
        check(&["hidden1"], &["hidden1.*.scale"], |name| name.starts_with("hidden1") && !name.ends_with("scale"));
        check(&["*.mean", "*.variance"], &[], |name| name.ends_with("mean") || name.ends_with("variance"));
    }

    #[test]
    fn a_pattern_that_matches_nothing_is_an_error() {
        let mut net = random::<Net<f64>>();
        for pattern in ["conv*", "*.weights", "affine", "*.", "tanh1", ""] {
            let error = net.freeze(pattern).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("`Net` has no parameter `{pattern}`; it has affine1.weight, ")),
                "{error}"
            );
            assert_eq!(net.thaw(pattern).unwrap_err().to_string(), error);
        }
        assert!(!net.frozen().any());
    }

    /// As in PyTorch, where a parameter without `requires_grad` has no gradient.
    #[test]
    fn frozen_gradients_do_not_count_when_a_gradient_is_clipped() {
        let (net, (x, labels)) = (random::<Net<f64>>(), data());
        let mut gradient = net.gradient(&x, &labels);
        gradient.affine1.weight.fill(1e6);
        let step = |gradient: &Net<f64>, freeze: bool| {
            let mut net = net.clone();
            if freeze {
                net.freeze("affine1").unwrap();
            }
            Sgd::new().clip_norm(1e-3).step(&mut net, gradient, 1.0);
            (&*net.affine2.weight - &*self::random::<Net<f64>>().affine2.weight).norm()
        };
        let (frozen, learned) = (step(&gradient, true), step(&gradient, false));
        assert!(frozen > 1e-5 && learned < 1e-9, "{frozen}, {learned}");
        gradient.affine1.weight.fill(f64::NAN);
        assert_eq!(step(&gradient, true), frozen);
    }

    /// Freezing under `AdamW` in a trainer, with early stopping.
    #[test]
    fn a_trainer_leaves_frozen_layers_unchanged() -> Result<(), Error> {
        let (x, labels) = data();
        let data = Table::new(Samples::from_matrix(&x.rows(0, 12)), labels.classes().to_vec().try_into()?)?;
        let mut net = random::<Net<f64>>();
        net.freeze("*")?;
        net.thaw("affine2")?;
        let mut trainer = Trainer::new(net.clone(), AdamW::new(), Schedule::constant(0.01), &data);
        trainer = trainer.batch_size(4).epochs(5).early_stopping(2);
        trainer.run()?;
        let (before, after) = (arrays(&net), arrays(trainer.network()));
        assert!(before[..12] == after[..12] && before[12] != after[12] && before[13] != after[13]);
        Ok(())
    }
}

/// Layers copied between networks.
mod copying {
    use super::*;

    network! {
        block Trunk = Input<1, 5, 5> -> Conv2d<1, 3, 3> -> BatchNorm<3>(momentum = 0.25) -> Relu -> Flatten;
        struct Old = trunk: Trunk -> Affine<_, 4> -> Relu -> Affine<_, 5> -> SoftmaxWithLoss;
        struct New = trunk: Trunk -> Affine<_, 4> -> Tanh -> Affine<_, 2> -> MeanSquaredError;
        struct Small = Affine<4, 5> -> other: Affine<5, 5> -> SoftmaxWithLoss;
    }

    #[test]
    fn layers_of_another_network_are_copied_by_pattern() -> Result<(), Error> {
        let (mut old, mut new) = (random::<Old>(), New::random(He, &mut StdRng::seed_from_u64(9)));
        old.trunk.batch_norm1.epsilon = 0.5;
        let last = new.affine2.clone();
        let names = new.copy_layers(&old, "trunk")?;
        assert_eq!(names[..2], ["trunk.conv2d1.weight", "trunk.conv2d1.bias"]);
        assert_eq!(names[6..], ["trunk.batch_norm1.momentum", "trunk.batch_norm1.epsilon"]);
        assert_eq!(new.copy_layers(&old, "affine1")?, ["affine1.weight", "affine1.bias"]);
        assert_eq!((&new.trunk.conv2d1, &new.trunk.batch_norm1), (&old.trunk.conv2d1, &old.trunk.batch_norm1));
        assert_eq!((&new.affine1, &new.affine2), (&old.affine1, &last));

        let mut tapes = (Old::tape(Dyn(3)), New::tape(Dyn(3)));
        let x = Batch::<f32, _, _>::from_matrix(&wave::<_, Const<25>>(Dyn(3)));
        old.predict_with(&x, &mut tapes.0);
        new.predict_with(&x, &mut tapes.1);
        assert_eq!(tapes.0.activation("affine1")?.y, tapes.1.activation("affine1")?.y);
        Ok(())
    }

    #[test]
    fn a_layer_or_a_block_is_a_field() {
        let (old, mut new) = (random::<Old>(), New::random(He, &mut StdRng::seed_from_u64(9)));
        new.affine1 = old.affine1.clone();
        new.trunk = old.trunk.clone();
        assert_eq!(new.affine1, old.affine1);
        assert_eq!(bits::<f32>(&new.trunk), bits::<f32>(&old.trunk));
    }

    #[test]
    fn nothing_is_copied_unless_all_of_it_fits() {
        let (old, mut new) = (random::<Old>(), New::random(He, &mut StdRng::seed_from_u64(9)));
        let before = bits(&new);
        let error = new.copy_layers(&old, "*").unwrap_err().to_string();
        let problems = "`affine2.weight` is 4 x 5, not 4 x 2; `affine2.bias` is 1 x 5, not 1 x 2";
        assert_eq!(error, format!("`New` cannot copy `*` from `Old`: {problems}"));
        let error = new.copy_layers(&random::<Small>(), "*.bias").unwrap_err().to_string();
        let problems = "`affine1.bias` is 1 x 5, not 1 x 4; `other.bias` (1 x 5) is missing in `New`";
        assert_eq!(error, format!("`New` cannot copy `*.bias` from `Small`: {problems}"));
        let error = new.copy_layers(&old, "conv*").unwrap_err().to_string();
        assert!(error.starts_with("`Old` has no parameter `conv*`; it has trunk.conv2d1.weight, "), "{error}");
        assert_eq!(bits(&new), before);
    }

    /// Settings of the loss have names too.
    #[test]
    fn settings_of_losses_are_copied() -> Result<(), Error> {
        network! {
            struct Rare = Affine<4, 2> -> SoftmaxWithLoss(class_weights = [1.0, 50.0]);
            struct Rarer = Affine<4, 2> -> SoftmaxWithLoss(class_weights = [1.0, 80.0]);
        }
        let (old, mut new) = (random::<Rarer>(), random::<Rare>());
        let (x, labels) =
            (Batch::<f32, _, _>::from_matrix(&wave::<_, Const<4>>(Dyn(3))), Labels::new(Dyn(3), &[0, 1, 1])?);
        assert_ne!(new.loss(&x, &labels), old.loss(&x, &labels));
        new.copy_layers(&old, "*")?;
        assert_eq!(new.loss(&x, &labels), old.loss(&x, &labels));
        Ok(())
    }
}
