//! What `network!` finds where a layer is given hyperparameters, and has no function `new` that takes them.

/// Nothing implements this: a layer that takes hyperparameters has a function `new`, which is found first.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes no hyperparameters: write it without parentheses",
    label = "this type has no function `new`"
)]
pub trait TakesHyperparameters {}

macro_rules! no_new {
    ($($name:ident($($argument:ident)*))*) => {
        $(
            /// What is found where a layer has no function `new`.
            pub trait $name: Sized {
                /// Stands for it, and cannot be called.
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
