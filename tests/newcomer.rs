//! The first questions of a newcomer, each answered in at most ten lines.

use std::error::Error;

use typenet::data::{Csv, CsvTable, Missing, Standardizer, Table};
use typenet::metrics::r_squared;
use typenet::prelude::*;
use typenet::training::Trainer;

network! {
    struct Classes = Affine<2, 8> -> Tanh -> Affine<8, 3> -> SoftmaxWithLoss;
    struct YesOrNo = Affine<2, 8> -> Tanh -> Affine<8, 1> -> SigmoidWithLoss;
    struct Tags = Affine<2, 8> -> Tanh -> Affine<8, 2> -> SigmoidWithLoss;
    struct Rare = Affine<1, 2> -> SoftmaxWithLoss(class_weights = [1.0, 9.0]);
    struct Price = Affine<1, 8> -> Tanh -> Affine<8, 1> -> MeanSquaredError;
}

type Done = Result<(), Box<dyn Error>>;

fn rng() -> StdRng {
    StdRng::seed_from_u64(1)
}

#[test]
fn a_batch_from_a_vec() -> Done {
    let values = vec![0.5, -1.0, 2.0, 0.0, 1.5, 1.0]; // three samples of two features, one after the other
    let x = Samples::from_slice(Dyn(3), &values)?;
    let net: Classes = Classes::random(Xavier, &mut rng());
    assert_eq!(net.predict(&x).shape(), (3, 3));
    assert!(Samples::<f32, Dyn, Const<2>>::from_slice(Dyn(3), &values[1..]).is_err());
    Ok(())
}

#[test]
fn probabilities_of_classes() {
    let net: Classes = Classes::random(Xavier, &mut rng());
    let p = net.probabilities(&Samples::from_rows(&[[0.5, -1.0], [2.0, 0.0]]));
    for sample in p.row_iter() {
        assert!((sample.sum() - 1.0).abs() < 1e-6);
    }
    let one = net.infer_probabilities(&[0.5, -1.0].into());
    assert!((one[2] - p[(0, 2)]).abs() < 1e-6);
}

#[test]
fn a_binary_classifier() -> Done {
    let x = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
    let data = Table::regression(&x, &[0.0, 1.0, 1.0, 0.0])?; // exclusive or
    let net: YesOrNo = YesOrNo::random(Xavier, &mut rng());
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.05), &data).epochs(500);
    trainer.run()?;
    let answers = trainer.network().probabilities(data.samples()).map(|p| p > 0.5);
    assert_eq!(answers.as_slice(), [false, true, true, false]);
    Ok(())
}

#[test]
fn several_labels_for_each_sample() -> Done {
    let x = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
    let data = Table::regression(&x, &[0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0])?; // or, and
    let net: Tags = Tags::random(Xavier, &mut rng());
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.05), &data).epochs(500);
    trainer.run()?;
    let answers = trainer.network().probabilities(data.samples()).map(|p| p > 0.5);
    assert_eq!(answers.as_slice(), [false, true, true, true, false, false, false, true]); // both columns
    Ok(())
}

#[test]
fn class_weights() -> Done {
    let classes: Vec<usize> = (0..100).map(|sample| usize::from(sample % 10 == 0)).collect();
    let data = Table::classification(&[0.0; 100], &classes)?; // nothing but the share of the classes to learn
    let net: Rare = Rare::random(Xavier, &mut rng());
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.05), &data).epochs(300);
    trainer.run()?;
    let p = trainer.network().infer_probabilities(&[0.0].into())[1];
    assert!((p - 0.5).abs() < 0.01, "{p}: the weight 9 balances one sample of ten");
    Ok(())
}

#[test]
fn a_csv_file_with_missing_values() -> Done {
    let path = std::env::temp_dir().join(format!("typenet-newcomer-{}.csv", std::process::id()));
    std::fs::write(&path, "height,weight,kind\n1,20,cat\nNA,30,dog\n2,,cat\n")?;
    let pets: CsvTable<f32, Const<2>, Labels<Dyn, Const<2>>> =
        Csv::new(&path).target("kind").missing(Missing::Mean).read()?;
    std::fs::remove_file(&path)?;
    assert_eq!(pets.table.samples().data.values(), [1.0, 20.0, 1.5, 30.0, 2.0, 25.0]);
    assert_eq!(pets.classes, ["cat", "dog"]);
    Ok(())
}

#[test]
fn predictions_in_the_units_of_the_targets() -> Done {
    let areas: Vec<f32> = (0..50_u8).map(|flat| 40.0 + 2.0 * f32::from(flat)).collect();
    let prices: Vec<f32> = areas.iter().map(|area| 50_000.0 + 3_000.0 * area).collect();
    let mut data = Table::regression(&areas, &prices)?;
    let (x, t) = (Standardizer::fit(&data)?, Standardizer::fit_targets(&data)?);
    x.apply(&mut data)?;
    t.apply_targets(&mut data)?;
    let net: Price = Price::random(Xavier, &mut rng());
    let mut trainer = Trainer::new(net, Adam::new(), Schedule::constant(0.02), &data).epochs(300);
    trainer.run()?;
    let mut predictions = trainer.network().predict(data.samples());
    t.inverse(&mut predictions);
    assert!(r_squared(&predictions, &Batch::from_slice(Dyn(50), &prices)?) > 0.99);
    Ok(())
}
