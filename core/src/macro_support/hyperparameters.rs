//! Fallbacks for layers that are declared with hyperparameters but have no function `new`.

/// A bound that no type satisfies. A layer with hyperparameters has an inherent function `new`, which takes precedence.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes no hyperparameters: write it without parentheses",
    label = "this type has no function `new`"
)]
pub trait TakesHyperparameters {}

macro_rules! no_new {
    ($($name:ident($($argument:ident)*))*) => {
        $(
            /// Provides a fallback for the function `new` of a layer.
            pub trait $name: Sized {
                /// The fallback, which cannot be called.
                #[must_use]
                fn new<$($argument),*>($(_: $argument),*) -> Self
                where
                    Self: TakesHyperparameters,
                {
                    unreachable!("a layer without hyperparameters that is given some does not compile")
                }
            }

            impl<L> $name for L {}
        )*
    };
}

no_new!(New0() New1(A) New2(A B) New3(A B C) New4(A B C D));
