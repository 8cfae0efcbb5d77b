//! Serializes numbers, including NaN and infinities.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

/// A finite number, or the name of another one, such as `NaN`.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Finite(f64),
    Named(String),
}

/// Writes NaN and infinities as `"NaN"`, `"inf"` or `"-inf"` in text formats, because JSON has no such numbers.
#[allow(clippy::trivially_copy_pass_by_ref)] // serde gives a reference
pub fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if number.is_finite() || !serializer.is_human_readable() {
        serializer.serialize_f64(*number)
    } else {
        serializer.serialize_str(&number.to_string())
    }
}

/// Reads what [`serialize`] writes.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    if !deserializer.is_human_readable() {
        return f64::deserialize(deserializer);
    }
    match Number::deserialize(deserializer)? {
        Number::Finite(number) => Ok(number),
        Number::Named(name) => name.parse().map_err(D::Error::custom),
    }
}
