//! Visits the parts of layers and networks, recursing into inner layers.

use alloc::{format, string::String, string::ToString, vec::Vec};

use crate::parameters::part::{Kind, Parameter, Parameters, Part, PartMut, PyTorchPart, Value};
use crate::parameters::path::Path;
use crate::parameters::setting::InvalidSetting;
use crate::scalar::{Scalar, all_finite};

/// A part without inner parts: a parameter or a setting.
#[derive(Clone, Copy)]
pub(crate) enum Leaf<'a, T> {
    Parameter {
        kind: Kind,
        shape: &'static [usize],
        values: &'a [T],
        #[cfg_attr(not(any(feature = "checkpoint", feature = "onnx")), allow(dead_code))] // only files read it
        pytorch: PyTorchPart,
    },
    Setting {
        values: &'a [f64],
        is_list: bool,
    },
}

/// Calls `visit` for every leaf, in order.
pub(crate) fn each<'a, T: Scalar>(
    parts: &'a dyn Parameters<T>,
    at: Path<'_>,
    visit: &mut dyn FnMut(Path<'_>, Leaf<'a, T>),
) {
    for index in 0.. {
        let Some(Part { group, name, value, pytorch }) = parts.part(index) else { return };
        let group = at.then(group);
        let at = group.then(name);
        match value {
            Value::Parameter { kind, shape, values } => visit(at, Leaf::Parameter { kind, shape, values, pytorch }),
            Value::Setting { values, is_list, .. } => visit(at, Leaf::Setting { values, is_list }),
            Value::Inside(inside) => each(inside, at, visit),
        }
    }
}

/// All learned parameters with their full names.
pub(crate) fn parameters<'a, T: Scalar>(parts: &'a dyn Parameters<T>, at: Path<'_>) -> Vec<Parameter<'a, T>> {
    let mut parameters = Vec::new();
    each(parts, at, &mut |at, leaf| {
        if let Leaf::Parameter { kind, shape, values, .. } = leaf
            && kind.is_learned()
        {
            parameters.push(Parameter { name: at.to_string(), kind, shape, values });
        }
    });
    parameters
}

/// The name of the first parameter or buffer with a NaN or infinite value.
pub(crate) fn first_not_finite<T: Scalar>(parts: &dyn Parameters<T>) -> Option<String> {
    let mut first = None;
    each(parts, Path::root(""), &mut |at, leaf| {
        if let Leaf::Parameter { values, .. } = leaf
            && first.is_none()
            && !all_finite(values)
        {
            first = Some(at.to_string());
        }
    });
    first
}

/// The first setting outside its range.
pub(crate) fn first_invalid_setting<T: Scalar>(parts: &dyn Parameters<T>) -> Option<InvalidSetting> {
    // Every training pass searches, and few networks have such a setting: without paths the search is faster.
    if !has_invalid_setting(parts) {
        return None;
    }
    invalid_setting_below(parts, Path::root(""))
}

/// Returns whether any setting is outside its range.
fn has_invalid_setting<T: Scalar>(parts: &dyn Parameters<T>) -> bool {
    (0..).map_while(|index| parts.part(index)).any(|part| match part.value {
        Value::Setting { values, range: Some(range), .. } => !values.iter().all(|&value| range.contains(value)),
        Value::Inside(inside) => has_invalid_setting(inside),
        _ => false,
    })
}

fn invalid_setting_below<T: Scalar>(parts: &dyn Parameters<T>, at: Path<'_>) -> Option<InvalidSetting> {
    (0..).map_while(|index| parts.part(index)).find_map(|Part { group, name, value, .. }| {
        let group = at.then(group);
        let at = group.then(name);
        match value {
            Value::Setting { values, is_list, range: Some(range) } => {
                let (place, &value) = values.iter().enumerate().find(|&(_, &value)| !range.contains(value))?;
                let place = if is_list { format!("[{place}]") } else { String::new() };
                Some(InvalidSetting { name: format!("{at}{place}"), value, range })
            }
            Value::Inside(inside) => invalid_setting_below(inside, at),
            _ => None,
        }
    })
}

/// Returns whether any part is a buffer.
pub(crate) fn has_buffers<T: Scalar>(parts: &dyn Parameters<T>) -> bool {
    (0..).map_while(|index| parts.part(index)).any(|part| match part.value {
        Value::Parameter { kind, .. } => !kind.is_learned(),
        Value::Setting { .. } => false,
        Value::Inside(inside) => has_buffers(inside),
    })
}

/// The name of the first innermost layer that needs more than `samples` samples in a batch, and their number.
pub(crate) fn first_short_of_samples<T: Scalar>(
    parts: &dyn Parameters<T>,
    at: Path<'_>,
    samples: usize,
) -> Option<(String, usize)> {
    let min_samples = parts.min_samples();
    if min_samples <= samples {
        return None;
    }
    for Part { group, name, value, .. } in (0..).map_while(|index| parts.part(index)) {
        let group = at.then(group);
        if let Value::Inside(inside) = value
            && let Some(found) = first_short_of_samples(inside, group.then(name), samples)
        {
            return Some(found);
        }
    }
    Some((at.to_string(), min_samples))
}

/// The number of learned parameters, and the number of their values.
pub(crate) fn count<T: Scalar>(parts: &dyn Parameters<T>) -> (usize, usize) {
    let (mut parameters, mut size) = (0, 0);
    each(parts, Path::root(""), &mut |_, leaf| {
        if let Leaf::Parameter { kind, values, .. } = leaf
            && kind.is_learned()
        {
            (parameters, size) = (parameters + 1, size + values.len());
        }
    });
    (parameters, size)
}

/// The values of the learned parameter with index `nth`.
pub(crate) fn nth_mut<T: Scalar>(parts: &mut dyn Parameters<T>, mut nth: usize) -> Option<&mut [T]> {
    for index in 0.. {
        let inside = match parts.part(index)?.value {
            Value::Parameter { kind, .. } => usize::from(kind.is_learned()),
            Value::Setting { .. } => 0,
            Value::Inside(inside) => count(inside).0,
        };
        if nth < inside {
            return match parts.part_mut(index)? {
                PartMut::Parameter(values) => Some(values),
                PartMut::Inside(inside) => nth_mut(inside, nth),
                PartMut::Setting(_) | PartMut::Settings(_) => None,
            };
        }
        nth -= inside;
    }
    None
}

/// The same leaf in several networks: one network and `K` others are mutable, `M` are read-only.
pub(crate) enum Twins<'a, T, const K: usize, const M: usize> {
    Parameter {
        kind: Kind,
        #[cfg_attr(not(feature = "checkpoint"), allow(dead_code))] // only files read it
        shape: &'static [usize],
        values: &'a mut [T],
        others: [&'a mut [T]; K],
        from: [&'a [T]; M],
    },
    /// The settings of the `K` others are skipped: their networks hold state per parameter, such as a moving average.
    Setting { values: &'a mut [f64], from: [&'a [f64]; M] },
}

/// Visits every leaf of several layers or networks of the same type in parallel, without allocating.
///
/// # Panics
///
/// If `part` and `part_mut` of a layer return different parts, or the parts depend on the layer's values.
pub(crate) fn walk<T: Scalar, const K: usize, const M: usize>(
    parts: &mut dyn Parameters<T>,
    mut others: [&mut dyn Parameters<T>; K],
    from: [&dyn Parameters<T>; M],
    at: Path<'_>,
    visit: &mut dyn FnMut(Path<'_>, Twins<'_, T, K, M>),
) {
    for index in 0.. {
        let Some(Part { group, name, value, .. }) = parts.part(index) else { return };
        let group = at.then(group);
        let at = group.then(name);
        match value {
            Value::Parameter { kind, shape, .. } => {
                let others = others.each_mut().map(|other| parameter_mut(*other, index));
                let from = from.map(|from| match value_of(from, index) {
                    Value::Parameter { values, .. } => values,
                    _ => panic!("{SAME}"),
                });
                let values = parameter_mut(parts, index);
                visit(at, Twins::Parameter { kind, shape, values, others, from });
            }
            Value::Setting { .. } => {
                let from = from.map(|from| match value_of(from, index) {
                    Value::Setting { values, .. } => values,
                    _ => panic!("{SAME}"),
                });
                let values = parts.part_mut(index).and_then(PartMut::into_settings).expect(SAME);
                visit(at, Twins::Setting { values, from });
            }
            Value::Inside(_) => {
                let others = others.each_mut().map(|other| inside_mut(*other, index));
                let from = from.map(|from| match value_of(from, index) {
                    Value::Inside(inside) => inside,
                    _ => panic!("{SAME}"),
                });
                walk(inside_mut(parts, index), others, from, at, visit);
            }
        }
    }
}

/// Copies every parameter and setting to the same network in another precision.
pub(crate) fn convert<T: Scalar, U: Scalar>(from: &dyn Parameters<T>, to: &mut dyn Parameters<U>) {
    for index in 0.. {
        match (from.part(index).map(|part| part.value), to.part_mut(index)) {
            (None, _) => return,
            (Some(Value::Parameter { values, .. }), Some(PartMut::Parameter(to))) => {
                to.iter_mut().zip(values).for_each(|(to, value)| *to = U::of(value.as_f64()));
            }
            (Some(Value::Inside(inside)), Some(PartMut::Inside(to))) => convert(inside, to),
            (Some(Value::Setting { values, .. }), Some(to)) => to.into_settings().expect(SAME).copy_from_slice(values),
            _ => panic!("{SAME}"),
        }
    }
}

const SAME: &str = "`part` and `part_mut` of a layer must return the same parts, whatever the values";

fn value_of<T: Scalar>(parts: &dyn Parameters<T>, index: usize) -> Value<'_, T> {
    parts.part(index).expect(SAME).value
}

fn parameter_mut<T: Scalar>(parts: &mut dyn Parameters<T>, index: usize) -> &mut [T] {
    let Some(PartMut::Parameter(values)) = parts.part_mut(index) else { panic!("{SAME}") };
    values
}

fn inside_mut<T: Scalar>(parts: &mut dyn Parameters<T>, index: usize) -> &mut dyn Parameters<T> {
    let Some(PartMut::Inside(inside)) = parts.part_mut(index) else { panic!("{SAME}") };
    inside
}
