//! Snapshots of what is written, and the words of mistakes. `UPDATE_EXPECT=1 cargo test -p typenet-macros` writes them anew.

use expect_test::{ExpectFile, expect, expect_file};

use super::*;

fn assert_written(which: Attribute, options: TokenStream, item: &TokenStream, wanted: &ExpectFile) {
    let file = syn::parse2(attribute(which, options, item)).expect("what is written is valid Rust");
    wanted.assert_eq(&prettyplease::unparse(&file));
}

/// All errors of a function, a line each.
fn errors(item: &TokenStream) -> String {
    let written = attribute(Attribute::Activation, TokenStream::new(), item);
    let file: syn::File = syn::parse2(written).expect("what is written is valid Rust");
    let mut found = String::new();
    for item in file.items {
        if let syn::Item::Macro(call) = item
            && call.mac.path.segments.last().is_some_and(|last| last.ident == "compile_error")
        {
            let text: syn::LitStr = call.mac.parse_body().expect("an error is a text");
            found += &(text.value() + "\n");
        }
    }
    found
}

#[test]
fn shopping() {
    assert_written(
        Attribute::Differentiable,
        TokenStream::new(),
        &quote! {
            pub fn shopping<T: Scalar>(apple: T, apples: T, orange: T, oranges: T, tax: T) -> T {
                let fruit = apple * apples + orange * oranges;
                fruit * tax
            }
        },
        &expect_file!["../../expansions/shopping.rs"],
    );
}

#[test]
fn sigmoid_is_an_activation() {
    assert_written(
        Attribute::Activation,
        quote!(crate = nets),
        &quote! {
            /// Squeezes numbers between 0 and 1.
            pub fn squeeze<T: Scalar>(x: T) -> T {
                T::one() / (T::one() + (-x).exp())
            }
        },
        &expect_file!["../../expansions/sigmoid_as_an_activation.rs"],
    );
}

#[test]
fn functions_that_are_called_are_looked_for() {
    assert_written(
        Attribute::Differentiable,
        TokenStream::new(),
        &quote! {
            fn cube(x: f64) -> f64 {
                shapes::square::<f64>(x) * same(x)
            }
        },
        &expect_file!["../../expansions/calls.rs"],
    );
}

/// What the macros cannot see, the library says in the same words.
#[test]
fn the_library_knows_what_is_supported() {
    let library = include_str!("../../../core/src/differentiated.rs");
    assert!(library.contains(&format!("not supported in a differentiable function: {}\"", lower::supported())));
}

#[test]
fn mistakes_leave_a_stand_in() {
    assert_written(
        Attribute::Activation,
        TokenStream::new(),
        &quote! {
            fn wrong<T: Scalar>(x: T, slope: T) -> T {
                if x > T::zero() { x } else { slope * x }
            }
        },
        &expect_file!["../../expansions/activation_after_a_mistake.rs"],
    );
}

#[test]
fn all_mistakes_are_found() {
    let signature = errors(&quote! {
        async fn wrong<T: Scalar>(x: T, mut y: T, (a, b): T, z: f64) {
            x
        }
    });
    let body = errors(&quote! {
        fn wrong<T: Scalar>(x: T, y: T) -> T {
            let a = 2.0 * x % y;
            let (b, c) = (x, y);
            for i in 0..3 {}
            #[cold]
            let d: f64 = foo(x) + T::exp(x) + Some(x);
            let e = x.floor() + x.powi(y) + x.powf(2) + x.max() + PI + unknown;
            x + 1.0;
            println!("{x}");
            if x > y { return x; }
            T::of(y) + wrong(x, y) + x.0 + x[1] + &x + (x as T) + (|x| x)(x);
        }
    });
    let others = [
        "fn wrong(x: f32, y: f64) -> i32 { x }",
        "fn wrong<T: Float>(x: T) -> T { x }",
        "fn wrong<'a, const N: usize>(x: f64) -> f64 { x }",
        "fn wrong(x: u8) -> u8 { x }",
        "fn wrong<T: Scalar>() -> T { T::one() }",
        "fn wrong(x: f64) -> f64 { x * 2 + 1.0 }",
        "fn wrong<T: Scalar>(x: T) -> T { x * \"2\" }",
        "fn wrong<T: Scalar>(x: T) -> T { (x * T::of(2) + x * T::of(3.0f32) + x * T::of(-4f32)).powi(-(5i64)) }",
        "fn wrong<T: Scalar>(x: T) -> T { wrong::<T>(x.powi(2.0)) * self::wrong(x.powi(3i32)) }",
        "fn wrong<T: Scalar>(x: T) -> T { let y = #[rustfmt::skip] (x * x); let _ = y; const { 2.0 } * x }",
        "fn wrong(x: (f64), x: f64, y: f64, y: ((f64))) -> f64 { x }",
        "fn self_<T: Scalar>(x: T) -> T { x }",
        "fn __<T: Scalar>(x: T) -> T { x }",
        "fn _1<T: Scalar>(x: T) -> T { x }",
        "struct Wrong;",
    ];
    let others: String = others.iter().map(|item| errors(&item.parse().expect("it can be tokens"))).collect();
    expect![[r#"
        a parameter of a differentiable function is a name, as in `x: T`, not a pattern
        `wrong` returns no number: its type stands after `->`
        all numbers of a differentiable function are of one type, `f32`, `f64` or a `T: Scalar`: here `T`, not `f64`

        `%` is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`
        a `let` of a differentiable function names one value: it has no pattern
        `for` is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`
        `# [cold]` is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`
        write the method after its number: `x.exp()`
        `floor` is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`
        the exponent of `powi` is an `i32`, a literal or a const, not `y`; `powf` takes a value
        `2` is not a `T`: write `T::of(2.0)`
        `max` has 0 arguments; it takes 1
        `PI` is not a `T`: write `T::of(PI)` for a const, or a call such as `T::pi()`
        there is no `unknown` here: neither a parameter, nor a `let` before this, nor a const
        `1.0` is not a `T`: write `T::of(1.0)`
        `println` is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`
        `if` is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`
        `T::of` takes a literal or a const, not `y`
        `wrong` calls itself: its derivative would have no end
        `x.0` is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`
        `x [1]` is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`
        `&` is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`
        `as` is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`
        `| x | x` is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`

        all numbers of a differentiable function are of one type, `f32`, `f64` or a `T: Scalar`: here `f32`, not `f64`
        all numbers of a differentiable function are of one type, `f32`, `f64` or a `T: Scalar`: here `f32`, not `i32`
        `T` has to be a scalar: write `T: Scalar`
        a differentiable function is generic over its scalar alone: `fn f<T: Scalar>(x: T) -> T`
        all numbers of a differentiable function are of one type, `f32`, `f64` or a `T: Scalar`: here `f64`, not `u8`
        all numbers of a differentiable function are of one type, `f32`, `f64` or a `T: Scalar`: here `f64`, not `u8`
        `wrong` takes no number: there is nothing to differentiate by
        a network is generic over its scalar, so an activation takes a `T: Scalar`, not `f64`
        `2` is not an `f64`: write `2.0`
        `"2"` is not a number
        `2` is not an `f64`: write `2.0`
        `3.0f32` is not an `f64`: write `3.0`
        `4f32` is not an `f64`: write `4.0`
        the exponent of `powi` is an `i32`, a literal or a const, not `5i64`; `powf` takes a value
        the exponent of `powi` is an `i32`, a literal or a const, not `2.0`; `powf` takes a value
        `const` is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`
        `*` is not supported in a differentiable function: it is made of `+ - * /`, numbers, `let`, calls of other such functions and the methods `exp ln sqrt recip powf sin cos tan tanh sinh cosh abs max min exp_m1 ln_1p mul_add powi`
        a network is generic over its scalar, so an activation takes a `T: Scalar`, not `f64`
        no type can be named after `self_`, as those beside it are; give it another name
        expected `fn`
    "#]].assert_eq(&format!("{signature}\n{body}\n{others}"));
}
