//! A convolutional network chained by hand: its gradients, its files, and a training step without allocation.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use typenet_core::layers::{Affine, Conv2d, Flatten, MaxPool2d, Relu};
use typenet_core::losses::SoftmaxWithLoss;
use typenet_core::nalgebra::{Const, Dim, DimName, Dyn, Matrix, RawStorage};
use typenet_core::rand::{SeedableRng, rngs::StdRng};
use typenet_core::{
    Batch, Cache, Declared, Embed, Frozen, GradientCheck, He, Image, Infer, Labels, Layer, LayerInfo, LayerTape, Mode,
    Network, Parameters, Part, PartMut, Samples, Scalar, Shape, Square,
};

/// Counts allocations of each thread.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

#[allow(unsafe_code)] // implementing an allocator is unsafe; this one delegates to the system's
// SAFETY: every call is forwarded unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: forwarded unchanged.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: forwarded unchanged.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Two layers in a row.
#[derive(Clone, Debug, Default)]
struct Then<A, B>(A, B);

impl<T: Scalar, A: Parameters<T>, B: Parameters<T>> Parameters<T> for Then<A, B> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        match index {
            0 => Some(Part::inside("first", &self.0)),
            1 => Some(Part::inside("then", &self.1)),
            _ => None,
        }
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        match index {
            0 => Some(PartMut::Inside(&mut self.0)),
            1 => Some(PartMut::Inside(&mut self.1)),
            _ => None,
        }
    }
}

impl<T: Scalar, In: Shape, A: Infer<T, In>, B: Infer<T, A::Out>> Infer<T, In> for Then<A, B> {
    type Out = B::Out;

    const SCRATCH: usize = A::Out::DIM + if A::SCRATCH > B::SCRATCH { A::SCRATCH } else { B::SCRATCH };

    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]) {
        let (inside, scratch) = scratch.split_at_mut(A::Out::DIM);
        self.0.infer_into(x, inside, scratch);
        self.1.infer_into(inside, y, scratch);
    }
}

struct Tapes<T: Scalar, N: Dim, In: Shape, A: Layer<T, In>, B: Layer<T, A::Out>>(LayerTape<T, N, In, A>, B::Cache<N>);

impl<T: Scalar, N: Dim, In: Shape, A: Layer<T, In>, B: Layer<T, A::Out>> Cache<N> for Tapes<T, N, In, A, B> {
    fn new(samples: N) -> Self {
        Self(LayerTape::new(samples), Cache::new(samples))
    }
}

impl<T: Scalar, In: Shape, A: Layer<T, In>, B: Layer<T, A::Out>> Layer<T, In> for Then<A, B> {
    type Cache<N: Dim> = Tapes<T, N, In, A, B>;

    fn forward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        y: &mut Batch<T, N, Self::Out>,
        cache: &mut Self::Cache<N>,
        mode: Mode,
    ) {
        cache.0.forward(&self.0, x, mode.inside(0));
        self.1.forward(&cache.0.y, y, &mut cache.1, mode.inside(1));
    }

    fn backward<N: Dim, S: RawStorage<T, N, In>>(
        &self,
        x: &Matrix<T, N, In, S>,
        y: &Batch<T, N, Self::Out>,
        dy: &Batch<T, N, Self::Out>,
        dx: Option<&mut Batch<T, N, In>>,
        cache: &mut Self::Cache<N>,
    ) {
        self.1.backward(&cache.0.y, y, dy, Some(&mut cache.0.dy), &mut cache.1);
        cache.0.backward(&self.0, x, dx);
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, In>>(
        x: &Matrix<T, N, In, S>,
        dy: &Batch<T, N, Self::Out>,
        cache: &Self::Cache<N>,
        scale: T,
        target: &mut Self,
    ) {
        cache.0.add_gradient(x, scale, &mut target.0);
        B::add_gradient(&cache.0.y, dy, &cache.1, scale, &mut target.1);
    }
}

type Input = Image<Const<1>, Const<10>, Const<10>>;
type Rest<T> = Then<Relu, Then<MaxPool2d<2>, Then<Conv2d<4, 5, 3, T, Square<3, 1, 1>>, Last<T>>>>;
type Last<T> = Then<MaxPool2d<3, Square<3, 1>>, Then<Flatten<20>, Affine<20, 3, T>>>;
// 10 x 10 -> 8 x 8 -> 4 x 4 -> 4 x 4 -> 2 x 2.
type Chain<T> = Then<Conv2d<1, 4, 3, T>, Rest<T>>;

#[derive(Clone, Debug, Default)]
struct Net<T: Scalar> {
    chain: Chain<T>,
    loss: SoftmaxWithLoss,
    frozen: Frozen<T>,
}

impl<T: Scalar> Parameters<T> for Net<T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::inside("chain", &self.chain))
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then_some(PartMut::Inside(&mut self.chain))
    }
}

impl<T: Scalar> Infer<T, Input> for Net<T> {
    type Out = Const<3>;

    const SCRATCH: usize = <Chain<T> as Infer<T, Input>>::SCRATCH;

    fn infer_into(&self, x: &[T], y: &mut [T], scratch: &mut [T]) {
        Infer::<T, Input>::infer_into(&self.chain, x, y, scratch);
    }
}

impl<T: Scalar> Layer<T, Input> for Net<T> {
    type Cache<N: Dim> = <Chain<T> as Layer<T, Input>>::Cache<N>;

    fn forward<N: Dim, S: RawStorage<T, N, Input>>(
        &self,
        x: &Matrix<T, N, Input, S>,
        y: &mut Batch<T, N, Const<3>>,
        cache: &mut Self::Cache<N>,
        mode: Mode,
    ) {
        self.chain.forward(x, y, cache, mode);
    }

    fn backward<N: Dim, S: RawStorage<T, N, Input>>(
        &self,
        x: &Matrix<T, N, Input, S>,
        y: &Batch<T, N, Const<3>>,
        dy: &Batch<T, N, Const<3>>,
        dx: Option<&mut Batch<T, N, Input>>,
        cache: &mut Self::Cache<N>,
    ) {
        self.chain.backward(x, y, dy, dx, cache);
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, Input>>(
        x: &Matrix<T, N, Input, S>,
        dy: &Batch<T, N, Const<3>>,
        cache: &Self::Cache<N>,
        scale: T,
        target: &mut Self,
    ) {
        Chain::add_gradient(x, dy, cache, scale, &mut target.chain);
    }
}

impl<T: Scalar> Embed<T> for Net<T> {
    const PARTS: &'static [Declared] = &[];
}

impl<T: Scalar> Network for Net<T> {
    type Scalar = T;
    type Input = Input;
    type Output = Const<3>;
    type Loss = SoftmaxWithLoss;
    type F64 = Net<f64>;

    const NAME: &'static str = "Net";
    const LAYERS: &'static [&'static str] = &["chain"];
    const LOSS: &'static str = "SoftmaxWithLoss";
    const PARAMETERS: usize = 0; // the tests do not use it

    fn layers(&self) -> impl Iterator<Item = LayerInfo<'_, T>> {
        std::iter::empty()
    }

    fn loss_fn(&self) -> &SoftmaxWithLoss {
        &self.loss
    }

    fn frozen(&self) -> &Frozen<T> {
        &self.frozen
    }

    fn frozen_mut(&mut self) -> &mut Frozen<T> {
        &mut self.frozen
    }
}

fn random<T: Scalar>() -> Net<T> {
    Net::random(He, &mut StdRng::seed_from_u64(3))
}

/// Row-major images, as data sets give them, and their classes.
fn images<T: Scalar>(samples: usize) -> (Samples<T, Dyn, Input>, Labels<Dyn, Const<3>>) {
    let value = |sample: usize, pixel: usize| T::of(((sample * 37 + pixel * pixel * 11) as f64).sin());
    let classes: Vec<usize> = (0..samples).map(|sample| sample % 3).collect();
    (Samples::from_fn(Dyn(samples), Input::name(), value), Labels::new(Dyn(samples), &classes).unwrap())
}

#[test]
fn gradients_agree_with_differences() {
    let (x, labels) = images::<f64>(3);
    GradientCheck::new().run(&random::<f64>(), &x, &labels).unwrap();
}

#[test]
fn a_step_allocates_nothing_and_changes_every_parameter() {
    let mut net = random::<f32>();
    let (x, labels) = images::<f32>(33);
    let mut tape = Net::tape(Dyn(33));
    let before: Vec<Vec<f32>> = net.parameters().map(|parameter| parameter.values.to_vec()).collect();
    let loss = net.descend_with(&x, &labels, 0.05, &mut tape);
    net.predict_with(&x, &mut tape);
    let counted = ALLOCATIONS.get();
    for _ in 0..30 {
        net.descend_with(&x, &labels, 0.05, &mut tape);
    }
    net.predict_with(&x, &mut tape);
    assert_eq!(ALLOCATIONS.get(), counted);
    assert!(net.loss_with(&x, &labels, &mut tape) < loss);
    for (after, before) in net.parameters().zip(before) {
        assert_ne!(after.values, before, "{after}");
    }
}

#[test]
fn one_image_is_a_batch_of_one() {
    let (x, _) = images::<f64>(1);
    let wanted = random::<f64>().predict(&x);
    let (mut y, mut scratch) = ([0.0; 3], vec![f64::NAN; Net::<f64>::SCRATCH]);
    random::<f64>().infer_into(&x.row(0).iter().copied().collect::<Vec<_>>(), &mut y, &mut scratch);
    assert!(y.iter().zip(wanted.iter()).all(|(one, other)| (one - other).abs() < 1e-13), "{y:?}, not {wanted}");
}

#[test]
#[cfg(feature = "checkpoint")]
fn files_keep_weights_in_pytorchs_order() {
    use typenet_core::Files;

    let (net, file) = (random::<f32>(), std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("image-network"));
    net.save(&file).unwrap();
    let loaded = Net::<f32>::load(&file).unwrap();
    assert!(loaded.parameters().zip(net.parameters()).all(|(one, other)| one == other));
    let bytes = std::fs::read(&file).unwrap();
    let header = String::from_utf8_lossy(&bytes);
    assert!(header.contains(r#""network.chain.first.weight":{"dtype":"F32","shape":[4,1,3,3],"#), "{header}");
    let weight: Vec<u8> = net.chain.0.weight.iter().flat_map(|value| value.to_le_bytes()).collect();
    assert!(bytes.windows(weight.len()).any(|window| window == weight));
}
