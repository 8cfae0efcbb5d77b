//! Reads a file of weights while the program compiles.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Ident, LitStr, Token, Type, Visibility};

/// `#[..] pub NET: Net = "net.safetensors"`.
struct Include {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    name: Ident,
    network: Type,
    path: LitStr,
}

impl Parse for Include {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let (visibility, name) = (input.parse()?, input.parse()?);
        input.parse::<Token![:]>()?;
        let network = input.parse()?;
        input.parse::<Token![=]>()?;
        let path = input.parse()?;
        input.parse::<Option<Token![;]>>()?;
        if input.is_empty() {
            Ok(Self { attributes, visibility, name, network, path })
        } else {
            Err(input.error("expected the end: each `include_network!` is one network"))
        }
    }
}

/// The metadata that the library writes to a file, as far as it matters here.
#[derive(Deserialize)]
struct Metadata {
    format: u32,
    scalar: String,
    architecture: String,
    training: Option<Training>,
    checksum: String,
}

#[derive(Deserialize)]
struct Training {
    best: bool,
}

/// The newest format that the library writes.
const FORMAT: u32 = 2;

/// Expands `include_network!`.
pub fn include(tokens: TokenStream) -> TokenStream {
    let expanded = syn::parse2(tokens).and_then(|include: Include| {
        let path = absolute(&include.path)?;
        let bytes = fs::read(&path).map_err(|problem| at(&include.path, &problem))?;
        let constants = constants(&bytes).map_err(|problem| at(&include.path, &problem))?;
        Ok(expand(&include, &path, &constants))
    });
    expanded.unwrap_or_else(Error::into_compile_error)
}

/// An error at the path, which begins with the path.
fn at(path: &LitStr, problem: &impl ToString) -> Error {
    Error::new(path.span(), format!("`{}`: {}", path.value(), problem.to_string()))
}

/// The path, which is relative to the folder of the crate's `Cargo.toml`.
fn absolute(path: &LitStr) -> syn::Result<PathBuf> {
    let root = std::env::var_os("CARGO_MANIFEST_DIR");
    let root = root.ok_or_else(|| at(path, &"Cargo has not set `CARGO_MANIFEST_DIR`, to which paths are relative"))?;
    let path_found = Path::new(&root).join(path.value());
    if path_found.to_str().is_some() { Ok(path_found) } else { Err(at(path, &"the path is not valid UTF-8")) }
}

/// The content of a file, in the layout of memory.
struct Constants {
    scalar: String,
    layers: Vec<String>,
    tensors: Vec<Constant>,
}

struct Constant {
    name: String,
    shape: Vec<usize>,
    is_double: bool,
    bytes: Vec<u8>,
}

/// Reads and checks a file.
fn constants(bytes: &[u8]) -> Result<Constants, String> {
    let (header, metadata) = SafeTensors::read_metadata(bytes)
        .map_err(|problem| format!("the file is damaged, or not in the format safetensors: {problem}"))?;
    let text = metadata
        .metadata()
        .as_ref()
        .and_then(|metadata| metadata.get("typenet"))
        .ok_or("the file was not written by typenet: load the weights in a program, then `save` the network")?;
    let metadata: Metadata =
        serde_json::from_str(text).map_err(|problem| format!("the file has invalid metadata: {problem}"))?;
    if metadata.format != FORMAT {
        return Err(format!("the file has format {}, but this version reads format {FORMAT}", metadata.format));
    }
    check_sum(bytes, 8 + header, &metadata.checksum)?;
    let file = SafeTensors::deserialize(bytes).map_err(|problem| format!("the file is damaged: {problem}"))?;
    let prefix = if metadata.training.is_some_and(|training| training.best) { "best." } else { "network." };
    let mut tensors = Vec::new();
    for (name, tensor) in file.iter() {
        if let Some(name) = name.strip_prefix(prefix) {
            tensors.push(constant(name, &tensor)?);
        }
    }
    tensors.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Constants { scalar: metadata.scalar, layers: layers(&metadata.architecture), tensors })
}

/// The names of the layers in an architecture such as `input: 2 -> affine1: Affine<2, 3, f32> -> loss: MeanSquaredError`.
fn layers(architecture: &str) -> Vec<String> {
    let names = architecture.split(" -> ").filter_map(|part| Some(part.split_once(": ")?.0));
    names.filter(|name| !["input", "loss"].contains(name)).map(str::to_owned).collect()
}

fn check_sum(bytes: &[u8], header: usize, expected: &str) -> Result<(), String> {
    const BEFORE: &[u8] = br#"\"checksum\":\""#;
    let place = bytes[..header].windows(BEFORE.len()).rposition(|part| part == BEFORE);
    let place = place.map(|place| place + BEFORE.len()).filter(|place| place + 8 <= header);
    let place = place.ok_or("the file has no checksum at the expected place")?;
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&bytes[..place]);
    hasher.update(b"00000000");
    hasher.update(&bytes[place + 8..]);
    let found = format!("{:08x}", hasher.finalize());
    if found == expected {
        Ok(())
    } else {
        Err(format!("the file is damaged: its checksum is {found}, but should be {expected}"))
    }
}

/// Converts a tensor to the layout of memory: a matrix column by column.
fn constant(name: &str, tensor: &TensorView<'_>) -> Result<Constant, String> {
    let (size, is_double) = match tensor.dtype() {
        Dtype::F32 => (4, false),
        Dtype::F64 => (8, true),
        other => return Err(format!("the file holds `{name}` as {other}, which is not a type of this library")),
    };
    let shape = tensor.shape().to_vec();
    let mut bytes = tensor.data().to_vec();
    if let [rows, columns] = shape[..] {
        let places = (0..columns).flat_map(|column| (0..rows).map(move |row| row * columns + column));
        bytes = places.flat_map(|place| tensor.data()[place * size..][..size].iter().copied()).collect();
    }
    // The largest exponent means infinity or NaN.
    let is_finite = |number: &[u8]| match number {
        [_, _, high @ ..] if high.len() == 2 => u16::from_le_bytes([high[0], high[1]]) & 0x7f80 != 0x7f80,
        [.., low, high] => u16::from_le_bytes([*low, *high]) & 0x7ff0 != 0x7ff0,
        _ => true,
    };
    if !bytes.chunks_exact(size).all(is_finite) {
        return Err(format!("the file holds a NaN or infinite value in `{name}`"));
    }
    Ok(Constant { name: name.to_owned(), shape, is_double, bytes })
}

fn expand(include: &Include, path: &Path, constants: &Constants) -> TokenStream {
    let Include { attributes, visibility, name, network, path: literal } = include;
    let path = path.to_str().unwrap_or_default();
    let Constants { scalar, layers, tensors } = constants;
    let tensors = tensors.iter().map(|Constant { name, shape, is_double, bytes }| {
        let (count, bytes) = (bytes.len() / if *is_double { 8 } else { 4 }, Literal::byte_string(bytes));
        let (kind, scalar, read) = if *is_double {
            (quote!(F64), quote!(::core::primitive::f64), quote!(doubles))
        } else {
            (quote!(F32), quote!(::core::primitive::f32), quote!(floats))
        };
        quote! {
            ::typenet::Constant {
                name: #name,
                shape: &[#(#shape),*],
                values: ::typenet::__private::Numbers::#kind({
                    static VALUES: [#scalar; #count] = ::typenet::__private::embed::#read(#bytes);
                    &VALUES
                }),
            }
        }
    });
    // An error of the check is the only error: everything else depends on the constants.
    let constants = quote_spanned! {literal.span()=>
        ::typenet::__private::embed::check::<#network>(#scalar, &[#(#layers),*], FOUND)
    };
    quote! {
        #(#attributes)*
        #visibility static #name: #network = {
            // Cargo compiles again when the file changes.
            const _: &[::core::primitive::u8] = ::core::include_bytes!(#path);
            const FOUND: ::typenet::Constants = ::typenet::Constants(&[#(#tensors),*]);
            struct File;
            impl ::typenet::Place for File {
                const CONSTANTS: ::typenet::Constants = #constants;
                const PATH: ::typenet::__private::Path<'static> = ::typenet::__private::Path::root("");
            }
            <#network as ::typenet::EmbedAt<<#network as ::typenet::Network>::Scalar, File>>::EMBEDDED
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A network in `f32` and one in `f64`, written by the library.
    const FILES: [&[u8]; 2] = [
        include_bytes!("../../tests/fixtures/embedded/everything.safetensors"),
        include_bytes!("../../tests/fixtures/embedded/words.safetensors"),
    ];

    #[test]
    fn files_are_read_in_the_layout_of_memory() {
        let found = constants(FILES[1]).unwrap();
        assert_eq!((&*found.scalar, found.layers), ("f64", vec!["embedding1".to_owned(), "affine1".to_owned()]));
        let names: Vec<_> = found.tensors.iter().map(|tensor| (&*tensor.name, &*tensor.shape)).collect();
        let expected: [(&str, &[usize]); 3] =
            [("affine1.bias", &[1, 2]), ("affine1.weight", &[3, 2]), ("embedding1.weight", &[7, 3])];
        assert_eq!(names, expected);
        // The second number of a column is in the next row of the file.
        let file = SafeTensors::deserialize(FILES[1]).unwrap();
        let weight = file.tensor("network.affine1.weight").unwrap();
        assert_eq!(found.tensors[1].bytes[8..16], weight.data()[16..24]);
    }

    #[test]
    fn numbers_that_are_not_finite_are_named() {
        for (bytes, shape) in
            [(f32::NAN.to_le_bytes().to_vec(), vec![1]), (f32::INFINITY.to_le_bytes().to_vec(), vec![1, 1])]
        {
            let tensor = TensorView::new(Dtype::F32, shape, &bytes).unwrap();
            let problem = constant("affine1.bias", &tensor).err();
            assert_eq!(problem.as_deref(), Some("the file holds a NaN or infinite value in `affine1.bias`"));
        }
        for value in [f64::MAX, -f64::MAX, 0.0, f64::MIN_POSITIVE] {
            let bytes = value.to_le_bytes();
            assert!(constant("x", &TensorView::new(Dtype::F64, vec![1], &bytes).unwrap()).is_ok());
        }
        let bytes = f64::NEG_INFINITY.to_le_bytes();
        assert!(constant("x", &TensorView::new(Dtype::F64, vec![1], &bytes).unwrap()).is_err());
    }

    #[test]
    fn damaged_files_are_refused() {
        let problem = |bytes: &[u8]| constants(bytes).err().unwrap();
        assert!(problem(b"").starts_with("the file is damaged, or not in the format safetensors"));
        assert!(problem(b"PK\x03\x04 a pickle").starts_with("the file is damaged, or not in the format safetensors"));
        let empty = safetensors::serialize::<&str, TensorView<'_>, _>([], None).unwrap();
        assert!(problem(&empty).starts_with("the file was not written by typenet"));
        // Every change of a byte is noticed; a multiplicative generator chooses the places.
        let mut state = 1_u64;
        for round in 0..10_000 {
            let mut bytes = FILES[round % 2].to_vec();
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let place = (state >> 33) as usize % bytes.len();
            match round % 3 {
                0 => bytes.truncate(place),
                1 => bytes[place] ^= 1 << (state >> 29 & 7),
                _ => bytes.insert(place, state.to_le_bytes()[2]),
            }
            assert!(constants(&bytes).is_err(), "round {round}, byte {place}");
        }
    }
}
