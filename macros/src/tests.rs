//! Snapshots of expansions. Update them with `UPDATE_EXPECT=1 cargo test -p typenet-macros`.

use expect_test::{ExpectFile, expect, expect_file};
use quote::{ToTokens, quote};

use super::*;

/// Compares the formatted expansion of a declaration with a snapshot.
fn assert_expansion(tokens: TokenStream, expected: &ExpectFile) {
    let file = syn::parse2(declare(tokens)).expect("the expansion is valid Rust");
    expected.assert_eq(&formatted(file));
}

/// Formats an expansion, also the items in calls of `with_alloc!` and `with_std!`: as modules, which become calls again.
pub(crate) fn formatted(mut file: syn::File) -> String {
    let mut calls = Vec::new();
    for item in &mut file.items {
        let syn::Item::Macro(call) = &*item else { continue };
        let name = &call.mac.path.segments.last().expect("a macro has a name").ident;
        if name == "with_alloc" || name == "with_std" {
            let path = call.mac.path.to_token_stream().to_string().replace(' ', "");
            calls.push((format!("\nmod {name} {{"), format!("\n{path}! {{")));
            let items = &call.mac.tokens;
            *item = syn::parse_quote!(mod #name { #items });
        }
    }
    let text = prettyplease::unparse(&file);
    calls.iter().fold(text, |text, (module, call)| text.replace(module, call))
}

/// All errors of a declaration, one per line.
fn errors(tokens: TokenStream) -> String {
    let mut mistakes = Mistakes::default();
    let declarations = parse::declarations(tokens, &mut mistakes);
    let mut all: Vec<syn::Error> = mistakes.finish().into_iter().collect();
    let mut shared = Mistakes::default();
    let mut blocks = Blocks::new(&declarations, &mut shared);
    blocks.note_broken(&declarations);
    all.extend(shared.finish());
    for declaration in &declarations {
        let mut mistakes = Mistakes::default();
        check(declaration, &blocks, &mut mistakes);
        all.extend(mistakes.finish());
    }
    let lines: Vec<String> = all.into_iter().flatten().map(|error| error.to_string()).collect();
    lines.join("\n") + "\n"
}

#[test]
fn two_layer_net() {
    assert_expansion(
        quote! {
            /// The two-layer network of the book's chapter on backpropagation.
            #[derive(Clone)]
            pub struct TwoLayerNet = Affine<784, 50> -> Relu -> Affine<50, 10> -> SoftmaxWithLoss;
        },
        &expect_file!["../expansions/two_layer_net.rs"],
    );
}

#[test]
fn everything_at_once() {
    assert_expansion(
        quote! {
            #[typenet(crate = nets)]
            pub(crate) struct Everything<const N: usize, const CLASSES: usize = 10> =
                Input<{ SIDE * SIDE }> -> Noise(0.1) -> hidden: Affine<sizes::PIXELS, N> -> mine::Scale<N, T>
                -> Affine<N, CLASSES> -> mine::Loss;
        },
        &expect_file!["../expansions/everything_at_once.rs"],
    );
}

#[test]
fn fallback_after_a_mistake() {
    assert_expansion(
        quote!(struct Wrong = Affine<784, 50> -> Relu<50> -> Affine<60, 10>;),
        &expect_file!["../expansions/fallback_after_a_mistake.rs"],
    );
    assert_expansion(quote!(struct Empty = ;), &expect_file!["../expansions/fallback_without_a_chain.rs"]);
}

#[test]
fn all_mistakes_are_found() {
    let found = errors(quote! {
        struct A<T, const N: u8> = x: Affine<1, 2> -> x: Relu -> loss: Tanh -> Input<3> -> MeanSquaredError -> SoftmaxWithLoss<2>;
        struct B = Sigmoid(1) -> Affine<"1", -2, 3>;
        struct C = Affine<0, 99999999999999999999> -> SoftmaxWithLoss;
        struct D = Custom -> SoftmaxWithLoss;
        struct E = SoftmaxWithLoss;
        struct F = Affine(1, 2) -> SoftmaxWithLoss;
        struct G = Affine<2, 3> => Relu;
        enum H = Affine<2, 3>;
        struct I where u8: Copy = Affine<2, 3> -> cost: SoftmaxWithLoss;
        #[typenet(path = x)] struct J = Affine<2, 3> -> 7 -> SoftmaxWithLoss;
        struct T = Affine<2, 3> -> SoftmaxWithLoss;
        struct L = Affine<2, 3> -> T -> SoftmaxWithLoss;
    });
    expect![[r#"
        a network is generic over its scalar `T` already: add only sizes, such as `const HIDDEN: usize`
        expected `->` between layers, found `=>`
        expected `struct Name = layers;`, found `enum`
        a network cannot have a `where` clause: remove it
        unknown option: the only one is `#[typenet(crate = path)]`
        expected a layer, such as `Affine<784, 50>` or `Relu`
        a size must be a `usize`, not a `u8`: write `const N: usize`
        the loss `MeanSquaredError` must be the last element, but `SoftmaxWithLoss<2>` follows it
        `SoftmaxWithLoss` takes any number of features, so it has no sizes: remove them, or write `self::SoftmaxWithLoss<2>` for your own type
        another layer is already named `x`: rename this one
        the name `loss` is reserved for the loss: rename this layer
        `Input` sets the network's input width and must be the first element
        `B` ends with the layer `Affine<"1", -2, 3>`: add a loss, such as `-> SoftmaxWithLoss`
        `Affine` takes 2 sizes, but has 3: write the input width and the output width, as in `Affine<784, 50>`
        a size must be at least 1, not `0`
        the size `99999999999999999999` does not fit in a `usize`
        `E` has no layers: add one before `SoftmaxWithLoss`
        `Affine` takes sizes in `<...>`, not values in `(...)`: write the input width and the output width, as in `Affine<784, 50>`
        `G` ends with the layer `Relu`: add a loss, such as `-> SoftmaxWithLoss`
        the loss is always named `loss`: remove `cost:`
        `T` is the network's scalar type: rename the network
        `T` is the network's scalar type: rename the layer
    "#]].assert_eq(&found);
}

#[test]
#[should_panic(expected = "mistakes were collected, but not reported")]
fn mistakes_cannot_be_lost() {
    let mut mistakes = Mistakes::default();
    mistakes.add(quote!(x), "wrong");
}

/// The documentation of the last type in an expansion: its table, and its drawing as HTML.
fn documentation(tokens: TokenStream) -> (String, String) {
    let file: syn::File = syn::parse2(declare(tokens)).unwrap();
    let structs = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Struct(item) if !item.ident.to_string().ends_with("Cache") => Some(item),
        _ => None,
    });
    let (mut table, mut html) = (String::new(), String::new());
    for attribute in structs.last().unwrap().attrs {
        let text = attribute.to_token_stream().to_string();
        if let Ok(syn::MetaNameValue { value: syn::Expr::Lit(line), .. }) = attribute.meta.require_name_value() {
            let syn::Lit::Str(line) = &line.lit else { panic!("{text}") };
            table.extend([line.value().trim(), "\n"]);
        } else if let Some((_, call)) = text.split_once("drawing !") {
            let group: proc_macro2::Group = syn::parse_str(call.trim().strip_suffix(")]").unwrap()).unwrap();
            html = drawing::drawing(group.stream()).to_string();
        }
    }
    (table, html)
}

#[test]
#[allow(clippy::needless_raw_string_hashes)] // expect-test writes them
fn blocks_are_documented_with_their_layers() {
    let (table, drawing) = documentation(quote! {
        block Hidden<const F: usize> = Affine<F, F> -> Dropout(0.5);
        block Tower<const F: usize, const G: usize = 2> =
            first: Hidden<F> -> Residual[Affine<_, G> -> Relu -> Affine<_, F>];
        struct Net =
            Affine<3, 8> -> Tower<8> -> Tower<8> -> Imported<8> -> Concat[Affine<8, 2> | Hidden<8>] -> Affine<10, 2>
            -> SoftmaxWithLoss;
    });
    expect![[r#"
         | layer | type | features | parameters | bytes in `f32` | multiply-adds |
         | --- | --- | --- | ---: | ---: | ---: |
         | `affine1` | `Affine<3, 8>` | `3` → `8` | 32 | 128 | 24 |
         | `tower1` | `Tower<8>` | `8` → `8` | 114 | 456 | 96 |
         |    `first` | `Hidden<8>` | `8` → `8` | 72 | 288 | 64 |
         |       `affine1` | `Affine<8, 8>` | `8` → `8` | 72 | 288 | 64 |
         |       `dropout1` | `Dropout(0.5)` | `8` → `8` |  |  |  |
         |    `residual1` | `Residual[..]` | `8` → `8` | 42 | 168 | 32 |
         |       `affine1` | `Affine<_, 2>` | `8` → `2` | 18 | 72 | 16 |
         |       `relu1` | `Relu` | `2` → `2` |  |  |  |
         |       `affine2` | `Affine<_, 8>` | `2` → `8` | 24 | 96 | 16 |
         |       skip | | `8` | | | |
         | `tower2` | `Tower<8>` | `8` → `8` | 114 | 456 | 96 |
         | `imported1` | `Imported<8>` | `8` → ? | ? | ? | ? |
         | `concat1` | `Concat[..]` | ? → ? | ? | ? | ? |
         |    branch 0 | | | | | |
         |       `affine1` | `Affine<8, 2>` | ? → `2` | `? * 2 + 2` | `4 * (? * 2 + 2)` | `? * 2` |
         |    branch 1 | | | | | |
         |       `hidden1` | `Hidden<8>` | ? → ? | 72 | 288 | 64 |
         | `affine2` | `Affine<10, 2>` | ? → `2` | `? * 2 + 2` | `4 * (? * 2 + 2)` | `? * 2` |
         | `loss` | `SoftmaxWithLoss` | `2` | | | |

         `summary()` shows the totals.
    "#]]
    .assert_eq(&table);
    for text in [
        "tower1: Tower&lt;8&gt;",
        "8 → 8 features, 114 parameters",
        "first: Hidden&lt;8&gt;",
        "Affine&lt;8, 8&gt;",
        "residual1: Residual",
        "8 x 2",
        "tower2",
        "same as tower1",
        "concat1: Concat",
    ] {
        assert!(drawing.contains(&format!(">{text}</text>")), "{text} is not in {drawing}");
    }
}

/// The inside of a block is in the expansion once, so blocks of blocks do not grow it exponentially.
#[test]
fn documentation_of_nested_blocks_is_short() {
    let length = |uses: usize| {
        let blocks = (1..=6).map(|depth| {
            let [outer, inner] = [depth, depth - 1].map(|depth| quote::format_ident!("B{depth}"));
            let uses = (0..uses).map(|_| quote!(-> #inner<F>));
            quote!(block #outer<const F: usize> = Input<F> #(#uses)*;)
        });
        let tokens = quote! {
            block B0<const F: usize> = Affine<F, F> -> Relu;
            #(#blocks)*
            struct Net = Affine<2, 8> -> B6<8> -> Affine<8, 2> -> SoftmaxWithLoss;
        };
        documentation(tokens).0.len()
    };
    assert!(length(4) < 4 * length(1), "{}, {}", length(1), length(4));
}
