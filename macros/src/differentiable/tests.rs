//! Snapshots of expansions and error messages. Update them with `UPDATE_EXPECT=1 cargo test -p typenet-macros`.

use expect_test::{ExpectFile, expect, expect_file};

use super::*;
use crate::tests::formatted;

fn expansion(kind: Attribute, options: TokenStream, item: &str) -> syn::File {
    let tokens = attribute(kind, options, &item.parse().expect("the item is a list of tokens"));
    syn::parse2(tokens).expect("the expansion is valid Rust")
}

fn assert_expansion(kind: Attribute, options: TokenStream, item: &str, expected: &ExpectFile) {
    expected.assert_eq(&formatted(expansion(kind, options, item)));
}

/// All errors of a function, one per line, without the list of supported syntax.
fn errors(item: &str) -> String {
    let mut found = String::new();
    for item in expansion(Attribute::Activation, TokenStream::new(), item).items {
        if let syn::Item::Macro(call) = item
            && call.mac.path.segments.last().is_some_and(|last| last.ident == "compile_error")
        {
            let text: syn::LitStr = call.mac.parse_body().expect("an error is a text");
            found += &(text.value().replace(&lower::supported(), "...") + "\n");
        }
    }
    found
}

#[test]
fn shopping() {
    assert_expansion(
        Attribute::Differentiable,
        TokenStream::new(),
        "pub fn shopping<T: Scalar>(apple: T, apples: T, orange: T, oranges: T, tax: T) -> T {
            let fruit = apple * apples + orange * oranges;
            fruit * tax
        }",
        &expect_file!["../../expansions/shopping.rs"],
    );
}

#[test]
fn sigmoid_is_an_activation() {
    assert_expansion(
        Attribute::Activation,
        quote!(crate = nets),
        "/// Squeezes numbers between 0 and 1.
        pub fn squeeze<T: Scalar>(x: T) -> T {
            T::one() / (T::one() + (-x).exp())
        }",
        &expect_file!["../../expansions/sigmoid_as_an_activation.rs"],
    );
}

#[test]
fn call_types_of_callees_are_found() {
    assert_expansion(
        Attribute::Differentiable,
        TokenStream::new(),
        "fn cube(x: f64) -> f64 { shapes::square::<f64>(x) * same(x) }",
        &expect_file!["../../expansions/calls.rs"],
    );
}

#[test]
fn fallback_after_a_mistake() {
    assert_expansion(
        Attribute::Activation,
        TokenStream::new(),
        "fn wrong<T: Scalar>(x: T, slope: T) -> T { if x > T::zero() { x } else { slope * x } }",
        &expect_file!["../../expansions/activation_after_a_mistake.rs"],
    );
}

/// The library reports mistakes that the macros cannot see, with the same list of supported syntax.
#[test]
fn the_library_lists_the_same_supported_syntax() {
    let library = include_str!("../../../core/src/macro_support/differentiated.rs");
    assert!(library.contains(&format!("not supported in a differentiable function: {}\"", lower::supported())));
}

#[test]
fn all_mistakes_are_found() {
    let functions = [
        "fn wrong<T: Scalar>(x: T, (a, b): T, z: f64) { x }",
        "fn wrong<T: Scalar>(x: T, y: T) -> T {
            let a = 2.0 * x % y;
            let (b, c) = (x, y);
            for i in 0..3 {}
            #[cold]
            let d = foo(x) + T::exp(x);
            let e = x.floor() + x.powi(y) + x.powf(2) + x.max() + PI + unknown;
            x + 1.0;
            println!(\"{x}\");
            if x > y { return x; }
            T::of(y) + wrong(x, y) + x.0 + x[1] + &x + (x as T) + (|x| x)(x);
        }",
        "fn wrong(x: f32, y: f64) -> i32 { x }",
        "fn wrong<T: Float>(x: T) -> T { x }",
        "fn wrong<'a, const N: usize>(x: f64) -> f64 { x }",
        "fn wrong<T: Scalar>() -> T { T::one() }",
        "fn wrong(x: f64) -> f64 { x * 2 + 1.0 }",
        "fn wrong<T: Scalar>(x: T) -> T { x * \"2\" }",
        "fn wrong<T: Scalar>(x: T) -> T { (x * T::of(2) + x * T::of(3.0f32) + x * T::of(-4f32)).powi(-(5i64)) }",
        "struct Wrong;",
    ];
    expect![[r#"
        a parameter of a differentiable function must be a name, as in `x: T`, not a pattern
        `wrong` returns nothing: write the type of its result after `->`
        expected `T`, found `f64`: the parameters and the result of a differentiable function have one type, `f32`, `f64` or a `T: Scalar`

        `%` is not supported in a differentiable function: ...
        a `let` in a differentiable function must bind a name, not a pattern
        `for` is not supported in a differentiable function: ...
        `# [cold]` is not supported in a differentiable function: ...
        use method syntax: `x.exp()`
        `floor` is not supported in a differentiable function: ...
        the exponent of `powi` must be an `i32` literal or const, not `y`: use `powf` for other exponents
        `2` is not a `T`: write `T::of(2.0)`
        `max` takes 1 argument, but has 0
        `PI` is not a `T`: write `T::of(PI)` for a const, or a call such as `T::pi()`
        cannot find `unknown`: it is neither a parameter, nor an earlier `let`, nor a const
        `1.0` is not a `T`: write `T::of(1.0)`
        `println` is not supported in a differentiable function: ...
        `if` is not supported in a differentiable function: ...
        `T::of` takes a literal or a const, not `y`
        `wrong` is recursive, which is not supported in a differentiable function
        `x.0` is not supported in a differentiable function: ...
        `x [1]` is not supported in a differentiable function: ...
        `&` is not supported in a differentiable function: ...
        `as` is not supported in a differentiable function: ...
        `| x | x` is not supported in a differentiable function: ...

        expected `f32`, found `f64`: the parameters and the result of a differentiable function have one type, `f32`, `f64` or a `T: Scalar`
        expected `f32`, found `i32`: the parameters and the result of a differentiable function have one type, `f32`, `f64` or a `T: Scalar`

        `T` must be a scalar: write `T: Scalar`

        a differentiable function can be generic only over its scalar, as in `fn f<T: Scalar>(x: T) -> T`

        `wrong` has no parameters: a differentiable function needs at least one

        an activation cannot use `f64`: make it generic over its scalar, as in `fn f<T: Scalar>(x: T) -> T`
        `2` is not an `f64`: write `2.0`

        `"2"` is not a number

        `2` is not an `f64`: write `2.0`
        `3.0f32` is not an `f64`: write `3.0`
        `4f32` is not an `f64`: write `4.0`
        the exponent of `powi` must be an `i32` literal or const, not `5i64`: use `powf` for other exponents

        expected `fn`
    "#]]
    .assert_eq(&functions.map(errors).join("\n"));
}
