//! Reads the sizes in `<...>`.

use syn::{Error, GenericArgument, Ident, Result, Type, TypeInfer};

use super::{Size, Width};
use crate::known::EMBEDDING;
use crate::mistakes::Mistakes;
use crate::parse::Element;

/// Returns an element's sizes, or reports that their number is not `count` or that one of them is invalid.
///
/// `_` in the first place is the width before the element.
pub fn sizes_of(
    element: &Element,
    count: usize,
    usage: &str,
    width: Option<&Width>,
    mistakes: &mut Mistakes,
) -> Option<Vec<Size>> {
    let name = element.type_name();
    if let Some(values) =
        element.hyperparameters.as_ref().filter(|_| !element.is_per_feature() && !element.takes_images())
    {
        let message = format!("`{name}` takes sizes in `<...>`, not values in `(...)`: write {usage}");
        mistakes.add_at(values.span, message);
        return None;
    }
    let found = element.arguments().len();
    if found != count {
        let sizes = if count == 1 { "1 size".to_owned() } else { format!("{count} sizes") };
        mistakes.add(element, format!("`{name}` takes {sizes}, but has {found}: write {usage}"));
        return None;
    }
    // All sizes are parsed, so that every mistake is reported.
    let arguments = element.arguments().into_iter().enumerate();
    let sizes = arguments.map(|(place, argument)| match argument {
        GenericArgument::Type(Type::Infer(blank)) => inferred(blank, width.filter(|_| place == 0), place, name),
        argument => Size::new(argument),
    });
    let (sizes, errors): (Vec<_>, Vec<_>) = sizes.partition(Result::is_ok);
    errors.into_iter().filter_map(Result::err).for_each(|error| mistakes.add_error(error));
    let sizes: Vec<Size> = sizes.into_iter().flatten().collect();
    (sizes.len() == count).then_some(sizes)
}

/// The size for a `_`, which is the width before the element.
fn inferred(blank: &TypeInfer, width: Option<&Width>, place: usize, name: &Ident) -> Result<Size> {
    let message = match width {
        Some(Width::Size(size)) => return Ok(size.clone()),
        None if place == 0 && name == EMBEDDING => "`_` cannot be the number of classes: write it".to_owned(),
        Some(_) => {
            "the width before `_` depends on const parameters through a type that the macro cannot see: write the size"
                .to_owned()
        }
        None if place == 0 => {
            format!(
                "`_` is the width before `{name}`, which is unknown here: write the size, or begin with `Input<...>`"
            )
        }
        None => format!("`_` is only for an input width: write the output width of `{name}`"),
    };
    Err(Error::new_spanned(blank, message))
}
