//! Tests networks that begin with an `Embedding`.

use typenet::data::Table;
use typenet::prelude::*;
use typenet::training::Trainer;

const WORDS: usize = 12;

network! {
    struct Words = Embedding<WORDS, 6> -> Affine<_, 8> -> Tanh -> Affine<8, 3> -> SoftmaxWithLoss;
    struct Scores = rows: Embedding<5, 1> -> MeanSquaredError;
    struct Large = Embedding<300, 64> -> Affine<64, 3> -> SoftmaxWithLoss;
}

type Examples = Table<f32, Classes<WORDS>, Labels<Dyn, Const<3>>>;

/// Every word 20 times; its class is the rest of its number by 3.
fn examples() -> Examples {
    let words: Vec<usize> = (0..20 * WORDS).map(|place| place * 5 % WORDS).collect();
    let classes: Vec<usize> = words.iter().map(|word| word % 3).collect();
    Table::new(Samples::from_classes(Dyn(words.len()), &words).unwrap(), classes.try_into().unwrap()).unwrap()
}

fn net() -> Words {
    Words::random(He, &mut StdRng::seed_from_u64(1))
}

#[test]
fn its_gradients_agree_with_differences() {
    let x = Samples::<f64, _, _>::from_classes(Const::<7>, &[3, 0, 3, 11, 5, 3, 0]).unwrap();
    let labels = Labels::try_from([0, 1, 2, 0, 1, 2, 0]).unwrap();
    let net = Words::<f64>::random(He, &mut StdRng::seed_from_u64(2));
    GradientCheck::new().run(&net, &x, &labels).unwrap();
    let gradient = net.gradient(&x, &labels);
    for word in 0..WORDS {
        let is_used = [0, 3, 5, 11].contains(&word);
        assert_eq!(gradient.embedding1.weight.row(word).iter().any(|&value| value != 0.0), is_used, "word {word}");
    }
}

#[test]
fn a_trainer_learns_every_word() {
    for optimize in [0, 1] {
        let data = examples();
        let (net, data) = (net(), &data);
        let net = match optimize {
            0 => train(Trainer::new(net, Sgd::new(), Schedule::constant(0.5), data)),
            _ => train(Trainer::new(net, Adam::new(), Schedule::constant(0.01), data)),
        };
        for word in 0..WORDS {
            let scores = net.infer_class(word).unwrap();
            assert_eq!(scores.imax(), word % 3, "word {word}: {scores}");
            let batch = net.predict(&Samples::from_classes(Const::<1>, &[word]).unwrap());
            assert!(scores.iter().zip(&batch).all(|(single, batch)| (single - batch).abs() <= 1e-5));
        }
    }
    let error = net().infer_class(WORDS).unwrap_err();
    assert_eq!(error.to_string(), "label 12 of sample 0 is not one of the 12 classes 0 to 11");
}

fn train<O: Optimizer<Words>>(trainer: Trainer<'_, Words, O, Examples>) -> Words {
    let mut trainer = trainer.epochs(40).batch_size(16);
    trainer.run().unwrap();
    trainer.into_parts().0
}

#[test]
fn a_step_without_a_tape_descends() {
    let x = Samples::from_classes(Const::<4>, &[4, 0, 4, 2]).unwrap();
    let targets = Batch::from([[0.5], [1.0], [0.7], [-2.0]]);
    let mut scores: Scores = Scores::random(Zeros, &mut StdRng::seed_from_u64(1));
    for _ in 0..400 {
        scores.descend(&x, &targets, 0.5);
    }
    // Two targets of class 4 meet in the middle; classes 1 and 3 have none.
    let wanted = [1.0, 0.0, -2.0, 0.0, 0.6];
    assert!(scores.rows.weight.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() <= 1e-3), "{scores:?}");
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let numbers: Vec<usize> = (0..4096).map(|place| place * place % 300).collect();
    let x = Samples::from_classes(Dyn(numbers.len()), &numbers).unwrap();
    let labels = Labels::try_from(numbers.iter().map(|number| number % 3).collect::<Vec<_>>()).unwrap();
    let run = |threads| {
        with_threads(threads, || {
            let mut net: Large = Large::random(He, &mut StdRng::seed_from_u64(3));
            let losses = [0.1, 0.1, 0.1].map(|rate| net.descend(&x, &labels, rate).to_bits());
            (losses, net.embedding1.weight)
        })
        .unwrap()
    };
    let one = run(1);
    assert_eq!(one, run(2));
    assert_eq!(one, run(3));
}

#[test]
fn tables_split_and_summaries_count() {
    let [part, rest] = examples().split(0.25, &mut StdRng::seed_from_u64(1)).unwrap();
    assert_eq!((part.targets().len(), rest.targets().len()), (60, 180));
    for table in [part, rest] {
        for (x, class) in table.samples().iter().zip(table.targets().classes()) {
            assert_eq!(*x % 3.0, *class as f32);
        }
    }
    let summary = net().summary();
    assert_eq!((summary.layers[0].parameters, summary.layers[0].multiply_adds), (WORDS * 6, 0));
    assert!(summary.to_string().starts_with("Words: 1 of 12 classes in, 3 out\n"), "{summary}");
}

#[cfg(feature = "checkpoint")]
#[test]
fn files_restore_the_same_network() {
    let path = std::env::temp_dir().join(format!("typenet-embedding-{}.safetensors", std::process::id()));
    let saved = net();
    saved.save(&path).unwrap();
    let loaded: Words = Words::load(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(loaded.embedding1, saved.embedding1);
    assert_eq!(loaded.infer_class(7).unwrap(), saved.infer_class(7).unwrap());
}
