//! Using a disabled feature gives one error, which names the feature.

#[allow(dead_code)] // each test uses only part of it
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const NET: &str = "network! { struct Net = Affine<4, 2> -> SoftmaxWithLoss; }";

/// Name of the program, its code, the text at the error, and the feature.
const USES: [(&str, &str, &str, &str); 13] = [
    ("save", "fn f(net: Net) -> Result<(), Error> { Ok(net.save(\"net.safetensors\")?) }", "save", "checkpoint"),
    ("load", "fn f() -> Result<Net, Error> { Ok(Net::load(\"net.safetensors\")?) }", "Net", "checkpoint"),
    (
        "import",
        "fn f() -> Result<Net, Error> { Ok(Net::import(\"net.safetensors\", PyTorch::new())?) }",
        "Net",
        "checkpoint",
    ),
    (
        "export",
        "fn f(net: Net) -> Result<(), Error> { Ok(net.export(\"net.safetensors\", PyTorch::new())?) }",
        "export",
        "checkpoint",
    ),
    ("to_onnx", "fn f(net: Net) -> Result<Vec<u8>, Error> { Ok(net.to_onnx()?) }", "to_onnx", "onnx"),
    (
        "probabilities",
        "fn f(net: Net) -> Result<Vec<u8>, Error> { Ok(net.to_onnx_with_probabilities()?) }",
        "to_onnx_with_probabilities",
        "onnx",
    ),
    (
        "checkpoint",
        "use typenet::training::Trainer;
         fn f<D>(trainer: Trainer<Net, Adam<Net>, D>) { let _ = trainer.epochs(3).checkpoint(\"run\", 9).epochs(4).run(); }",
        "checkpoint",
        "checkpoint",
    ),
    (
        "resume",
        "use typenet::training::Trainer;
         fn f<D>(trainer: Trainer<Net, Adam<Net>, D>) -> Result<(), Error> { trainer.resume(\"run\")?.run()?; Ok(()) }",
        "resume",
        "checkpoint",
    ),
    ("checkpoint_module", "use typenet::checkpoint;", "typenet::checkpoint", "checkpoint"),
    (
        "load_images",
        "use typenet::data::Images;
         fn f() { let _ = Images::<1, 2, 2>::load::<4, 2>(\"images\"); }",
        "Images::<1, 2, 2>::load::<4, 2>(\"images\")",
        "image",
    ),
    ("plot", "fn f() { typenet::plot::loss(&Default::default()); }", "plot", "plot"),
    ("progress", "fn f() { typenet::Progress::new(); }", "Progress", "progress"),
    ("progress_import", "use typenet::{Layer, Progress};", "Progress", "progress"),
];

fn main() -> ExitCode {
    support::harness::run(vec![("the_feature_is_named", support::other_compiler(), the_feature_is_named)])
}

fn the_feature_is_named() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("missing_features");
    fs::create_dir_all(&folder).expect("the target folder can be written to");
    let programs: Vec<PathBuf> = USES
        .iter()
        .map(|(name, program, ..)| {
            let path = folder.join(format!("without_{name}.rs"));
            fs::write(&path, format!("use typenet::prelude::*;\n{NET}\n{program}\nfn main() {{}}\n"))
                .expect("the target folder can be written to");
            path
        })
        .collect();
    let found = support::check("missing", &programs);
    for (path, (name, _, at, feature)) in programs.iter().zip(USES) {
        let errors = &found[&support::stem(path)];
        let [error] = &errors[..] else { panic!("{name}: {errors:#?}") };
        assert_eq!(error.at.as_deref(), Some(at), "{name}: {}", error.rendered);
        assert!(
            error.rendered.contains(&format!("feature `{feature}`"))
                || error.rendered.contains(&format!("`{feature}` feature")),
            "{name}: {}",
            error.rendered
        );
    }
}
