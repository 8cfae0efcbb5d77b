//! Snapshots of expansions. Update them with `UPDATE_EXPECT=1 cargo test -p typenet-macros`.

use expect_test::{ExpectFile, expect, expect_file};
use quote::quote;

use super::*;

/// Compares the formatted expansion of a declaration with a snapshot.
fn assert_expansion(tokens: TokenStream, expected: &ExpectFile) {
    let file = syn::parse2(declare(tokens)).expect("the expansion is valid Rust");
    expected.assert_eq(&prettyplease::unparse(&file));
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
