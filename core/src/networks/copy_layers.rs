//! Copies layers between networks, also of different types.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::networks::pattern::matches;
use crate::networks::unknown::UnknownParameter;
use crate::parameters::{Leaf, Parameters, Path, Twins, each, walk};
use crate::scalar::Scalar;

/// Layers that cannot be copied from one network to another; see [`Network::copy_layers`](crate::Network::copy_layers).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// The pattern matches nothing in the source.
    #[error(transparent)]
    Unknown(#[from] UnknownParameter),
    /// The target lacks something that matches, or has it in another shape.
    #[error("`{to}` cannot copy `{pattern}` from `{from}`: {}", problems.join("; "))]
    #[non_exhaustive]
    Mismatch {
        /// The name of the target.
        to: &'static str,
        /// The name of the source.
        from: &'static str,
        /// The pattern.
        pattern: String,
        /// The differences, each with the name, the shape found in the source and the shape expected by the target.
        problems: Vec<String>,
    },
}

/// Copies what matches the pattern, or nothing if it does not fit; returns the names.
pub(super) fn copy_layers<'a, T: Scalar>(
    (to, to_name): (&mut dyn Parameters<T>, &'static str),
    (from, from_name): (&'a dyn Parameters<T>, &'static str),
    pattern: &str,
) -> Result<Vec<String>, CopyError> {
    let mut sources: Vec<(String, Leaf<'a, T>)> = leaves(from);
    sources.retain(|(name, _)| matches(pattern, name));
    if sources.is_empty() {
        return Err(UnknownParameter::new(pattern, from, from_name).into());
    }
    let targets: BTreeMap<String, String> = leaves(to).into_iter().map(|(name, leaf)| (name, shape(&leaf))).collect();
    let problems: Vec<String> = sources
        .iter()
        .filter_map(|(name, leaf)| match (shape(leaf), targets.get(name)) {
            (found, None) => Some(format!("`{name}` ({found}) is missing in `{to_name}`")),
            (found, Some(expected)) if found != *expected => Some(format!("`{name}` is {found}, not {expected}")),
            _ => None,
        })
        .collect();
    if !problems.is_empty() {
        return Err(CopyError::Mismatch { to: to_name, from: from_name, pattern: pattern.to_owned(), problems });
    }
    let by_name: BTreeMap<&str, Leaf<'a, T>> = sources.iter().map(|(name, leaf)| (&**name, *leaf)).collect();
    walk(to, [], [], Path::root(""), &mut |at, twins| match (twins, by_name.get(&*at.to_string())) {
        (Twins::Parameter { values, .. }, Some(Leaf::Parameter { values: from, .. })) => values.copy_from_slice(from),
        (Twins::Setting { values, .. }, Some(Leaf::Setting { values: from, .. })) => values.copy_from_slice(from),
        _ => {}
    });
    Ok(sources.into_iter().map(|(name, _)| name).collect())
}

fn leaves<T: Scalar>(parts: &dyn Parameters<T>) -> Vec<(String, Leaf<'_, T>)> {
    let mut leaves = Vec::new();
    each(parts, Path::root(""), &mut |at, leaf| leaves.push((at.to_string(), leaf)));
    leaves
}

/// Formats the shape, such as `784 x 50`. Leaves of the same shape can be copied to each other.
fn shape<T>(leaf: &Leaf<'_, T>) -> String {
    match leaf {
        Leaf::Parameter { shape, .. } => shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x "),
        Leaf::Setting { is_list: false, .. } => "a setting".to_owned(),
        Leaf::Setting { values, .. } => format!("a setting of {} numbers", values.len()),
    }
}
