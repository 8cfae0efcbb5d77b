//! The imports of every crate: they form no cycle, and in `core` they point downwards only, as `docs/architecture.md`
//! draws it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The folders of `core/src` from top to bottom: each imports only from those after it, and from its own.
const LEVELS: [&[&str]; 14] = [
    &["macro_support"],
    &["training"],
    &["metrics"],
    &["formats"],
    &["gradient", "optimizers"],
    &["networks"],
    &["layers", "losses"],
    &["data", "parameters"],
    &["target"],
    &["initializer", "shape"],
    &["labels"],
    &["matrix", "node"],
    &["scalar"],
    &["kernels"],
];

/// Modules by their path, such as `layers::affine`, with the modules that each imports from.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// Reads all files of a folder as modules: paths with their code.
fn modules(root: &Path, at: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            modules(root, &path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let name = path.strip_prefix(root).unwrap().with_extension("");
            let parts = name.iter().map(|part| part.to_str().unwrap());
            let parts: Vec<_> = parts.filter(|part| !["lib", "mod"].contains(part)).collect();
            if parts.last() != Some(&"tests") {
                found.insert(parts.join("::"), code(&fs::read_to_string(&path).unwrap()));
            }
        }
    }
}

/// The code of a file, without its comments and the tests at its foot.
fn code(text: &str) -> String {
    let tests = ["#[cfg(test)]\nmod tests", "#[cfg(test)]\npub(crate) mod tests", "#[cfg(test)]\n#[allow"];
    let end = tests.iter().filter_map(|tests| text.find(tests)).min().unwrap_or(text.len());
    let lines = text[..end].lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Every path in the code that begins with `crate`, `super` or `self`, with the braces of imports resolved.
fn paths(code: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (place, _) in code.match_indices(start) {
            let before = code[..place].chars().next_back();
            if !before.is_some_and(|char| char.is_alphanumeric() || ['_', ':', '$'].contains(&char))
                && !code[..place].ends_with("pub(in ")
            {
                tree("", &code[place..], &mut paths);
            }
        }
    }
    paths
}

/// Adds the paths of an import such as `a::{b, c::{d, e}}`, and returns the rest of the text.
fn tree<'a>(prefix: &str, text: &'a str, paths: &mut Vec<String>) -> &'a str {
    let end = text.find(|char: char| !(char.is_alphanumeric() || ['_', ':'].contains(&char))).unwrap_or(text.len());
    let (path, mut rest) = (format!("{prefix}{}", &text[..end]), &text[end..]);
    if !path.ends_with("::") || !rest.starts_with('{') {
        paths.push(path);
        return rest;
    }
    while let Some(inner) = rest.strip_prefix(['{', ',']) {
        let inner = inner.trim_start();
        if inner.starts_with('}') {
            rest = inner;
            break;
        }
        rest = tree(&path, inner, paths).trim_start();
        if let Some(alias) = rest.strip_prefix("as ") {
            rest = alias.trim_start_matches(|char: char| char.is_alphanumeric() || char == '_').trim_start();
        }
    }
    rest.strip_prefix('}').unwrap_or(rest)
}

/// The module that a path in `module` leads into. A re-export by a folder counts as the folder.
fn target(modules: &BTreeMap<String, String>, module: &str, path: &str) -> Option<String> {
    let mut at: Vec<&str> = module.split("::").filter(|part| !part.is_empty()).collect();
    let mut parts = path.split("::").peekable();
    while let Some(&part) = parts.peek() {
        match part {
            "crate" => at.clear(),
            "super" => drop(at.pop()),
            "self" => {}
            _ => break,
        }
        parts.next();
    }
    for part in parts {
        let next = at.iter().copied().chain([part]).collect::<Vec<_>>().join("::");
        if !modules.contains_key(&next) {
            break;
        }
        at.push(part);
    }
    let target = at.join("::");
    (target != module).then_some(target)
}

fn imports(modules: &BTreeMap<String, String>) -> Imports {
    let of = |(module, code): (&String, &String)| {
        let targets = paths(code).into_iter().filter_map(|path| target(modules, module, &path));
        (module.clone(), targets.collect())
    };
    modules.iter().map(of).collect()
}

/// The modules of a cycle, if there is one.
fn cycle(imports: &Imports) -> Option<Vec<String>> {
    fn visit<'a>(at: &'a str, imports: &'a Imports, way: &mut Vec<&'a str>, done: &mut BTreeSet<&'a str>) -> bool {
        if way.contains(&at) {
            way.push(at);
            return true;
        }
        if !done.insert(at) {
            return false;
        }
        way.push(at);
        if imports[at].iter().any(|next| visit(next, imports, way, done)) {
            return true;
        }
        way.pop();
        false
    }
    let mut done = BTreeSet::new();
    imports.keys().find_map(|start| {
        let mut way = Vec::new();
        let found = visit(start, imports, &mut way, &mut done);
        found.then(|| way.into_iter().map(str::to_owned).collect())
    })
}

/// Imports from a folder to one above it or to the crate's root.
fn upward(imports: &Imports) -> Vec<String> {
    let level = |module: &str| {
        let folder = module.split("::").next().unwrap_or_default();
        LEVELS.iter().position(|level| level.contains(&folder))
    };
    let mut upward = Vec::new();
    for (from, targets) in imports.iter().filter(|(from, _)| !from.is_empty()) {
        let own = level(from);
        assert!(own.is_some(), "`{from}` has no place in LEVELS");
        for to in targets.iter().filter(|to| from.split("::").next() != to.split("::").next()) {
            if level(to).is_none_or(|to| Some(to) <= own) {
                upward.push(format!("{from} -> {}", if to.is_empty() { "crate" } else { to }));
            }
        }
    }
    upward
}

fn of_crate(folder: &str) -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join("src");
    let mut found = BTreeMap::new();
    modules(&root, &root, &mut found);
    assert!(found.len() > 3, "{folder} has modules");
    found
}

#[test]
fn no_crate_has_a_cycle_of_imports() {
    for folder in ["core", "macros", "graph", "."] {
        assert_eq!(cycle(&imports(&of_crate(folder))), None, "in {folder}/src");
    }
}

#[test]
fn imports_of_core_point_downwards() {
    let mut modules = of_crate("core");
    // Macros with `#[macro_export]` are at the root; so are the re-exports of other crates.
    for code in modules.values_mut() {
        *code = code
            .replace("crate::elementwise_layer", "")
            .replace("crate::elementwise_loss", "")
            .replace("crate::graph", "");
    }
    assert_eq!(upward(&imports(&modules)), [""; 0]);
}

#[test]
fn cycles_and_upward_imports_are_found() {
    let with = |files: &[(&str, &str)]| {
        let files = files.iter().map(|&(module, text)| (module.to_owned(), code(text)));
        imports(
            &[("", ""), ("kernels", ""), ("layers", "")]
                .map(|(m, t)| (m.to_owned(), t.to_owned()))
                .into_iter()
                .chain(files)
                .collect(),
        )
    };
    let up = with(&[("kernels::threads", "use crate::{\n    layers::{Affine as Layer, Relu},\n};\n")]);
    assert_eq!(upward(&up), ["kernels::threads -> layers"]);
    assert_eq!(cycle(&up), None);
    let root = with(&[("layers::relu", "fn f() -> crate::Batch {}")]);
    assert_eq!(upward(&root), ["layers::relu -> crate"]);
    let both = with(&[("layers::elu", "use super::relu::{self, f};"), ("layers::relu", "use crate::layers::elu::g;")]);
    assert_eq!(cycle(&both).unwrap(), ["layers::elu", "layers::relu", "layers::elu"]);
    let fine = with(&[
        ("layers::elu", "// use crate::layers::relu;\nuse crate::kernels::f;"),
        ("layers::relu", "use super::elu::g;\n#[cfg(test)]\nmod tests { use crate::training::f; }"),
    ]);
    assert_eq!((upward(&fine), cycle(&fine)), (vec![], None));
}
