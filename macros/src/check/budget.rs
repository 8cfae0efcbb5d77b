//! Checks the attribute `#[budget(...)]`.

use proc_macro2::Span;
use syn::meta::ParseNestedMeta;
use syn::{Error, Lit, Result};

use crate::mistakes::Mistakes;
use crate::parse::{Declaration, Kind, text};

/// A limit of the costs of a network.
pub struct Budget {
    pub cost: Cost,
    pub limit: usize,
    /// The place of the limit.
    pub span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    Parameters,
    Bytes,
    MultiplyAdds,
}

const COSTS: [(&str, Cost); 3] =
    [("parameters", Cost::Parameters), ("bytes", Cost::Bytes), ("multiply_adds", Cost::MultiplyAdds)];

impl Cost {
    /// The units of a limit, with their factors.
    fn units(self) -> &'static [(&'static str, f64)] {
        match self {
            Self::Bytes => &[
                ("", 1.0),
                ("B", 1.0),
                ("kB", 1e3),
                ("MB", 1e6),
                ("GB", 1e9),
                ("KiB", 1024.0),
                ("MiB", 1_048_576.0),
                ("GiB", 1_073_741_824.0),
            ],
            Self::Parameters | Self::MultiplyAdds => &[("", 1.0), ("k", 1e3), ("M", 1e6), ("G", 1e9)],
        }
    }

    /// A limit for messages.
    fn example(self) -> &'static str {
        match self {
            Self::Bytes => "`\"160 KiB\"`, with B, kB, MB, GB, KiB, MiB or GiB",
            Self::Parameters | Self::MultiplyAdds => "`50_000` or `\"50 k\"`, with k, M or G",
        }
    }
}

/// Returns the limits of a declaration, and reports mistakes in them.
pub fn check(declaration: &Declaration, mistakes: &mut Mistakes) -> Vec<Budget> {
    let mut budgets: Vec<Budget> = Vec::new();
    for attribute in declaration.attributes.iter().filter(|attribute| attribute.path().is_ident("budget")) {
        if let Some(problem) = objection(declaration) {
            mistakes.add(attribute.path(), problem);
            continue;
        }
        let before = budgets.len();
        let parsed = attribute.parse_nested_meta(|meta| {
            let budget = budget(&meta)?;
            if budgets.iter().any(|other| other.cost == budget.cost) {
                return Err(meta.error(format!("`{}` already has a budget: remove one", text(&meta.path))));
            }
            budgets.push(budget);
            Ok(())
        });
        match parsed {
            Err(error) => mistakes.add_error(error),
            Ok(()) if budgets.len() == before => {
                mistakes.add(attribute.path(), "the budget limits nothing: write for example `parameters = 50_000`");
            }
            Ok(()) => {}
        }
    }
    budgets
}

/// The reason that a declaration cannot have a budget.
fn objection(declaration: &Declaration) -> Option<&'static str> {
    match declaration.kind {
        Kind::Block => Some("a block has no budget of its own: give one to the network that contains it"),
        Kind::Network if !declaration.sizes.is_empty() => {
            Some("a network with `const` parameters has no budget, because its size differs from use to use")
        }
        Kind::Network => None,
    }
}

fn budget(meta: &ParseNestedMeta) -> Result<Budget> {
    let Some((_, cost)) = COSTS.iter().find(|(name, _)| meta.path.is_ident(name)) else {
        let message = "has no budget: use `parameters`, `bytes` or `multiply_adds`";
        return Err(meta.error(format!("`{}` {message}", text(&meta.path))));
    };
    let value: Lit = meta.value()?.parse()?;
    match limit(*cost, &value) {
        Some(limit) => Ok(Budget { cost: *cost, limit, span: value.span() }),
        None => Err(Error::new(
            value.span(),
            format!("`{}` is not a budget: write for example {}", text(&value), cost.example()),
        )),
    }
}

/// Reads a limit such as `50_000` or `"160 KiB"`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a product that is too large is no limit
fn limit(cost: Cost, value: &Lit) -> Option<usize> {
    let written = match value {
        Lit::Int(number) if number.suffix().is_empty() => return number.base10_parse().ok(),
        Lit::Str(written) => written.value(),
        _ => return None,
    };
    let written = written.trim();
    let end = written.find(|character: char| !matches!(character, '0'..='9' | '_' | '.')).unwrap_or(written.len());
    let (number, unit) = written.split_at(end);
    let number: f64 = number.replace('_', "").parse().ok()?;
    let (_, factor) = cost.units().iter().find(|(name, _)| *name == unit.trim())?;
    Some((number * factor) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn limits_have_units() {
        let bytes = [
            (parse_quote!("160 KiB"), Some(163_840)),
            (parse_quote!("1.5MiB"), Some(1_572_864)),
            (parse_quote!("1_000 B"), Some(1000)),
            (parse_quote!("2 kB"), Some(2000)),
            (parse_quote!(4096), Some(4096)),
            (parse_quote!("40 k"), None),
            (parse_quote!("KiB"), None),
            (parse_quote!("-1 B"), None),
            (parse_quote!(1.5), None),
            (parse_quote!(""), None),
            (parse_quote!(5_u8), None),
        ];
        for (value, expected) in bytes {
            let value: Lit = value;
            assert_eq!(limit(Cost::Bytes, &value), expected, "{}", text(&value));
        }
        assert_eq!(limit(Cost::MultiplyAdds, &parse_quote!("40k")), Some(40_000));
        assert_eq!(limit(Cost::Parameters, &parse_quote!("2.5 M")), Some(2_500_000));
        assert_eq!(limit(Cost::Parameters, &parse_quote!("2 KiB")), None);
    }
}
