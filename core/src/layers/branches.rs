//! Layers side by side, with the same input.

#[cfg(feature = "alloc")]
use alloc::{vec, vec::Vec};

use nalgebra::base::storage::RawStorage;
use nalgebra::{Dim, DimName, Matrix};

#[cfg(feature = "alloc")]
use crate::layers::activations::Activations;
#[cfg(feature = "alloc")]
use crate::layers::adding::add_slice;
use crate::layers::layer::Infer;
#[cfg(feature = "alloc")]
use crate::layers::layer::{Cache, Layer};
#[cfg(feature = "alloc")]
use crate::layers::layer_info::LayerInfo;
#[cfg(feature = "alloc")]
use crate::layers::layer_tape::LayerTape;
use crate::layers::mode::Mode;
use crate::matrix::Batch;
#[cfg(feature = "alloc")]
use crate::parameters::Path;
use crate::parameters::{Declared, Embed, EmbedAt, Inside, Parameters, Part, PartMut, Place};
use crate::scalar::Scalar;
use crate::shape::{PartOf, Shape};

/// A tuple of 2 to 8 layers with the same input, the branches of [`Sum`](super::Sum) and [`Concat`](super::Concat).
pub trait Branches<T: Scalar, In: Shape> {
    /// The number of outputs of each branch.
    const OUTPUTS: &'static [usize];
    /// The largest scratch length of the branches.
    const SCRATCH: usize;
    /// The multiply-adds of all branches for one sample.
    const MULTIPLY_ADDS: usize;

    /// Computes the output of the branch at `index` for one sample.
    fn infer_branch(&self, index: usize, x: &[T], y: &mut [T], scratch: &mut [T]);
}

/// Branches that all output the shape `Out`.
pub trait EqualBranches<T: Scalar, In: Shape>: Branches<T, In> {
    /// The shape.
    type Out: Shape;
}

/// Branches whose outputs together form the shape `Out`.
pub trait JoinedBranches<T: Scalar, In: Shape, Out: Shape>: Branches<T, In> {}

/// Branches that can be trained.
#[cfg(feature = "alloc")]
pub trait LayerBranches<T: Scalar, In: Shape>: Branches<T, In> + Parameters<T> + Clone + Send + Sync {
    /// A cache with the output of each branch, its derivative and the branch's own cache.
    type Caches<N: Dim>: Cache<N>;

    /// Computes the output of each branch.
    fn forward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        caches: &mut Self::Caches<N>,
        mode: Mode,
    );

    /// Computes `dx`, the sum over the branches, from the derivative of each output.
    fn backward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        dx: Option<&mut Batch<T, N, In>>,
        caches: &mut Self::Caches<N>,
    );

    /// Adds `scale` times the gradient to `target`.
    fn add_gradient<N: Dim, S: RawStorage<T, N, In>>(
        x: &Matrix<T, N, In, S>,
        caches: &Self::Caches<N>,
        scale: T,
        target: &mut Self,
    );

    /// Adds `weight` times the batch's statistics to the buffers of `target`.
    fn add_statistics<N: Dim>(caches: &Self::Caches<N>, weight: T, target: &mut Self);

    /// Adds the outputs of the branches to a list.
    fn list_activations<'a, N: Dim>(caches: &'a Self::Caches<N>, at: Path<'_>, list: &mut Vec<Activations<'a, T>>);

    /// The layers of each branch.
    fn layers(&self) -> Vec<Vec<LayerInfo<'_, T>>>;

    /// The output of the branch at `index`, column-major.
    fn output<N: Dim>(caches: &Self::Caches<N>, index: usize) -> &[T];

    /// The derivative with respect to that output.
    fn derivative<N: Dim>(caches: &mut Self::Caches<N>, index: usize) -> &mut [T];
}

/// The tape of one branch, and its part of the derivative by the input.
#[cfg(feature = "alloc")]
#[derive(Debug)]
pub struct BranchCache<T: Scalar, N: Dim, In: Shape, L: Layer<T, In>> {
    tape: LayerTape<T, N, In, L>,
    dx: Batch<T, N, In>,
}

#[cfg(feature = "alloc")]
impl<T: Scalar, N: Dim, In: Shape, L: Layer<T, In>> Cache<N> for BranchCache<T, N, In, L> {
    fn new(samples: N) -> Self {
        Self { tape: LayerTape::new(samples), dx: Batch::zeros(samples, In::name()) }
    }
}

#[cfg(feature = "alloc")]
impl<T: Scalar, N: Dim, In: Shape, L: Layer<T, In>> BranchCache<T, N, In, L> {
    /// Runs backward, and writes or adds to `dx` if it is needed.
    fn backward<S: RawStorage<T, N, In>>(
        &mut self,
        layer: &L,
        x: &Matrix<T, N, In, S>,
        dx: Option<&mut Batch<T, N, In>>,
        is_first: bool,
    ) {
        match dx {
            Some(dx) if !is_first => {
                self.tape.backward(layer, x, Some(&mut self.dx));
                add_slice(dx.data.values_mut(), self.dx.data.values());
            }
            dx => self.tape.backward(layer, x, dx),
        }
    }
}

/// The largest of some lengths.
const fn largest(lengths: &[usize]) -> usize {
    let (mut largest, mut at) = (0, 0);
    while at < lengths.len() {
        if lengths[at] > largest {
            largest = lengths[at];
        }
        at += 1;
    }
    largest
}

fn no_branch(index: usize) -> ! {
    panic!("there is no branch {index}")
}

macro_rules! branches {
    ($first:ident 0 $first_name:literal $(, $layer:ident $index:tt $name:literal)+) => {
        impl<T: Scalar, $first: Embed<T> $(, $layer: Embed<T>)+> Embed<T> for ($first $(, $layer)+) {
            const PARTS: &'static [Declared] = &[
                Declared::inside($first_name, Some($first::PARTS))
                $(, Declared::inside($name, Some($layer::PARTS)))+
            ];
        }

        impl<T: Scalar, P: Place, $first $(, $layer)+> EmbedAt<T, P> for ($first $(, $layer)+)
        where
            Self: Embed<T>,
            $first: EmbedAt<T, Inside<T, P, Self, 0>>,
            $($layer: EmbedAt<T, Inside<T, P, Self, $index>>,)+
        {
            const EMBEDDED: Self = ($first::EMBEDDED $(, $layer::EMBEDDED)+);
        }

        impl<T: Scalar, $first: Parameters<T> $(, $layer: Parameters<T>)+> Parameters<T> for ($first $(, $layer)+) {
            fn part(&self, index: usize) -> Option<Part<'_, T>> {
                match index {
                    0 => Some(Part::inside($first_name, &self.0)),
                    $($index => Some(Part::inside($name, &self.$index)),)+
                    _ => None,
                }
            }

            fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
                match index {
                    0 => Some(PartMut::Inside(&mut self.0)),
                    $($index => Some(PartMut::Inside(&mut self.$index)),)+
                    _ => None,
                }
            }
        }

        #[cfg(feature = "alloc")]
        impl<NN: Dim, $first: Cache<NN> $(, $layer: Cache<NN>)+> Cache<NN> for ($first $(, $layer)+) {
            fn new(samples: NN) -> Self {
                ($first::new(samples) $(, $layer::new(samples))+)
            }
        }

        impl<T: Scalar, In: Shape, $first: Infer<T, In> $(, $layer: Infer<T, In>)+> Branches<T, In>
            for ($first $(, $layer)+)
        {
            const OUTPUTS: &'static [usize] = &[$first::Out::DIM $(, $layer::Out::DIM)+];
            const SCRATCH: usize = largest(&[$first::SCRATCH $(, $layer::SCRATCH)+]);
            const MULTIPLY_ADDS: usize = $first::MULTIPLY_ADDS $(+ $layer::MULTIPLY_ADDS)+;

            #[inline]
            fn infer_branch(&self, index: usize, x: &[T], y: &mut [T], scratch: &mut [T]) {
                match index {
                    0 => self.0.infer_into(x, y, scratch),
                    $($index => self.$index.infer_into(x, y, scratch),)+
                    _ => no_branch(index),
                }
            }
        }

        impl<T: Scalar, In: Shape, $first: Infer<T, In> $(, $layer: Infer<T, In, Out = $first::Out>)+>
            EqualBranches<T, In> for ($first $(, $layer)+)
        {
            type Out = $first::Out;
        }

        impl<T: Scalar, In: Shape, Out: Shape, $first: Infer<T, In> $(, $layer: Infer<T, In>)+>
            JoinedBranches<T, In, Out> for ($first $(, $layer)+)
        where
            $first::Out: PartOf<Out>
            $(, $layer::Out: PartOf<Out>)+
        {
        }

        #[cfg(feature = "alloc")]
        impl<T: Scalar, In: Shape, $first: Layer<T, In> $(, $layer: Layer<T, In>)+> LayerBranches<T, In>
            for ($first $(, $layer)+)
        {
            type Caches<NN: Dim> = (BranchCache<T, NN, In, $first> $(, BranchCache<T, NN, In, $layer>)+);

            fn forward<NN: Dim, SS: RawStorage<T, NN, In>>(
                &self,
                x: &Matrix<T, NN, In, SS>,
                caches: &mut Self::Caches<NN>,
                mode: Mode,
            ) {
                caches.0.tape.forward(&self.0, x, mode.inside(0));
                $(caches.$index.tape.forward(&self.$index, x, mode.inside($index));)+
            }

            fn backward<NN: Dim, SS: RawStorage<T, NN, In>>(
                &self,
                x: &Matrix<T, NN, In, SS>,
                mut dx: Option<&mut Batch<T, NN, In>>,
                caches: &mut Self::Caches<NN>,
            ) {
                caches.0.backward(&self.0, x, dx.as_deref_mut(), true);
                $(caches.$index.backward(&self.$index, x, dx.as_deref_mut(), false);)+
            }

            fn add_gradient<NN: Dim, SS: RawStorage<T, NN, In>>(
                x: &Matrix<T, NN, In, SS>,
                caches: &Self::Caches<NN>,
                scale: T,
                target: &mut Self,
            ) {
                caches.0.tape.add_gradient(x, scale, &mut target.0);
                $(caches.$index.tape.add_gradient(x, scale, &mut target.$index);)+
            }

            fn add_statistics<NN: Dim>(caches: &Self::Caches<NN>, weight: T, target: &mut Self) {
                caches.0.tape.add_statistics(weight, &mut target.0);
                $(caches.$index.tape.add_statistics(weight, &mut target.$index);)+
            }

            fn list_activations<'a, NN: Dim>(
                caches: &'a Self::Caches<NN>,
                at: Path<'_>,
                list: &mut Vec<Activations<'a, T>>,
            ) {
                caches.0.tape.list_activations(at.then($first_name), list);
                $(caches.$index.tape.list_activations(at.then($name), list);)+
            }

            fn layers(&self) -> Vec<Vec<LayerInfo<'_, T>>> {
                vec![LayerInfo::branch::<In, _>(&self.0) $(, LayerInfo::branch::<In, _>(&self.$index))+]
            }

            fn output<NN: Dim>(caches: &Self::Caches<NN>, index: usize) -> &[T] {
                match index {
                    0 => caches.0.tape.y.data.values(),
                    $($index => caches.$index.tape.y.data.values(),)+
                    _ => no_branch(index),
                }
            }

            fn derivative<NN: Dim>(caches: &mut Self::Caches<NN>, index: usize) -> &mut [T] {
                match index {
                    0 => caches.0.tape.dy.data.values_mut(),
                    $($index => caches.$index.tape.dy.data.values_mut(),)+
                    _ => no_branch(index),
                }
            }
        }
    };
}

branches!(A 0 "0", B 1 "1");
branches!(A 0 "0", B 1 "1", C 2 "2");
branches!(A 0 "0", B 1 "1", C 2 "2", D 3 "3");
branches!(A 0 "0", B 1 "1", C 2 "2", D 3 "3", E 4 "4");
branches!(A 0 "0", B 1 "1", C 2 "2", D 3 "3", E 4 "4", F 5 "5");
branches!(A 0 "0", B 1 "1", C 2 "2", D 3 "3", E 4 "4", F 5 "5", G 6 "6");
branches!(A 0 "0", B 1 "1", C 2 "2", D 3 "3", E 4 "4", F 5 "5", G 6 "6", H 7 "7");
